// The parts of a task: state, worker, tries, and what came of each. Narrowed by how they stand; fifty at a time.
import { Icon } from "../components/icon.js";
import { Segments } from "../components/segments.js";
import { html, useState } from "../lib.js";
import { agentAddress } from "./address.js";
import { tally } from "./states.js";
import { Value } from "./state_tree.js";
import { StatusDot } from "./status_mark.js";
import { text } from "./text.js";

const words = text.part;
const FEW = 12;
const CHUNK = 50;

const LETS = {
  all: () => true,
  done: (part) => tally({ parts: [part] }).done === 1,
  failed: (part) => tally({ parts: [part] }).failed === 1,
  going: (part) => tally({ parts: [part] }).going + tally({ parts: [part] }).waiting === 1,
};

export function PartList({ parts, ended }) {
  const [filter, setFilter] = useState("all");
  const [shown, setShown] = useState(CHUNK);
  if (parts.length === 0) return html`<p class="hint">${ended ? words.late : words.none}</p>`;
  const fitting = parts.filter(LETS[filter]);
  return html`
    ${parts.length > FEW && html`<${Segments} label=${words.filter} options=${words.filters} chosen=${filter} onChoose=${setFilter} />`}
    ${fitting.length === 0 && html`<p class="hint">${words.noneSo}</p>`}
    <ol class="mesh-rows" aria-label=${words.label}>
      ${fitting.slice(0, shown).map((part, index) => html`<${PartRow} key=${part.id} part=${part} number=${index + 1} />`)}
    </ol>
    ${fitting.length > shown && html`<button type="button" class="button quiet wide" onClick=${() => setShown(shown + CHUNK)}>${words.more(Math.min(CHUNK, fitting.length - shown))}</button>`}
  `;
}

function PartRow({ part, number }) {
  const { status, name, worker, attempts, error, result } = part;
  return html`<li class="mesh-row mesh-still">
    <${StatusDot} status=${status} />
    <div class="mesh-row-words">
      <p class="mesh-row-title mesh-wraps">${name || words.untitled(number)}</p>
      <p class="facts">
        <span class="fact">${text.status(status === "waiting" ? "pending" : status)}</span>
        ${worker && html`<span class="fact"><a href=${agentAddress(worker)}>${words.worker(worker)}</a></span>`}
        ${attempts > 0 && html`<span class="fact">${words.attempts(attempts)}</span>`}
      </p>
      ${error && html`<p class="mesh-bad">${typeof error === "string" ? error : [error.detail ?? error.message ?? error.code, error.nextStep].filter(Boolean).join(" ")}</p>`}
      ${result !== null && result !== undefined && html`<${Result} result=${result} />`}
    </div>
  </li>`;
}

function Result({ result }) {
  const [open, setOpen] = useState(false);
  if (typeof result !== "object" && String(result).length < 80) return html`<p class="mesh-short">${String(result)}</p>`;
  return html`<details class="fold" open=${open} onToggle=${(event) => setOpen(event.target.open)}>
    <summary><${Icon} name="chevron" />${words.result}</summary>${open && html`<${Value} value=${result} label=${words.result} />`}
  </details>`;
}
