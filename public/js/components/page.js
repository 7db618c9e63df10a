// The frame of the whole page: chats on the left, the talk in the middle, tasks on the right. On
// narrow screens the sides become drawers. What is inside each is another component's.
import { html, useEffect } from "../lib.js";
import { announcement } from "../announcer.js";
import { route } from "../router.js";
import { text } from "../text.js";
import { wideEnoughForSessions, wideEnoughForTasks } from "../ui.js";
import { Dialogs } from "./dialogs.js";
import { Drawers } from "./drawers.js";
import { SessionList } from "./session_list.js";
import { Talk } from "./talk.js";
import { TaskPanel } from "./task_panel.js";
import { ToastList } from "./toast_list.js";

export function Page({ app }) {
  useTitle(app);
  return html`
    <div class="shell">
      <a class="skip" href="#composer" onClick=${skip}>${text.skip}</a>
      ${wideEnoughForSessions.value && html`<nav class="side sessions" aria-label=${text.sessions.label}><${SessionList} app=${app} /></nav>`}
      <main class="talk"><${Talk} app=${app} /></main>
      ${wideEnoughForTasks.value && html`<aside class="side tasks" aria-label=${text.tasks.label}><${TaskPanel} app=${app} /></aside>`}
    </div>
    <${Drawers} app=${app} />
    <${Dialogs} app=${app} />
    <${ToastList} toasts=${app.toasts} />
    <p class="announcer" role="status">${announcement.value}</p>
  `;
}

function useTitle(app) {
  const session = app.sessions.find(route.value.sessionId);
  useEffect(() => {
    document.title = session?.title ? `${session.title} · ${text.name}` : text.name;
  }, [session?.title]);
}

function skip(event) {
  event.preventDefault(); // the fragment of the address is the router's
  document.getElementById("composer")?.focus();
}
