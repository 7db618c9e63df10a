// The list of keyboard shortcuts, made from the table that acts on them.
import { html } from "../lib.js";
import { LOCAL_SHORTCUTS, SHORTCUTS } from "../shortcuts.js";
import { text } from "../text.js";
import { DialogHead } from "./dialog_head.js";
import { Modal } from "./modal.js";

export function ShortcutsDialog({ onClose }) {
  return html`<${Modal} class="small" label=${text.shortcuts.title} onClose=${onClose}>
    <${DialogHead} title=${text.shortcuts.title} onClose=${onClose} />
    <dl class="shortcuts">
      ${[...SHORTCUTS, ...LOCAL_SHORTCUTS].map(
        ({ keys, label }) => html`<div><dt>${label}</dt><dd>${keys.map((key) => html`<kbd>${key}</kbd>`)}</dd></div>`,
      )}
    </dl>
  <//>`;
}
