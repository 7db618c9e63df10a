// Asks before a link that the model wrote is opened, and names the host that it leads to.
import { html } from "../lib.js";
import { talkText } from "../talk_text.js";
import { text } from "../text.js";
import { DialogHead } from "./dialog_head.js";
import { Modal } from "./modal.js";

export function LinkDialog({ href, host, image, onClose }) {
  const title = image ? talkText.links.image : talkText.links.title;
  return html`<${Modal} class="small" label=${title} onClose=${onClose}>
    <${DialogHead} title=${title} onClose=${onClose} />
    <p>${talkText.links.body}</p>
    <p class="host">${host}</p>
    <p class="address">${href}</p>
    <div class="actions">
      <button type="button" class="button" onClick=${onClose}>${text.cancel}</button>
      <a
        class="button primary"
        href=${href}
        target="_blank"
        rel="noopener noreferrer"
        onClick=${onClose}
      >${talkText.links.open}</a>
    </div>
  <//>`;
}
