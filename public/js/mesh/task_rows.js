// The newest tasks, narrowed to one state if need be: how far each is, when it was started, what it cost.
import { Loaded } from "../components/loaded.js";
import { ago, credits } from "../components/measures.js";
import { EmptyState } from "../components/states.js";
import { exactTime } from "../dates.js";
import { html } from "../lib.js";
import { minute } from "../minute.js";
import { taskAddress } from "./address.js";
import { tally, TASK_STATUSES } from "./states.js";
import { StatusDot } from "./status_mark.js";
import { text } from "./text.js";

const words = text.tasks;

export function TaskRows({ app, tasks, children }) {
  const filter = tasks.filter.value;
  const any = Boolean(filter || tasks.value.value?.length);
  return html`<section class="mesh-section">
    <div class="mesh-head"><h2>${words.title}</h2>
      ${any && html`<select aria-label=${words.status} value=${filter} onChange=${(event) => tasks.narrow(event.target.value)}>
        <option value="">${words.any}</option>
        ${TASK_STATUSES.map((each) => html`<option value=${each}>${text.status(each)}</option>`)}
      </select>`}
    </div>
    <${Loaded} from=${tasks} failed=${words.failed} rows=${3}>${(list) => html`<${Rows} list=${list} filter=${filter} />`}<//>
    ${tasks.cursor.value && html`<button type="button" class="button quiet wide" onClick=${() => app.attempt(() => tasks.more())}>${words.more}</button>`}
    ${any && children}
  </section>`;
}

function Rows({ list, filter }) {
  if (list.length === 0) return filter ? html`<p class="hint">${words.noneSo}</p>` : html`<${EmptyState} icon="list" title=${words.empty} hint=${words.emptyHint} />`;
  return html`<ul class="mesh-rows" aria-label=${words.label}>${list.map((task) => html`<${TaskRow} key=${task.taskId} task=${task} />`)}</ul>`;
}

function TaskRow({ task }) {
  minute.value; // "2 min ago" stays true
  const { done, failed, all } = tally(task);
  return html`<li class="mesh-row"><a href=${taskAddress(task.taskId)}>
    <${StatusDot} status=${task.status} />
    <span class="mesh-row-words">
      <span class="mesh-row-title">${task.goal || text.task.untitled}</span>
      <span class="facts">
        <span class="fact">${text.status(task.status)}</span>
        ${all > 0 && html`<span class="fact">${words.done(done, all)}</span>`}
        ${failed > 0 && html`<span class="fact mesh-bad">${words.failedParts(failed)}</span>`}
        <span class="fact" title=${exactTime(task.createdAt)}>${ago(task.createdAt)}</span>
        ${task.credits > 0 && html`<span class="fact">${credits(task.credits)} cr</span>`}
      </span>
    </span>
  </a></li>`;
}
