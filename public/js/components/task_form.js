// The form to change one task. Only what was changed is sent; a due date may be given in words.
import { html, useEffect, useRef, useState } from "../lib.js";
import { dueWords } from "../dates.js";
import { text } from "../text.js";
import { IconButton } from "./icon.js";

const PRIORITIES = ["low", "normal", "high"];

export function TaskForm({ app, tasks, task, onDone }) {
  const shownDue = task.dueAt ? dueWords(task) : "";
  const [title, setTitle] = useState(task.title);
  const [due, setDue] = useState(shownDue);
  const [priority, setPriority] = useState(task.priority);
  const box = useRef(null);
  useEffect(() => box.current.select(), []);
  const save = (event) => {
    event.preventDefault();
    const changed = {
      ...(title.trim() && title.trim() !== task.title && { title: title.trim() }),
      ...(due.trim() !== shownDue && { due: due.trim() || null }),
      ...(priority !== task.priority && { priority }),
    };
    onDone();
    if (Object.keys(changed).length) app.attempt(() => tasks.update(task.id, changed));
  };
  const key = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation(); // closes this form, not the drawer around it
    onDone();
  };
  return html`<form class="task-form" aria-label=${text.tasks.edit(task.title)} onSubmit=${save} onKeyDown=${key}>
    <label class="field"><span>${text.tasks.title}</span><input
      ref=${box}
      value=${title}
      maxlength="500"
      required
      onInput=${(event) => setTitle(event.target.value)}
    /></label>
    <label class="field"><span>${text.tasks.due}</span><input
      value=${due}
      placeholder=${text.tasks.duePlaceholder}
      onInput=${(event) => setDue(event.target.value)}
    /></label>
    <fieldset class="segments">
      <legend>${text.tasks.priority}</legend>
      ${PRIORITIES.map(
        (name) => html`<label><input
          type="radio"
          name=${`priority-${task.id}`}
          checked=${priority === name}
          onChange=${() => setPriority(name)}
        /><span>${text.tasks.priorities[name]}</span></label>`,
      )}
    </fieldset>
    <div class="actions">
      <${IconButton} icon="trash" label=${text.tasks.remove} class="danger" onClick=${() => app.removeTask(task)} />
      <span class="spring"></span>
      <button type="button" class="button" onClick=${onDone}>${text.cancel}</button>
      <button class="button primary">${text.tasks.save}</button>
    </div>
  </form>`;
}
