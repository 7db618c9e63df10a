// A JSON value as a tree that can be folded; long lists are drawn a hundred at a time. Branches in which something
// changed are open and marked.
import { html, useState } from "../lib.js";
import { text } from "./text.js";

const CHUNK = 100;
const OPEN_MEMBERS = 12;
const isPlain = (value) => typeof value !== "object" || value === null;

/** `changed` are paths ("a.b.0") of what is to be marked. */
export function StateTree({ value, label = text.tree.label, changed = [] }) {
  return html`<div class="mesh-tree" role="group" aria-label=${label} tabindex="0"><${Node} name=${null} value=${value} path="" changed=${changed} /></div>`;
}

function Node({ name, value, path, changed }) {
  const mark = path && changed.some((each) => each === path) ? "changed" : "";
  if (isPlain(value) || Object.keys(value).length === 0) return html`<div class=${`mesh-leaf ${mark}`}><${Name} name=${name} /><${Scalar} value=${value} /></div>`;
  return html`<${Branch} name=${name} value=${value} path=${path} changed=${changed} mark=${mark} />`;
}

function Branch({ name, value, path, changed, mark }) {
  const [shown, setShown] = useState(CHUNK);
  const [chosen, setOpen] = useState(null); // what the person chose, or null
  const entries = Object.entries(value);
  const below = changed.some((each) => each === path || each.startsWith(path ? `${path}.` : ""));
  const open = chosen ?? (!path || below || entries.length <= OPEN_MEMBERS && path.split(".").length < 2);
  const many = Array.isArray(value) ? text.tree.items(entries.length) : text.tree.members(entries.length);
  const toggle = (event) => {
    if (event.target.open !== open) setOpen(event.target.open);
  };
  return html`<details class=${`mesh-branch ${mark}`} open=${open} onToggle=${toggle}>
    <summary><${Name} name=${name} /><span class="mesh-many">${Array.isArray(value) ? "[ ]" : "{ }"} ${many}</span></summary>
    ${open && html`<div class="mesh-inside">
      ${entries.slice(0, shown).map(([key, each]) => html`<${Node} key=${key} name=${key} value=${each} path=${path ? `${path}.${key}` : key} changed=${changed} />`)}
      ${entries.length > shown && html`<button type="button" class="button quiet small" onClick=${() => setShown(shown + CHUNK)}>${text.tree.more(entries.length - shown)}</button>`}
    </div>`}
  </details>`;
}

const Name = ({ name }) => (name === null ? null : html`<span class="mesh-name">${name}: </span>`);

function Scalar({ value }) {
  const kind = value === null ? "null" : typeof value === "object" ? "none" : typeof value;
  return html`<span class=${`mesh-scalar ${kind}`}>${kind === "string" ? value : JSON.stringify(value)}</span>`;
}

/** A value as it is best read: a tree, or the words themselves. */
export function Value({ value, label }) {
  if (value === null || value === undefined) return html`<p class="hint">${text.none}</p>`;
  if (typeof value.text === "string" && "model" in value) return html`<${Answer} ...${value} label=${label} />`;
  if (isPlain(value)) return html`<p class="mesh-words" tabindex="0" role="group" aria-label=${label}>${String(value)}</p>`;
  return html`<${StateTree} value=${value} label=${label} />`;
}

/** What a model answered. */
function Answer({ text: words, model, degraded, label }) {
  return html`<p class="mesh-words" tabindex="0" role="group" aria-label=${label}>${words}</p>
    <p class="hint">${degraded ? text.tree.degraded : model}</p>`;
}
