// The pages that are watched: how each is, its looks, and what may be done with it.
import { ConfirmDialog } from "../components/confirm_dialog.js";
import { Loaded } from "../components/loaded.js";
import { ago, span } from "../components/measures.js";
import { useNow } from "../components/now.js";
import { EmptyState } from "../components/states.js";
import { exactTime } from "../dates.js";
import { html, useState } from "../lib.js";
import { goToEvents } from "./address.js";
import { StatusDot } from "./status_mark.js";
import { text } from "./text.js";
import { draftOf, toChange } from "./watch_draft.js";
import { WatchForm } from "./watch_form.js";

const words = text.watches;

export function WatchList({ app, mesh }) {
  const { watches } = mesh;
  return html`<section class="mesh-section"><h2>${words.label}</h2>
    <${Loaded} from=${watches.list} failed=${words.failed} rows=${3}>${(list) => html`<${Rows} app=${app} watches=${watches} mesh=${mesh} list=${list} />`}<//>
  </section>`;
}

function Rows({ app, watches, mesh, list }) {
  const now = useNow(list.length > 0);
  if (list.length === 0) return html`<${EmptyState} icon="bell" title=${words.empty} hint=${words.emptyHint} />`;
  return html`<ul class="mesh-rows" aria-label=${words.label}>
    ${list.map((watch) => html`<${WatchRow} key=${watch.id} app=${app} watches=${watches} mesh=${mesh} watch=${watch} now=${now} />`)}
  </ul>`;
}

function WatchRow({ app, watches, mesh, watch, now }) {
  const [doing, setDoing] = useState(null); // "edit" or "remove"
  const name = watch.name || watch.url;
  return html`<li class="mesh-row mesh-still mesh-watch">
    <${StatusDot} status=${watch.status} />
    <div class="mesh-row-words">
      <p class="mesh-row-title mesh-wraps">${name}</p>
      ${name !== watch.url && html`<p class="hint mesh-id">${watch.url}</p>`}
      <${Facts} watch=${watch} now=${now} />
      ${watch.question && html`<p class="hint mesh-wraps">${watch.question}</p>`}
      ${watch.error && html`<p class="mesh-bad">${watch.error.detail ?? watch.error}</p>`}
      <${Actions} app=${app} watches=${watches} mesh=${mesh} watch=${watch} name=${name} doing=${doing} onDo=${setDoing} />
      ${doing === "edit" && html`<${Edit} app=${app} watches=${watches} watch=${watch} onDone=${() => setDoing(null)} />`}
    </div>
    ${doing === "remove" && html`<${ConfirmDialog}
      title=${words.removeTitle}
      lines=${[watch.url, ...words.removeLines]}
      keep=${text.keep}
      confirm=${words.removeConfirm}
      onConfirm=${() => app.attempt(() => watches.remove(watch))}
      onClose=${() => setDoing(null)}
    />`}
  </li>`;
}

function Facts({ watch, now }) {
  const when = (iso) => (iso ? html`<span title=${exactTime(iso)}>${ago(iso, now)}</span>` : words.never);
  const next = watch.status === "paused" ? words.paused : !(Date.parse(watch.nextLookAt) > now) ? words.now : when(watch.nextLookAt);
  return html`<dl class="mesh-facts">
    <div><dt>${words.lastLook}</dt><dd>${when(watch.lastLookAt)}</dd></div>
    <div><dt>${words.lastChange}</dt><dd>${when(watch.lastChangeAt)}</dd></div>
    <div><dt>${words.nextLook}</dt><dd>${next}</dd></div>
  </dl>
  <p class="facts">
    <span class="fact">${text.status(watch.status)}</span><span class="fact">${words.everyWords(span(watch.everySeconds * 1000))}</span>
    ${watch.looks !== undefined && html`<span class="fact">${words.looks(watch.looks)}</span>`}
    ${watch.changes !== undefined && html`<span class="fact">${words.changes(watch.changes)}</span>`}
  </p>`;
}

function Actions({ app, watches, mesh, watch, name, doing, onDo }) {
  const show = () => {
    mesh.logOf({ correlationId: watch.id });
    goToEvents();
  };
  const paused = watch.status === "paused";
  const attempt = (action) => () => app.attempt(action);
  const button = (label, act, more = {}) => html`<button type="button" class="button small" aria-label=${words.named(label, name)} onClick=${act} ...${more}>${label}</button>`;
  return html`<div class="mesh-foot">
    ${button(words.look, attempt(() => watches.look(watch)))}
    ${paused
      ? button(words.resume, attempt(() => watches.alter(watch, { paused: false }, words.resumedSaid)))
      : button(words.pause, attempt(() => watches.alter(watch, { paused: true }, words.pausedSaid)))}
    ${button(words.edit, () => onDo(doing === "edit" ? null : "edit"), { "aria-expanded": doing === "edit" })}
    ${button(words.events, show)}
    ${button(words.remove, () => onDo("remove"), { class: "button small danger" })}
  </div>`;
}

function Edit({ app, watches, watch, onDone }) {
  const [draft, setDraft] = useState(draftOf(watch));
  const send = async () => {
    await watches.alter(watch, toChange(draft), words.saved);
    onDone();
  };
  return html`<${WatchForm} app=${app} watches=${watches} name=${`edit-${watch.id}`} draft=${draft} onChange=${(values) => setDraft((known) => ({ ...known, ...values }))} onSend=${send} words=${{ go: words.save, going: words.adding }}>
    <button type="button" class="button" onClick=${onDone}>${text.close}</button>
  <//>`;
}
