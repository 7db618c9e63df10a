// The sides of the page as drawers over it, for screens too narrow to show them beside the talk.
import { html } from "../lib.js";
import { text } from "../text.js";
import { drawer } from "../ui.js";
import { Modal } from "./modal.js";
import { SessionList } from "./session_list.js";
import { TaskPanel } from "./task_panel.js";

const close = () => {
  drawer.value = null;
};

export function Drawers({ app }) {
  if (drawer.value === "sessions") {
    return html`<${Modal}
      class="drawer drawer-start sessions"
      label=${text.sessions.label}
      onClose=${close}
    ><${SessionList} app=${app} onChosen=${close} onClose=${close} /><//>`;
  }
  if (drawer.value === "tasks") {
    return html`<${Modal}
      class="drawer drawer-end tasks"
      label=${text.tasks.label}
      onClose=${close}
    ><${TaskPanel} app=${app} onClose=${close} /><//>`;
  }
  return null;
}
