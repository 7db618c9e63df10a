// The inbox: what waits for an answer of a person, and what was answered or has expired.
import { Icon } from "../components/icon.js";
import { Loaded } from "../components/loaded.js";
import { ago } from "../components/measures.js";
import { EmptyState, ErrorState, LoadingRows } from "../components/states.js";
import { html, useState } from "../lib.js";
import { jobAddress, tryAddress } from "./address.js";
import { StatusDot } from "./status_mark.js";
import { TaskCard } from "./task_card.js";
import { text } from "./text.js";

const words = text.inbox;
const SHOWN_ENDED = 30;

export function InboxPage({ app, functions }) {
  return html`<div class="fn-inbox"><${Waiting} app=${app} functions=${functions} /><${Ended} functions=${functions} /></div>`;
}

function Waiting({ app, functions }) {
  const { tasks, error } = functions.live;
  const list = tasks.value;
  if (!list && error.value) return html`<${ErrorState} title=${words.failed} error=${error.value} onRetry=${() => functions.live.refresh()} />`;
  if (!list) return html`<${LoadingRows} rows=${3} />`;
  if (list.length === 0) return html`<${EmptyState} icon="check" title=${words.empty} hint=${words.emptyHint} />
    <p class="no-access"><a class="button" href=${tryAddress}>${words.try}</a></p>`;
  const open = functions.openTask.value;
  return html`<ul aria-label=${words.label}>
    ${list.map(
      (task) => html`<li key=${task.taskId}><${TaskCard}
        app=${app}
        functions=${functions}
        task=${task}
        open=${task.taskId === open}
        onOpen=${(on) => (functions.openTask.value = on ? task.taskId : null)}
      /></li>`,
    )}
  </ul>`;
}

function Ended({ functions }) {
  const [open, setOpen] = useState(false);
  return html`<details class="fold" open=${open} onToggle=${(event) => setOpen(event.target.open)}>
    <summary><${Icon} name="chevron" />${words.ended}</summary>
    ${open && html`<${Loaded} from=${functions.ended} failed=${words.endedFailed} rows=${2}>${(list) => html`<${EndedList} list=${list} />`}<//>`}
  </details>`;
}

function EndedList({ list }) {
  if (list.length === 0) return html`<p class="hint">${words.endedEmpty}</p>`;
  return html`<ul>
    ${list.slice(0, SHOWN_ENDED).map(
      (task) => html`<li class="fn-job-row" key=${task.taskId}><a href=${jobAddress(task.jobId)}>
        <${StatusDot} status=${task.status} />
        <span class="fn-job-words"><span class="fn-job-title">${task.title}</span>
          <span class="facts"><span class="fact">${text.status(task.status)}</span><span class="fact">${ago(task.endedAt ?? task.dueAt)}</span>${task.reason && html`<span class="fact">${task.reason}</span>`}</span>
        </span>
      </a></li>`,
    )}
  </ul>`;
}
