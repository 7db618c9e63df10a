// The way between the parts of the operations.
import { html } from "../lib.js";
import { ADDRESSES } from "./address.js";
import { text } from "./text.js";

export function PageLinks({ page }) {
  return html`<nav class="ops-pages" aria-label=${text.pagesLabel}>
    ${Object.entries(text.pages).map(([name, words]) => html`<a href=${ADDRESSES[name]} aria-current=${page === name ? "page" : page === "trace" && name === "traces" ? "true" : null}>${words}</a>`)}
  </nav>`;
}
