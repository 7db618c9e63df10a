// One chat in the list: a link to it, how many tasks are open in it, and what can be done with it.
import { html } from "../lib.js";
import { address } from "../router.js";
import { text } from "../text.js";
import { openDialog } from "../ui.js";
import { Menu } from "./menu.js";

export function SessionRow({ app, session, current, onChosen }) {
  const title = session.title || text.sessions.untitled;
  return html`<li class=${`session ${current ? "current" : ""}`}>
    <a
      class="session-link"
      href=${address("chat", session.id)}
      aria-current=${current ? "page" : null}
      onClick=${onChosen}
    >
      <span class="session-title">${title}</span>
      ${session.openTaskCount > 0 && html`<span
        class="badge"
        aria-label=${text.sessions.openTasks(session.openTaskCount)}
      >${session.openTaskCount}</span>`}
    </a>
    <${Menu} label=${text.sessions.actions(title)} items=${sessionActions(app, session)} />
  </li>`;
}

export function sessionActions(app, session) {
  return [
    { label: text.sessions.rename, icon: "edit", run: () => openDialog("rename", { session }) },
    { label: text.sessions.exportMarkdown, icon: "download", href: app.sessions.exportAddress(session.id, "md") },
    { label: text.sessions.exportJson, icon: "download", href: app.sessions.exportAddress(session.id, "json") },
    { label: text.sessions.delete, icon: "trash", danger: true, run: () => app.remove(session) },
  ];
}
