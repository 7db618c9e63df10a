// The tasks in one line, for screens without room for their side: how many, which is next, a way in.
import { html } from "../lib.js";
import { text } from "../text.js";
import { drawer } from "../ui.js";
import { Icon } from "./icon.js";

export function TaskLine({ tasks }) {
  if (!tasks?.list.value) return null;
  const open = tasks.open.value;
  return html`<button
    type="button"
    class="task-line"
    aria-haspopup="dialog"
    onClick=${() => (drawer.value = "tasks")}
  >
    <${Icon} name="list" /><b>${text.tasks.line(open.length)}</b>
    ${open.length > 0 && html`<span class="next">${text.tasks.next(tasks.urgent.value.title)}</span>`}
    <${Icon} name="chevron" />
  </button>`;
}
