// Who may send what to whom, as the mesh has it now. Changing it is the HTTP interface's.
import { Icon } from "../components/icon.js";
import { Loaded } from "../components/loaded.js";
import { html, useState } from "../lib.js";
import { text } from "./text.js";

const words = text.rules;

export function Rules({ mesh }) {
  const [open, setOpen] = useState(false);
  return html`<details class="fold" open=${open} onToggle=${(event) => setOpen(event.target.open)}>
    <summary><${Icon} name="chevron" />${words.title}</summary>
    ${open && html`<${Loaded} from=${mesh.rules} failed=${words.failed} rows=${3}>${(rules) => html`<${Table} rules=${rules} />`}<//>`}
  </details>`;
}

function Table({ rules }) {
  if (rules.length === 0) return html`<p class="hint">${words.empty}</p>`;
  const cell = (value) => (!value || value === "*" ? words.any : value);
  return html`<p class="hint">${words.lead}</p><div class="mesh-scroll" tabindex="0" role="region" aria-label=${words.title}><table class="mesh-table">
    <thead><tr>${Object.values(words.columns).map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
    <tbody>${rules.map((rule, index) => html`<tr key=${index}><td>${cell(rule.from)}</td><td>${cell(rule.to)}</td><td>${cell(rule.kind)}</td><td>${words.allow[rule.allow ?? true]}</td></tr>`)}</tbody>
  </table></div>`;
}
