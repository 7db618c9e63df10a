// Ideas for a build: one fills the form, where it can be changed before it is sent.
import { html } from "../lib.js";
import { goToNew, openPage } from "./address.js";
import { text } from "./text.js";

export function Examples({ builds, class: extra = "" }) {
  const take = (query) => {
    builds.change({ query });
    if (openPage().page === "list") goToNew();
    document.getElementById("field-query")?.focus();
  };
  return html`<ul class=${`examples ${extra}`} aria-label=${text.form.examples}>
    ${text.form.example.map((query) => html`<li><button type="button" class="example" onClick=${() => take(query)}>${query}</button></li>`)}
  </ul>`;
}
