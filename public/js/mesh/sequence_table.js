// The messages and steps as a table: the same as the drawing, in words.
import { exactClock, span } from "../components/measures.js";
import { html } from "../lib.js";
import { sentence } from "./event_row.js";
import { fateOf } from "./sequence.js";
import { text } from "./text.js";

const words = text.picture;

export function SequenceTable({ steps, current, onStep }) {
  return html`<div class="mesh-scroll" role="region" aria-label=${words.label} tabindex="0"><table class="mesh-table">
    <thead><tr>${Object.values(words.columns).map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
    <tbody>${steps.map((step) => html`<${Row} key=${step.number} step=${step} steps=${steps} isCurrent=${step.number === current} onStep=${onStep} />`)}</tbody>
  </table></div>`;
}

function Row({ step, steps, isCurrent, onStep }) {
  const { event, message, number } = step;
  return html`<tr class=${isCurrent ? "current" : ""} aria-current=${isCurrent ? "step" : null}>
    <th scope="row"><button type="button" class="button quiet small" onClick=${() => onStep(number)}>${number}</button></th>
    <td><time datetime=${event.at}>${exactClock(event.at)}</time></td>
    <td>${message ? message.from : event.agent}</td>
    <td>${message ? (message.to ?? text.none) : text.none}</td>
    <td>${message?.kind ?? sentence(event)}</td>
    <td>${message ? words.fate[fateOf(step)] : text.none}${message && took(step, steps)}</td>
  </tr>`;
}

/** After what time a message that was sent came to something, if both are shown. */
function took(step, steps) {
  const arrived = steps.find(({ number }) => number === step.arrival);
  return arrived ? ` ${words.after(span(Date.parse(arrived.event.at) - Date.parse(step.event.at)))}` : "";
}
