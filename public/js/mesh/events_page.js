// The events: the live log, or a replay of what is past.
import { EmptyState, ErrorState, LoadingRows } from "../components/states.js";
import { Segments } from "../components/segments.js";
import { Icon } from "../components/icon.js";
import { Glyph } from "../components/glyph.js";
import { html, useEffect, useState } from "../lib.js";
import { EventFilters } from "./event_filters.js";
import { EventRows } from "./event_row.js";
import { NO_FILTER } from "./event_list.js";
import { ReplayPage } from "./replay_page.js";
import { text } from "./text.js";

const words = text.log;
const CHUNK = 200; // rows at a time

export function EventsPage({ app, mesh }) {
  const view = mesh.view.value;
  return html`<div class="mesh-log">
    <div class="mesh-views"><${Segments} label=${words.view} options=${words.views} chosen=${view} onChoose=${(name) => (mesh.view.value = name)} /></div>
    ${view === "log" ? html`<${Log} app=${app} mesh=${mesh} />` : html`<${ReplayPage} mesh=${mesh} />`}
  </div>`;
}

function Log({ app, mesh }) {
  const { log } = mesh;
  useEffect(() => {
    if (!log.asked) log.load();
  }, [log]);
  return html`<${EventFilters} list=${log} mesh=${mesh} />
    <${Follow} log=${log} />
    <${Body} app=${app} mesh=${mesh} log=${log} />`;
}

function Follow({ log }) {
  const held = log.held.value;
  if (log.status.value !== "ready") return null;
  return html`<div class="mesh-follow">
    <p class="hint" role="status">${held ? words.paused(held.length) : words.following}</p>
    <button type="button" class="button small" onClick=${() => (held ? log.release() : log.hold())}>
      ${held ? html`<${Glyph} name="play" />${words.follow}` : html`<${Glyph} name="pause" />${words.pause}`}
    </button>
  </div>`;
}

function Body({ app, mesh, log }) {
  const [shown, setShown] = useState(CHUNK);
  const events = log.events.value;
  const status = log.status.value;
  if (status === "failed") return html`<${ErrorState} title=${words.failed} error=${log.error.value} onRetry=${() => log.load()} />`;
  if (status === "loading" && events.length === 0) return html`<${LoadingRows} rows=${6} />`;
  if (events.length === 0 && !log.isNarrowed) return html`<${EmptyState} icon="list" title=${words.empty} hint=${words.emptyHint} />`;
  if (events.length === 0) return html`<${EmptyState} icon="search" title=${words.none} hint=${words.noneHint} />
    <p class="no-access"><button type="button" class="button" onClick=${() => log.narrow(NO_FILTER)}><${Icon} name="close" />${words.clear}</button></p>`;
  const older = () => {
    setShown(shown + CHUNK);
    if (shown + CHUNK > events.length && log.older.peek()) app.attempt(() => log.more());
  };
  return html`<${EventRows} events=${events.slice(-shown).toReversed()} mesh=${mesh} />
    ${(log.older.value || events.length > shown) && html`<button type="button" class="button quiet wide" onClick=${older}>${words.older}</button>`}`;
}
