// The first line of a dialog or drawer: its title and the way out.
import { html } from "../lib.js";
import { text } from "../text.js";
import { IconButton } from "./icon.js";

export function DialogHead({ title, onClose }) {
  return html`<header class="dialog-head"><h2>${title}</h2><${IconButton}
    icon="close"
    label=${text.close}
    onClick=${onClose}
  /></header>`;
}
