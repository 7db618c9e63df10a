// Asks before something that cannot be taken back, and says what it will do. With `reason` there is a box
// for one sentence that goes with it.
import { html, useRef } from "../lib.js";
import { DialogHead } from "./dialog_head.js";
import { Modal } from "./modal.js";

export function ConfirmDialog({ title, lines, keep, confirm, reason = null, onConfirm, onClose }) {
  const box = useRef(null);
  const submit = (event) => {
    event.preventDefault();
    const words = box.current?.value.trim();
    onClose();
    onConfirm(words);
  };
  return html`<${Modal} class="small" label=${title} onClose=${onClose}>
    <${DialogHead} title=${title} onClose=${onClose} />
    <form onSubmit=${submit}>
      ${lines.map((line) => html`<p>${line}</p>`)}
      ${reason && html`<label class="field"><span>${reason}</span><input ref=${box} maxlength="500" autofocus /></label>`}
      <div class="actions">
        <button type="button" class="button" onClick=${onClose} autofocus=${!reason}>${keep}</button>
        <button class="button danger">${confirm}</button>
      </div>
    </form>
  <//>`;
}
