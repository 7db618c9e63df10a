// The list of traces that were kept, by words, kind, failure and length.
import { Loaded } from "../components/loaded.js";
import { EmptyState } from "../components/states.js";
import { html } from "../lib.js";
import { traceAddress } from "./address.js";
import { momentWords, share, span } from "./format.js";
import { Panel } from "./panel.js";
import { text } from "./text.js";

const words = text.traces;

export function TracesPage({ operations }) {
  const kept = operations.summary.value.value?.traceSample ?? 0.1;
  return html`<${Panel} title=${words.title}>
    <${Filter} operations=${operations} />
    <${Loaded} from=${operations.traces} failed=${words.failed} rows=${6}>
      ${({ traces }) => (traces.length ? html`<ul class="ops-traces" aria-label=${words.list}>${traces.map((trace) => html`<${Line} key=${trace.traceId} trace=${trace} />`)}</ul>` : html`<${EmptyState}
        icon="operations"
        title=${words.empty}
        hint=${words.emptyHint(share(kept))}
      />`)}
    <//>
  <//>`;
}

function Filter({ operations }) {
  const { q, kind, failed, slowest } = operations.filter.value;
  return html`<form class="ops-choices" role="search" onSubmit=${(event) => event.preventDefault()}>
    <input type="search" aria-label=${words.search} placeholder=${words.search} maxlength="100" value=${q} onChange=${(event) => operations.choose({ q: event.target.value })} />
    <select aria-label=${words.kind} onChange=${(event) => operations.choose({ kind: event.target.value })}>
      ${Object.entries(words.kinds).map(([value, label]) => html`<option value=${value} selected=${value === kind}>${label}</option>`)}
    </select>
    <select aria-label=${words.order} onChange=${(event) => operations.choose({ slowest: event.target.value === "slowest" })}>
      ${Object.entries(words.orders).map(([value, label]) => html`<option value=${value} selected=${(value === "slowest") === slowest}>${label}</option>`)}
    </select>
    <label class="check"><input type="checkbox" checked=${failed} onChange=${(event) => operations.choose({ failed: event.target.checked })} /><span>${words.onlyFailed}</span></label>
  </form>`;
}

function Line({ trace }) {
  return html`<li><a href=${traceAddress(trace.traceId)}>
    <b>${trace.name}</b>
    <span class="hint">${momentWords(trace.begunAt)} · ${words.spans(trace.spans)}${trace.errors ? html` · <span class="ops-wrong">${words.errors(trace.errors)}</span>` : ""}</span>
    <span class="ops-length">${span(trace.durationMs)}</span>
  </a></li>`;
}
