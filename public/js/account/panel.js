// One part of the account's place, with its title and what can be done there.
import { html, useId } from "../lib.js";

export function Panel({ title, class: extra = "", actions = null, children }) {
  const id = useId();
  return html`<section class=${`panel ${extra}`} aria-labelledby=${id}>
    <header class="panel-head"><h2 id=${id}>${title}</h2>${actions}</header>
    ${children}
  </section>`;
}
