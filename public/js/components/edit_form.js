// Changing a message that was sent: it and everything after it are replaced.
import { html, useEffect, useRef } from "../lib.js";
import { text } from "../text.js";

export function EditForm({ chat, message, onDone }) {
  const box = useRef(null);
  useEffect(() => {
    box.current.focus();
    box.current.setSelectionRange(box.current.value.length, box.current.value.length);
  }, []);
  const save = (event) => {
    event?.preventDefault();
    const words = box.current.value.trim();
    onDone();
    if (words) chat.edit(message.id, words);
  };
  const key = (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      onDone();
    }
    if (event.key === "Enter" && !event.shiftKey) save(event);
  };
  return html`<form class="message question edit" onSubmit=${save}>
    <textarea ref=${box} aria-label=${text.chat.editLabel} rows="3" onKeyDown=${key}>${message.text}</textarea>
    <p class="note">${text.chat.editNote}</p>
    <div class="actions">
      <button type="button" class="button" onClick=${onDone}>${text.cancel}</button>
      <button class="button primary">${text.chat.editSend}</button>
    </div>
  </form>`;
}
