// The list of runs with its filters. Its data is run_list.js.
import { html, useEffect, useRef } from "../lib.js";
import { Icon } from "../components/icon.js";
import { EmptyState, ErrorState, LoadingRows } from "../components/states.js";
import { openPage } from "./address.js";
import { RunRow } from "./run_row.js";
import { RUN_STATUSES } from "./states.js";
import { text } from "./text.js";

const WAIT_MS = 250; // between the last key and the search

export function ListPane({ app, list }) {
  return html`
    <${Filters} list=${list} />
    <div class="side-body"><${Rows} app=${app} list=${list} /></div>
  `;
}

function Filters({ list }) {
  const { status, q } = list.filter.value;
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const type = (words) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => list.narrow({ q: words }), WAIT_MS);
  };
  return html`<div class="run-filters">
    <label class="search">
      <${Icon} name="search" />
      <input
        type="search"
        aria-label=${text.list.search}
        placeholder=${text.list.searchPlaceholder}
        value=${q}
        onInput=${(event) => type(event.target.value)}
      />
    </label>
    <select aria-label=${text.list.status} value=${status} onChange=${(event) => list.narrow({ status: event.target.value })}>
      <option value="">${text.list.any}</option>
      ${RUN_STATUSES.map((each) => html`<option value=${each}>${text.status(each)}</option>`)}
    </select>
  </div>`;
}

function Rows({ app, list }) {
  const { id } = openPage();
  const runs = list.runs.value;
  if (list.status.value === "failed") return html`<${ErrorState}
    title=${text.list.failed}
    error=${list.error.value}
    onRetry=${() => list.load()}
  />`;
  if (list.status.value === "loading" && runs.length === 0) return html`<${LoadingRows} rows=${5} />`;
  if (runs.length === 0) return html`<${Nothing} list=${list} />`;
  return html`
    <ul class="run-rows" aria-label=${text.list.label} aria-busy=${list.status.value === "loading"}>
      ${runs.map((run) => html`<${RunRow} key=${run.id} run=${run} current=${run.id === id} />`)}
    </ul>
    ${list.cursor.value && html`<button
      type="button"
      class="button quiet wide"
      onClick=${() => app.attempt(() => list.more())}
    >${text.list.more}</button>`}
  `;
}

function Nothing({ list }) {
  if (!list.isNarrowed) return html`<${EmptyState} icon="runs" title=${text.list.empty} hint=${text.list.emptyHint} />`;
  return html`<${EmptyState} icon="search" title=${text.list.none} hint=${text.list.noneHint} />
    <button type="button" class="button quiet wide" onClick=${() => list.narrow({ status: "", q: "" })}>${text.list.clear}</button>`;
}
