// The frame of the whole page: the places, and in the talk's the chats on the left, the talk in the
// middle, tasks on the right. On narrow screens the sides become drawers. What is inside each is another
// component's.
import { html, useEffect } from "../lib.js";
import { announcement } from "../announcer.js";
import { place, route } from "../router.js";
import { text } from "../text.js";
import { wideEnoughForSessions, wideEnoughForTasks } from "../ui.js";
import { Dialogs } from "./dialogs.js";
import { Drawers } from "./drawers.js";
import { lazy, loadingStage } from "./lazy.js";
import { Places } from "./places.js";
import { SessionList } from "./session_list.js";
import { Talk } from "./talk.js";
import { TaskPanel } from "./task_panel.js";
import { ToastList } from "./toast_list.js";

const Screen = lazy(async () => (await import("./screen.js")).Screen, loadingStage);

export function Page({ app }) {
  useTitle(app);
  const talking = place.value === "chat";
  return html`
    <div class=${talking ? "shell talking" : "shell"}>
      <a class="skip" href=${talking ? "#composer" : "#content"} onClick=${skip}>${talking ? text.skip : text.skipToContent}</a>
      <${Places} app=${app} />
      ${talking && wideEnoughForSessions.value && html`<nav class="side sessions" aria-label=${text.sessions.label}><${SessionList} app=${app} /></nav>`}
      <main class="talk" id="content">${talking ? html`<${Talk} app=${app} />` : html`<${Screen} app=${app} />`}</main>
      ${talking && wideEnoughForTasks.value && html`<aside class="side tasks" aria-label=${text.tasks.label}><${TaskPanel} app=${app} /></aside>`}
    </div>
    <${Drawers} app=${app} />
    <${Dialogs} app=${app} />
    <${ToastList} toasts=${app.toasts} />
    <p class="announcer" role="status">${announcement.value}</p>
  `;
}

function useTitle(app) {
  const session = app.sessions.find(route.value.sessionId);
  const talking = place.value === "chat";
  useEffect(() => {
    if (talking) document.title = session?.title ? `${session.title} · ${text.name}` : text.name;
  }, [session?.title, talking]);
}

function skip(event) {
  event.preventDefault(); // the fragment of the address is the router's
  (document.getElementById("composer") ?? document.querySelector("h1"))?.focus();
}
