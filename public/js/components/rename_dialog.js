// Asks for a new title of a chat.
import { html, useEffect, useRef } from "../lib.js";
import { text } from "../text.js";
import { DialogHead } from "./dialog_head.js";
import { Modal } from "./modal.js";

export function RenameDialog({ app, session, onClose }) {
  const box = useRef(null);
  useEffect(() => box.current.select(), []);
  const save = (event) => {
    event.preventDefault();
    const title = box.current.value.trim();
    if (title && title !== session.title) app.attempt(() => app.sessions.rename(session.id, title));
    onClose();
  };
  return html`<${Modal} class="small" label=${text.sessions.renameTitle} onClose=${onClose}>
    <${DialogHead} title=${text.sessions.renameTitle} onClose=${onClose} />
    <form onSubmit=${save}>
      <label class="field"><span>${text.sessions.renameLabel}</span><input
        ref=${box}
        value=${session.title}
        maxlength="120"
        autofocus
      /></label>
      <div class="actions">
        <button type="button" class="button" onClick=${onClose}>${text.cancel}</button>
        <button class="button primary">${text.sessions.renameSave}</button>
      </div>
    </form>
  <//>`;
}
