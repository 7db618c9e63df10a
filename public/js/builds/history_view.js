// Revisions to go back to, and what happened when.
import { ConfirmDialog } from "../components/confirm_dialog.js";
import { ago, bytes, exactClock } from "../components/measures.js";
import { ErrorState, LoadingRows } from "../components/states.js";
import { exactTime } from "../dates.js";
import { html, useEffect, useState } from "../lib.js";
import { isActive } from "./states.js";
import { text } from "./text.js";

export function HistoryView({ app, open, build }) {
  return html`<div class="build-history">
    <section><h2>${text.revisions.title}</h2><${RevisionList} app=${app} open=${open} build=${build} /></section>
    <section><h2>${text.history.title}</h2><${Events} events=${open.timeline.events.value} /></section>
  </div>`;
}

function RevisionList({ app, open, build }) {
  const words = text.revisions;
  const [asked, ask] = useState(null);
  const { list, error } = open.revisions;
  useEffect(() => void open.revisions.look(), [open]);
  if (!list.value && error.value) return html`<${ErrorState} title=${words.failed} error=${error.value} onRetry=${() => open.revisions.load()} />`;
  if (!list.value) return html`<${LoadingRows} rows=${2} />`;
  if (list.value.length === 0) return html`<p class="hint">${words.none}</p>`;
  const restore = () => app.attempt(() => open.act("restore", { revision: asked }));
  return html`<ul class="revisions">
    ${list.value.map(
      ({ number, reason, createdAt, files, bytes: size }) => html`<li key=${number} class="revision">
        <div>
          <p><b>${words.number(number)}</b> ${number === build.revision && html`<span class="badge">${words.current}</span>`}</p>
          <p class="hint" title=${exactTime(createdAt)}>${[reason, words.files(files.length, bytes(size)), ago(createdAt)].filter(Boolean).join(" · ")}</p>
        </div>
        ${number !== build.revision && html`<button
          type="button"
          class="button small"
          aria-label=${words.restoreOf(number)}
          disabled=${open.busy.value !== null || isActive(build.status)}
          onClick=${() => ask(number)}
        >${words.restore}</button>`}
      </li>`,
    )}
    ${asked !== null && html`<${ConfirmDialog}
      title=${words.question(asked)}
      lines=${words.lines}
      keep=${words.keep}
      confirm=${words.confirm}
      onConfirm=${restore}
      onClose=${() => ask(null)}
    />`}
  </ul>`;
}

function Events({ events }) {
  if (events.length === 0) return html`<p class="hint">${text.history.empty}</p>`;
  return html`<ol class="build-events">
    ${events.map(
      ({ number, type, at, data }) => html`<li key=${number} class=${type.replace(/\./g, "-")}>
        <time datetime=${at} title=${exactTime(at)}>${exactClock(at)}</time>
        <span>${text.history.events[type]?.(data ?? {}) ?? text.history.other(type)}</span>
      </li>`,
    )}
  </ol>`;
}
