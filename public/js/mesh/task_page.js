// One task: how far it is, its result or what went wrong, its parts, who sent what to whom, its events.
import { ConfirmDialog } from "../components/confirm_dialog.js";
import { Icon } from "../components/icon.js";
import { credits, span } from "../components/measures.js";
import { useNow } from "../components/now.js";
import { EmptyState, ErrorState, LoadingRows } from "../components/states.js";
import { Tabs } from "../components/tabs.js";
import { exactTime } from "../dates.js";
import { html, useState } from "../lib.js";
import { goToEvents } from "./address.js";
import { Figure } from "./figure.js";
import { PartList } from "./part_list.js";
import { tally, taskHasEnded } from "./states.js";
import { Value } from "./state_tree.js";
import { StoryEvents, StoryPicture } from "./story.js";
import { text } from "./text.js";

const words = text.task;
const FEW = 3;

export function TaskPage({ mesh, open }) {
  const task = open?.task.value.value;
  if (!task && open?.task.error.value) return html`<${Failure} open=${open} />`;
  if (!task) return html`<${LoadingRows} rows=${6} />`;
  const tabs = {
    parts: { label: words.tabs.parts, content: html`<${PartList} parts=${task.parts ?? []} ended=${taskHasEnded(task.status)} />` },
    picture: { label: words.tabs.picture, content: html`<${StoryPicture} open=${open} task=${task} />` },
    events: { label: words.tabs.events, content: html`<${StoryEvents} open=${open} task=${task} mesh=${mesh} />` },
  };
  return html`<div class="mesh-task">
    <${Progress} task=${task} />
    <${TaskFigures} task=${task} />
    <${Problem} error=${task.error} />
    <${Result} result=${task.result} />
    <div><${Tabs} label=${words.tabs.label} tabs=${tabs} chosen=${open.tab.value} onChoose=${(name) => (open.tab.value = name)} /></div>
    <${About} mesh=${mesh} task=${task} />
  </div>`;
}

/** What came of it; of many parts it is folded, for each part shows its own. */
function Result({ result }) {
  const [open, setOpen] = useState(false);
  if (result === null || result === undefined) return null;
  if (!Array.isArray(result) || result.length <= FEW) return html`<section class="mesh-section"><h2>${words.result}</h2><${Value} value=${result} label=${words.result} /></section>`;
  return html`<details class="fold" open=${open} onToggle=${(event) => setOpen(event.target.open)}>
    <summary><${Icon} name="chevron" />${words.results(result.length)}</summary>${open && html`<${Value} value=${result} label=${words.result} />`}
  </details>`;
}

function Progress({ task }) {
  const { done, failed, over, all } = tally(task);
  if (all === 0) return null;
  return html`<div class="mesh-progress">
    <progress aria-label=${words.progress} max=${all} value=${done + failed + over}></progress>
    <p>${words.progressWords(done, all)}</p>
  </div>`;
}

function TaskFigures({ task }) {
  const ended = taskHasEnded(task.status);
  const now = useNow(!ended);
  const { done, going, waiting, failed } = tally(task);
  const names = words.figure;
  const took = (task.endedAt ? Date.parse(task.endedAt) : now) - Date.parse(task.createdAt);
  return html`<dl class="figures" aria-label=${words.about}>
    <${Figure} name=${names.done} value=${done} mood=${done ? "good" : ""} />
    ${!ended && html`<${Figure} name=${names.going} value=${going} /><${Figure} name=${names.waiting} value=${waiting} />`}
    <${Figure} name=${names.failed} value=${failed} mood=${failed ? "bad" : ""} />
    <${Figure} name=${ended ? names.took : names.running} value=${span(took)} />
    <${Figure} name=${names.credits} value=${task.credits === null ? text.none : credits(task.credits)} />
  </dl>`;
}

function Problem({ error }) {
  if (!error) return null;
  const message = typeof error === "string" ? error : (error.detail ?? error.message ?? error.code);
  return html`<section class="card error mesh-card" aria-label=${words.problem}><${Icon} name="warning" />
    <div><p><b>${message}</b></p>${error.nextStep && html`<p>${error.nextStep}</p>`}</div>
  </section>`;
}

function About({ mesh, task }) {
  const show = (action) => {
    action();
    goToEvents();
  };
  const { correlationId } = task;
  return html`<dl class="about" aria-label=${words.about}>
      <div><dt>${words.created}</dt><dd>${exactTime(task.createdAt)}</dd></div>
      <div><dt>${words.correlation}</dt><dd class="mesh-id">${correlationId}</dd></div>
    </dl>
    <div class="mesh-foot">
      <button type="button" class="button small" onClick=${() => show(() => mesh.replayOf({ correlationId }))}><${Icon} name="repeat" />${words.replay}</button>
      <button type="button" class="button small quiet" onClick=${() => show(() => mesh.logOf({ correlationId }))}><${Icon} name="list" />${words.log}</button>
    </div>`;
}

export function TaskActions({ app, open, task }) {
  const [asking, setAsking] = useState(false);
  if (taskHasEnded(task.status)) return null;
  return html`<button type="button" class="button small danger" disabled=${open.busy.value} onClick=${() => setAsking(true)}><${Icon} name="stop" />${words.cancel}</button>
    ${asking && html`<${ConfirmDialog}
      title=${words.cancelTitle}
      lines=${words.cancelLines}
      keep=${text.keep}
      confirm=${words.cancelConfirm}
      onConfirm=${() => app.attempt(() => open.cancel())}
      onClose=${() => setAsking(false)}
    />`}`;
}

function Failure({ open }) {
  const error = open.task.error.value;
  if (error.status === 404 || error.status === 422) return html`<${EmptyState} icon="search" title=${words.missing} hint=${words.missingHint} />`;
  return html`<${ErrorState} title=${words.failed} error=${error} onRetry=${() => open.refresh()} />`;
}
