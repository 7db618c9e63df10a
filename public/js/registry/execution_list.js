// Executions with their filters: of one agent, or of all. Their data is a List.
import { Icon } from "../components/icon.js";
import { EmptyState, ErrorState, LoadingRows } from "../components/states.js";
import { html, useEffect, useRef } from "../lib.js";
import { ExecutionRow } from "./execution_row.js";
import { LOCATIONS, STATUSES } from "./states.js";
import { text } from "./text.js";

const words = text.executions;
const WAIT_MS = 250; // between the last key and the search

/** `agents` are those to choose among; null when the list is one agent's. */
export function ExecutionList({ app, list, agents = null }) {
  return html`<${Filters} list=${list} agents=${agents} /><${Rows} app=${app} list=${list} named=${agents !== null} />`;
}

function Filters({ list, agents }) {
  const { agentId, status, location, q } = list.filter.value;
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  if (list.entries.value.length === 0 && !list.isNarrowed) return null;
  const search = (typed) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => list.narrow({ q: typed }), WAIT_MS);
  };
  const places = [...new Set([...LOCATIONS.slice(1), ...list.entries.value.map(({ edgeLocation }) => edgeLocation).filter(Boolean), ...(location ? [location] : [])])];
  return html`<div class="reg-narrow" role="search" aria-label=${words.search}>
    <label class="search">
      <${Icon} name="search" />
      <input type="search" aria-label=${words.search} placeholder=${words.searchPlaceholder} value=${q} onInput=${(event) => search(event.target.value)} />
    </label>
    ${agents && html`<${Choice} label=${words.agent} any=${words.anyAgent} chosen=${agentId} values=${agents.map(({ id }) => id)} say=${(id) => agents.find((each) => each.id === id).name} onChoose=${(value) => list.narrow({ agentId: value })} />`}
    <${Choice} label=${words.status} any=${words.anyStatus} chosen=${status} values=${STATUSES} say=${text.status} onChoose=${(value) => list.narrow({ status: value })} />
    <${Choice} label=${words.location} any=${words.anyLocation} chosen=${location} values=${places} say=${text.locationCode} onChoose=${(value) => list.narrow({ location: value })} />
  </div>`;
}

function Choice({ label, any, chosen, values, say, onChoose }) {
  return html`<select aria-label=${label} value=${chosen} onChange=${(event) => onChoose(event.target.value)}>
    <option value="">${any}</option>
    ${values.map((value) => html`<option key=${value} value=${value}>${say(value)}</option>`)}
  </select>`;
}

function Rows({ app, list, named }) {
  const entries = list.entries.value;
  if (list.status.value === "failed") return html`<${ErrorState} title=${words.failed} error=${list.error.value} onRetry=${() => list.load()} />`;
  if (list.status.value === "loading" && entries.length === 0) return html`<${LoadingRows} rows=${3} />`;
  if (entries.length === 0) return html`<${Nothing} list=${list} />`;
  return html`
    <ul class="reg-executions" aria-label=${words.label} aria-busy=${list.status.value === "loading"}>
      ${entries.map((execution) => html`<${ExecutionRow} key=${execution.id} execution=${execution} named=${named} />`)}
    </ul>
    ${list.cursor.value && html`<button type="button" class="button quiet wide" onClick=${() => app.attempt(() => list.more())}>${words.more}</button>`}
  `;
}

function Nothing({ list }) {
  if (!list.isNarrowed) return html`<${EmptyState} icon="wave" title=${words.empty} hint=${words.emptyHint} />`;
  return html`<${EmptyState} icon="search" title=${words.none} hint=${words.noneHint} />
    <button type="button" class="button quiet wide" onClick=${() => list.narrow(list.none)}>${words.clear}</button>`;
}
