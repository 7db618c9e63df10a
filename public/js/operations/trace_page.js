// One trace as a waterfall: each span below the one that it is a part of, its bar where it lies in time.
import { Icon } from "../components/icon.js";
import { Loaded } from "../components/loaded.js";
import { html } from "../lib.js";
import { ADDRESSES } from "./address.js";
import { placeOf, treeOf } from "./figures.js";
import { momentWords, number, span } from "./format.js";
import { Panel } from "./panel.js";
import { text } from "./text.js";

const words = text.trace;
const DEEPEST = 6;

export function TracePage({ operations }) {
  return html`<${Loaded} from=${operations.trace} failed=${words.failed} rows=${6}>
    ${(trace) => html`<${Panel} title=${trace.name} actions=${html`<a class="button" href=${ADDRESSES.traces}>${words.back}</a>`}>
      <${Facts} trace=${trace} />
      <${Waterfall} trace=${trace} />
    <//>`}
  <//>`;
}

function Facts({ trace }) {
  const facts = [
    [words.begun, momentWords(trace.begunAt)],
    [words.duration, span(trace.durationMs)],
    [words.spans, number(trace.spans)],
    [words.errors, number(trace.errors)],
  ];
  return html`<dl class="figures">${facts.map(([name, value]) => html`<div class="figure"><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    <p class="hint">${words.id}: <code>${trace.traceId}</code></p>`;
}

function Waterfall({ trace }) {
  return html`<div class="ops-wide" role="region" aria-label=${words.waterfall} tabindex="0"><table class="ops-table ops-waterfall">
    <thead><tr>
      <th scope="col">${words.columns.name}</th>
      <th scope="col">${words.columns.begun}</th>
      <th scope="col" class="ops-amount">${words.columns.duration}</th>
    </tr></thead>
    <tbody>${treeOf(trace.parts).map(({ part, depth }) => html`<${Row} key=${part.spanId} part=${part} depth=${depth} trace=${trace} />`)}</tbody>
  </table></div>`;
}

function Row({ part, depth, trace }) {
  const { left, width } = placeOf(part, trace);
  const failed = part.status === "error";
  const facts = Object.entries(part.facts).map(([name, value]) => `${words.facts[name] ?? name}: ${value}`);
  return html`<tr class=${failed ? "ops-failed" : ""}>
    <th scope="row" style=${{ paddingInlineStart: `${Math.min(depth, DEEPEST) * 14}px` }}>
      <span class="ops-kind">${words.kinds[part.kind] ?? part.kind}</span> ${part.name}
      ${failed && html` <span class="ops-wrong"><${Icon} name="warning" />${words.failedMark}</span>`}
      ${facts.length > 0 && html`<p class="hint">${facts.join(" · ")}</p>`}
    </th>
    <td>
      <span class="ops-track" aria-hidden="true"><i style=${{ insetInlineStart: `${100 * left}%`, width: `${100 * width}%` }}></i></span>
      <span class="hint">${words.after(span(Math.max(0, part.begunMs - trace.begunMs)))}</span>
    </td>
    <td class="ops-amount">${span(part.durationMs)}</td>
  </tr>`;
}
