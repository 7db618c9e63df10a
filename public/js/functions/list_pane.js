// The history with its filters. Its data is job_list.js.
import { Icon } from "../components/icon.js";
import { EmptyState, ErrorState, LoadingRows } from "../components/states.js";
import { html, useEffect, useRef } from "../lib.js";
import { openPage } from "./address.js";
import { NO_FILTER } from "./job_list.js";
import { JobRow } from "./job_row.js";
import { JOB_STATUSES, TYPES } from "./states.js";
import { text } from "./text.js";

const WAIT_MS = 250; // between the last key and the search

export function ListPane({ app, list }) {
  return html`
    <${Filters} list=${list} />
    <div class="side-body"><${Rows} app=${app} list=${list} /></div>
  `;
}

function Filters({ list }) {
  const { status, type, dead, q } = list.filter.value;
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  if (list.jobs.value.length === 0 && !list.isNarrowed) return null;
  const search = (words) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => list.narrow({ q: words }), WAIT_MS);
  };
  return html`<div class="fn-filters">
    <label class="search">
      <${Icon} name="search" />
      <input type="search" aria-label=${text.list.search} placeholder=${text.list.searchPlaceholder} value=${q} onInput=${(event) => search(event.target.value)} />
    </label>
    <select aria-label=${text.list.status} value=${status} onChange=${(event) => list.narrow({ status: event.target.value })}>
      <option value="">${text.list.anyStatus}</option>
      ${JOB_STATUSES.map((each) => html`<option value=${each}>${text.status(each)}</option>`)}
    </select>
    <select aria-label=${text.list.type} value=${type} onChange=${(event) => list.narrow({ type: event.target.value })}>
      <option value="">${text.list.anyType}</option>
      ${TYPES.map((each) => html`<option value=${each}>${text.type[each]}</option>`)}
    </select>
    <label class="fn-tick"><input type="checkbox" checked=${dead} onChange=${(event) => list.narrow({ dead: event.target.checked })} /><span>${text.list.dead}</span></label>
  </div>`;
}

function Rows({ app, list }) {
  const { id } = openPage();
  const jobs = list.jobs.value;
  if (list.status.value === "failed") return html`<${ErrorState} title=${text.list.failed} error=${list.error.value} onRetry=${() => list.load()} />`;
  if (list.status.value === "loading" && jobs.length === 0) return html`<${LoadingRows} rows=${5} />`;
  if (jobs.length === 0) return html`<${Nothing} list=${list} />`;
  return html`
    <ul aria-label=${text.list.label} aria-busy=${list.status.value === "loading"}>
      ${jobs.map((job) => html`<${JobRow} key=${job.jobId} job=${job} current=${job.jobId === id} />`)}
    </ul>
    ${list.cursor.value && html`<button type="button" class="button quiet wide" onClick=${() => app.attempt(() => list.more())}>${text.list.more}</button>`}
  `;
}

function Nothing({ list }) {
  if (!list.isNarrowed) return html`<${EmptyState} icon="functions" title=${text.list.empty} hint=${text.list.emptyHint} />`;
  return html`<${EmptyState} icon="search" title=${text.list.none} hint=${text.list.noneHint} />
    <button type="button" class="button quiet wide" onClick=${() => list.narrow(NO_FILTER)}>${text.list.clear}</button>`;
}
