// A JSON value as a tree that can be folded. Long lists are drawn a hundred at a time.
import { html, useState } from "../lib.js";
import { isPlain } from "./json_text.js";
import { text } from "./text.js";

const CHUNK = 100;
const OPEN_LEVELS = 2;
const SHOWN_MEMBERS = 12;

export function JsonTree({ value }) {
  return html`<div class="fn-tree" role="group" aria-label=${text.result.root} tabindex="0"><${Node} name=${null} value=${value} depth=${0} /></div>`;
}

function Node({ name, value, depth }) {
  if (isPlain(value) || Object.keys(value).length === 0) return html`<div class="fn-leaf"><${Name} name=${name} /><${Scalar} value=${value} /></div>`;
  return html`<${Branch} name=${name} value=${value} depth=${depth} />`;
}

function Branch({ name, value, depth }) {
  const [shown, setShown] = useState(CHUNK);
  const entries = Object.entries(value);
  const [open, setOpen] = useState(depth < OPEN_LEVELS && (depth === 0 || entries.length <= SHOWN_MEMBERS));
  const many = Array.isArray(value) ? text.result.items(entries.length) : text.result.members(entries.length);
  return html`<details class="fn-branch" open=${open} onToggle=${(event) => setOpen(event.target.open)}>
    <summary><${Name} name=${name} /><span class="fn-many">${Array.isArray(value) ? "[ ]" : "{ }"} ${many}</span></summary>
    ${open && html`<div class="fn-inside">
      ${entries.slice(0, shown).map(([key, each]) => html`<${Node} key=${key} name=${key} value=${each} depth=${depth + 1} />`)}
      ${entries.length > shown && html`<button type="button" class="button quiet small" onClick=${() => setShown(shown + CHUNK)}>${text.result.more(entries.length - shown)}</button>`}
    </div>`}
  </details>`;
}

const Name = ({ name }) => (name === null ? null : html`<span class="fn-name">${name}: </span>`);

function Scalar({ value }) {
  const kind = value === null ? "null" : typeof value === "object" ? "empty" : typeof value;
  return html`<span class=${`fn-scalar ${kind}`}>${kind === "string" ? value : JSON.stringify(value)}</span>`;
}
