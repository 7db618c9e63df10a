// What the notification agent said, newest first, read and unread; each leads to the events by which it came.
import { Icon } from "../components/icon.js";
import { Loaded } from "../components/loaded.js";
import { ago } from "../components/measures.js";
import { EmptyState } from "../components/states.js";
import { exactTime } from "../dates.js";
import { html, useState } from "../lib.js";
import { minute } from "../minute.js";
import { goToEvents } from "./address.js";
import { text } from "./text.js";

const words = text.notifications;

export function NotificationList({ app, mesh }) {
  const { notifications } = mesh;
  const [only, setOnly] = useState(false);
  const unread = notifications.unread.value;
  return html`<section class="mesh-section">
    <div class="mesh-head"><h2>${words.title}${unread > 0 && html` <span class="badge warn">${unread}<span class="unseen"> ${text.unread(unread).replace(/^\S+ /, "")}</span></span>`}</h2>
      ${unread > 0 && html`<button type="button" class="button small quiet" onClick=${() => app.attempt(() => notifications.readAll())}>${words.readAll}</button>`}
    </div>
    ${notifications.value.value?.length > 0 && html`<label class="check mesh-only"><input type="checkbox" checked=${only} onChange=${(event) => setOnly(event.target.checked)} /><span>${words.only}</span></label>`}
    <${Loaded} from=${notifications} failed=${words.failed} rows=${3}>${(list) => html`<${Rows} app=${app} mesh=${mesh} list=${only ? list.filter(({ readAt }) => !readAt) : list} only=${only} />`}<//>
    ${notifications.cursor.value && html`<button type="button" class="button quiet wide" onClick=${() => app.attempt(() => notifications.more())}>${words.more}</button>`}
  </section>`;
}

function Rows({ app, mesh, list, only }) {
  minute.value; // "2 min ago" stays true
  if (list.length === 0 && only) return html`<p class="hint">${words.allRead}</p>`;
  if (list.length === 0) return html`<${EmptyState} icon="bell" title=${words.empty} hint=${words.emptyHint} />`;
  return html`<ul class="mesh-notes" aria-label=${words.label}>${list.map((each) => html`<${Note} key=${each.id} app=${app} mesh=${mesh} note=${each} />`)}</ul>`;
}

function Note({ app, mesh, note }) {
  const show = () => {
    mesh.replayOf({ correlationId: note.correlationId });
    goToEvents();
  };
  const title = note.title || note.watchName || note.url;
  return html`<li class=${`mesh-note-card ${note.readAt ? "" : "unread"}`}>
    <p class="mesh-note-title"><b>${title}</b>${!note.readAt && html` <span class="badge">${words.fresh}</span>`}</p>
    <p class="facts"><span class="fact" title=${exactTime(note.at)}>${ago(note.at)}</span>${note.url && html`<span class="fact mesh-id">${note.url}</span>`}</p>
    ${note.text && html`<p class="mesh-note-text">${note.text}</p>`}
    ${note.degraded && html`<p class="hint">${words.degraded}</p>`}
    ${note.difference && html`<${Diff} difference=${note.difference} />`}
    <div class="mesh-foot">
      ${!note.readAt && html`<button type="button" class="button small" aria-label=${`${words.read}: ${title}`} onClick=${() => app.attempt(() => mesh.notifications.read(note.id))}>${words.read}</button>`}
      ${note.correlationId && html`<button type="button" class="button small quiet" aria-label=${`${words.events}: ${title}`} onClick=${show}>${words.events}</button>`}
    </div>
  </li>`;
}

/** What is new on the page and what is gone: {added, removed, changed: [{from, to}], addedCount, removedCount, moved}. */
function Diff({ difference }) {
  const [open, setOpen] = useState(false);
  const { added = [], removed = [], changed = [], addedCount = 0, removedCount = 0, moved } = difference;
  const lines = [...changed.flatMap(({ from, to }) => [["-", from], ["+", to]]), ...removed.map((line) => ["-", line]), ...added.map((line) => ["+", line])];
  const more = addedCount - added.length + (removedCount - removed.length);
  return html`<details class="fold" open=${open} onToggle=${(event) => setOpen(event.target.open)}>
    <summary><${Icon} name="chevron" />${words.diff}</summary>
    ${open && lines.length > 0 && html`<ul class="mesh-diff" aria-label=${words.diff}>${lines.map(([sign, line], index) => html`<li key=${index} class=${sign === "+" ? "added" : "removed"}><span class="unseen">${sign === "+" ? words.added : words.gone}</span><span aria-hidden="true">${sign} </span>${line}</li>`)}</ul>`}
    ${open && moved && html`<p class="hint">${words.moved}</p>`}
    ${open && more > 0 && html`<p class="hint">${words.moreLines(more)}</p>`}
  </details>`;
}
