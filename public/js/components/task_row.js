// One task: a box to tick, its title (which opens the form to change it), when it is due, how urgent.
import { html, useState } from "../lib.js";
import { announce } from "../announcer.js";
import { dueWords, exactTime, isOverdue } from "../dates.js";
import { minute } from "../minute.js";
import { text } from "../text.js";
import { Icon } from "./icon.js";
import { lazy } from "./lazy.js";

const TaskForm = lazy(async () => (await import("./task_form.js")).TaskForm);

export function TaskRow({ app, tasks, task }) {
  const [editing, setEditing] = useState(false);
  const done = task.status === "completed";
  if (editing) return html`<li class="task editing"><${TaskForm}
    app=${app}
    tasks=${tasks}
    task=${task}
    onDone=${() => setEditing(false)}
  /></li>`;
  const toggle = async () => {
    const saved = await app.attempt(() => tasks.update(task.id, { status: done ? "pending" : "completed" }));
    if (saved && !done) announce(text.tasks.completed(task.title));
  };
  return html`<li class=${`task ${task.status} ${task.unsaved ? "unsaved" : ""}`}>
    <label class="tick">
      <input
        type="checkbox"
        checked=${done}
        disabled=${task.unsaved}
        aria-label=${done ? text.tasks.reopen(task.title) : text.tasks.complete(task.title)}
        onChange=${toggle}
      />
      <span class="circle" aria-hidden="true"><${Icon} name="check" /></span>
    </label>
    <button type="button" class="task-main" disabled=${task.unsaved} onClick=${() => setEditing(true)}>
      <span class="task-title"><span class="unseen">${text.tasks.editPrefix} </span>${task.title}</span>
      <${Facts} task=${task} />
    </button>
  </li>`;
}

function Facts({ task }) {
  const now = new Date(minute.value);
  const late = isOverdue(task, now);
  const facts = [
    task.priority !== "normal" && html`<span class=${`fact priority-${task.priority}`}><${Icon} name="flag" />${text.tasks.priorities[task.priority]}</span>`,
    task.dueAt && html`<span
      class=${`fact ${late ? "late" : ""}`}
      title=${exactTime(task.dueAt)}
    ><${Icon} name="calendar" />${dueWords(task, now)}${late && `, ${text.tasks.overdue}`}</span>`,
    task.recurrence && html`<span class="fact"><${Icon} name="repeat" />${text.tasks.recurs(task.recurrence)}</span>`,
  ].filter(Boolean);
  return facts.length ? html`<span class="facts">${facts}</span>` : null;
}
