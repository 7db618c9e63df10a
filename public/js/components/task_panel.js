// The side with the tasks of the session: counts, a box to add one, a filter, and the list.
import { html, useEffect, useRef, useState } from "../lib.js";
import { announce } from "../announcer.js";
import { text } from "../text.js";
import { focusWish } from "../ui.js";
import { Icon, IconButton } from "./icon.js";
import { EmptyState, LoadingRows } from "./states.js";
import { TaskRow } from "./task_row.js";

const FILTERS = ["open", "done", "all"];

export function TaskPanel({ app, onClose = null }) {
  const tasks = app.tasks.value;
  const known = tasks?.list.value;
  return html`
    <header class="side-head">
      <h2>${text.tasks.label}</h2>
      ${known && html`<p class="counts">${text.tasks.counts(tasks.open.value.length, tasks.done.value.length)}</p>`}
      ${known && html`<${IconButton} icon="undo" label=${text.tasks.undo} onClick=${() => undo(app, tasks)} />`}
      ${onClose && html`<${IconButton} icon="close" label=${text.close} onClick=${onClose} />`}
    </header>
    ${known && html`<${Tools} app=${app} tasks=${tasks} />`}
    <div class="side-body"><${List} app=${app} tasks=${tasks} /></div>
  `;
}

function Tools({ app, tasks }) {
  return html`<div class="side-tools">
    <${AddForm} app=${app} tasks=${tasks} />
    <fieldset class="segments">
      <legend class="unseen">${text.tasks.filter}</legend>
      ${FILTERS.map(
        (name) => html`<label><input
          type="radio"
          name="task-filter"
          checked=${tasks.filter.value === name}
          onChange=${() => (tasks.filter.value = name)}
        /><span>${text.tasks.filters[name]}</span></label>`,
      )}
    </fieldset>
  </div>`;
}

function List({ app, tasks }) {
  if (!tasks) return html`<${EmptyState} icon="list" title=${text.tasks.empty.all} hint=${text.tasks.noSession} />`;
  if (!tasks.list.value) return app.chat.value?.loading.value === "failed" ? null : html`<${LoadingRows} rows=${4} />`;
  const filter = tasks.filter.value;
  if (tasks.shown.value.length === 0) return html`<${EmptyState}
    icon="check"
    title=${text.tasks.empty[filter]}
    hint=${filter === "done" ? text.tasks.doneHint : text.tasks.emptyHint}
  />`;
  const rows = tasks.shown.value.map((task) => html`<${TaskRow} key=${task.id} app=${app} tasks=${tasks} task=${task} />`);
  return html`<ul class="task-list">${rows}</ul>`;
}

function AddForm({ app, tasks }) {
  const [title, setTitle] = useState("");
  const box = useRef(null);
  const wished = focusWish.value;
  useEffect(() => {
    if (wished !== "task") return;
    box.current.focus();
    focusWish.value = null;
  }, [wished]);
  const add = async (event) => {
    event.preventDefault();
    const wanted = title.trim();
    if (!wanted) return;
    setTitle("");
    if (await app.attempt(() => tasks.add({ title: wanted }))) announce(text.tasks.added(wanted));
    else setTitle(wanted);
  };
  return html`<form class="add-task" onSubmit=${add}>
    <input
      ref=${box}
      value=${title}
      maxlength="500"
      aria-label=${text.tasks.add}
      placeholder=${text.tasks.addPlaceholder}
      onInput=${(event) => setTitle(event.target.value)}
    />
    <button
      class="icon-button"
      aria-label=${text.tasks.addButton}
      title=${text.tasks.addButton}
      disabled=${!title.trim()}
    ><${Icon} name="add" /></button>
  </form>`;
}

async function undo(app, tasks) {
  if (await app.attempt(() => tasks.undo())) announce(text.tasks.undone);
}
