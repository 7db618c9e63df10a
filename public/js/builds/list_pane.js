// The list of builds with its filters. Its data is build_list.js.
import { Icon } from "../components/icon.js";
import { EmptyState, ErrorState, LoadingRows } from "../components/states.js";
import { html } from "../lib.js";
import { openPage } from "./address.js";
import { BuildRow } from "./build_row.js";
import { Examples } from "./examples.js";
import { BUILD_STATUSES } from "./states.js";
import { text } from "./text.js";

export function ListPane({ app, builds }) {
  const { list } = builds;
  return html`
    <${Filters} list=${list} />
    <div class="side-body"><${Rows} app=${app} builds=${builds} list=${list} /></div>
  `;
}

function Filters({ list }) {
  const { status, q } = list.filter.value;
  if (list.builds.value.length === 0) return null;
  return html`<div class="build-filters">
    <label class="search">
      <${Icon} name="search" />
      <input
        type="search"
        aria-label=${text.list.search}
        placeholder=${text.list.searchPlaceholder}
        value=${q}
        onInput=${(event) => list.narrow({ q: event.target.value })}
      />
    </label>
    <select aria-label=${text.list.status} value=${status} onChange=${(event) => list.narrow({ status: event.target.value })}>
      <option value="">${text.list.any}</option>
      ${BUILD_STATUSES.map((each) => html`<option value=${each}>${text.status(each)}</option>`)}
    </select>
  </div>`;
}

function Rows({ app, builds, list }) {
  const { id } = openPage();
  const shown = list.shown.value;
  if (list.status.value === "failed") return html`<${ErrorState}
    title=${text.list.failed}
    error=${list.error.value}
    onRetry=${() => list.load()}
  />`;
  if (list.status.value === "loading" && shown.length === 0) return html`<${LoadingRows} rows=${5} />`;
  return html`
    ${shown.length === 0 && html`<${Nothing} builds=${builds} list=${list} />`}
    <ul class="build-rows" aria-label=${text.list.label} aria-busy=${list.status.value === "loading"}>
      ${shown.map((build) => html`<${BuildRow} key=${build.id} build=${build} current=${build.id === id} />`)}
    </ul>
    ${list.cursor.value && html`<button
      type="button"
      class="button quiet wide"
      onClick=${() => app.attempt(() => list.more())}
    >${text.list.more}</button>`}
  `;
}

function Nothing({ builds, list }) {
  if (list.isNarrowed) return html`<${EmptyState} icon="search" title=${text.list.none} hint=${text.list.noneHint} />
    <button type="button" class="button quiet wide" onClick=${() => list.narrow({ status: "", q: "" })}>${text.list.clear}</button>`;
  return html`<${EmptyState} icon="builds" title=${text.list.empty} hint=${text.list.emptyHint} />
    <${Examples} builds=${builds} class="narrow-only" />`;
}
