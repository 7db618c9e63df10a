// One human task in the inbox: what is asked, until when, and, unfolded, what it is about and the form.
import { announce } from "../announcer.js";
import { ConfirmDialog } from "../components/confirm_dialog.js";
import { Glyph } from "../components/glyph.js";
import { Icon } from "../components/icon.js";
import { Loaded } from "../components/loaded.js";
import { ago, span } from "../components/measures.js";
import { useNow } from "../components/now.js";
import { exactTime } from "../dates.js";
import { html, useEffect, useMemo, useRef, useState } from "../lib.js";
import { Loadable } from "../loadable.js";
import { jobAddress } from "./address.js";
import { Given } from "./result_view.js";
import { TaskForm } from "./task_form.js";
import { text } from "./text.js";

const words = text.inbox;
const SOON_MS = 3_600_000;

export function TaskCard({ app, functions, task, open, onOpen }) {
  const heading = useRef(null);
  const left = useLeft(task.dueAt);
  useEffect(() => {
    if (open) heading.current.focus();
  }, [open]);
  return html`<article class=${`card fn-card fn-task ${open ? "open" : ""}`} aria-label=${task.title}>
    <header class="fn-task-head">
      <div>
        <h2 ref=${heading} tabindex="-1">${task.title}</h2>
        <p class="facts">
          <span class=${`fact ${left < SOON_MS ? "late" : ""}`} title=${exactTime(task.dueAt)}><${Glyph} name="clock" />${due(task, left)}</span>
          ${task.assignee && html`<span class="fact">${words.for(task.assignee)}</span>`}
          ${task.remindedAt && left > 0 && html`<span class="fact">${words.reminded}</span>`}
        </p>
      </div>
      <button type="button" class=${`button small ${open ? "quiet" : "primary"}`} aria-expanded=${open} aria-label=${`${open ? words.fold : words.open}: ${task.title}`} onClick=${() => onOpen(!open)}>${open ? words.fold : words.open}</button>
    </header>
    ${open && html`<${Opened} app=${app} functions=${functions} task=${task} isOver=${left <= 0} />`}
  </article>`;
}

/** Milliseconds until it expires by itself. */
function useLeft(dueAt) {
  const end = Date.parse(dueAt);
  const now = useNow(end - Date.now() < 2 * SOON_MS);
  return end - now;
}

function due({ dueAt }, left) {
  if (left <= 0) return words.over;
  return left < SOON_MS ? words.left(span(left)) : words.due(ago(dueAt));
}

function Opened({ app, functions, task, isOver }) {
  const [rejecting, setRejecting] = useState(false);
  const whole = useMemo(() => new Loadable(() => app.api.get(`/fn/human-tasks/${encodeURIComponent(task.taskId)}`)), [task.taskId]);
  useEffect(() => {
    if (isOver) functions.live.refresh();
  }, [isOver]);
  const reject = (reason) => app.attempt(async () => {
    await functions.settle(task.taskId, "reject", { reason: reason || words.noReason });
    announce(words.rejected);
  });
  return html`<div class="fn-task-body">
    ${task.note && html`<p class="fn-note">${task.note}</p>`}
    ${task.description !== task.title && html`<p class="fn-asked">${task.description}</p>`}
    <${Loaded} from=${whole} failed=${words.failed} rows=${1}>${({ args }) =>
      args !== null && html`<details class="fold" open><summary><${Icon} name="chevron" />${words.about}</summary><${Given} value=${args} /></details>`}<//>
    ${isOver
      ? html`<p class="fn-note" role="status">${words.overHint}</p>`
      : html`<${TaskForm} app=${app} functions=${functions} task=${task} onDone=${() => (functions.openTask.value = null)}>
          <a class="button quiet" href=${jobAddress(task.jobId)}>${words.job}</a><span class="spring"></span>
          <button type="button" class="button danger" onClick=${() => setRejecting(true)}><${Icon} name="close" />${words.reject}</button>
        <//>`}
    ${rejecting && html`<${ConfirmDialog}
      title=${words.rejectTitle}
      lines=${[words.rejectHint]}
      reason=${words.reason}
      keep=${text.keep}
      confirm=${words.confirmReject}
      onConfirm=${reject}
      onClose=${() => setRejecting(false)}
    />`}
  </div>`;
}
