// One part of the operations, with its title and what can be done there.
import { html, useId } from "../lib.js";

export function Panel({ title, actions = null, children }) {
  const id = useId();
  return html`<section class="ops-panel" aria-labelledby=${id}>
    <header class="ops-panel-head"><h2 id=${id}>${title}</h2>${actions}</header>
    ${children}
  </section>`;
}
