// The middle of the page: the head with the title, the talk or the welcome, and the dock with the box.
import { html, useEffect, useRef } from "../lib.js";
import { moved, route } from "../router.js";
import { freshTalk } from "../shortcuts.js";
import { text } from "../text.js";
import { drawer, wideEnoughForSessions, wideEnoughForTasks } from "../ui.js";
import { Banner } from "./banner.js";
import { Composer } from "./composer.js";
import { IconButton } from "./icon.js";
import { lazy, loadingStage } from "./lazy.js";
import { Menu } from "./menu.js";
import { sessionActions } from "./session_row.js";
import { EmptyState, ErrorState } from "./states.js";
import { TaskLine } from "./task_line.js";
import { Welcome } from "./welcome.js";

/** What a talk looks like: fetched once somebody is about to see one. */
const parts = () => Promise.all([import("./transcript_view.js"), import("./approvals.js"), import("../markdown/warm.js"), dress()]);
const dress = async () => (await import("../styles.js")).styles("/css/cards.css", "/css/messages.css", "/css/markdown.css");
const TranscriptView = lazy(async () => {
  const [{ TranscriptView: view }, , { warm }] = await parts();
  warm();
  return view;
}, loadingStage);
const Approvals = lazy(async () => (await parts())[1].Approvals);

export function Talk({ app }) {
  const chat = app.chat.value;
  return html`
    <${Head} app=${app} />
    <${Banner} app=${app} />
    <${Middle} key=${chat?.sessionId ?? route.value.name} app=${app} chat=${chat} />
    <div class="dock">
      ${chat && html`<${Approvals} chat=${chat} />`}
      ${chat && !wideEnoughForTasks.value && html`<${TaskLine} tasks=${app.tasks.value} />`}
      <${Composer}
        key=${`box-${chat?.sessionId ?? route.value.sessionId}`}
        app=${app}
        chat=${chat}
        onWords=${TranscriptView.begin}
      />
    </div>
  `;
}

const TITLES = { new: text.sessions.fresh, chat: text.name, missing: text.name };

function Head({ app }) {
  const title = useRef(null);
  const first = useRef(true);
  const { name, sessionId } = route.value;
  const session = app.sessions.find(sessionId);
  useEffect(() => {
    const came = first.current ? moved : name === "chat";
    if (came) title.current.focus(); // a new place: say where we are
    first.current = false;
  }, [sessionId]);
  return html`<header class="talk-head">
    ${!wideEnoughForSessions.value && html`<${IconButton}
      icon="menu"
      label=${text.sessions.open}
      onClick=${() => (drawer.value = "sessions")}
    />`}
    <h1 ref=${title} tabindex="-1">${session ? session.title || text.sessions.untitled : TITLES[name]}</h1>
    ${!wideEnoughForSessions.value && name !== "new" && html`<${IconButton}
      icon="edit"
      label=${text.sessions.fresh}
      onClick=${freshTalk}
    />`}
    ${session && html`<${Menu}
      label=${text.sessions.actions(session.title || text.sessions.untitled)}
      items=${sessionActions(app, session)}
    />`}
  </header>`;
}

function Middle({ app, chat }) {
  if (route.value.name === "missing") return html`<div class="stage"><${EmptyState}
    icon="search"
    title=${text.sessions.missing}
    hint=${text.sessions.missingHint}
  /></div>`;
  if (!chat && route.value.name === "new") return html`<${Welcome} app=${app} />`;
  TranscriptView.begin();
  if (!chat || (chat.loading.value === "loading" && chat.transcript.messages.value.length === 0)) {
    return loadingStage;
  }
  if (chat.loading.value === "failed") return html`<div class="stage"><${LoadFailure} chat=${chat} /></div>`;
  return html`<${TranscriptView} app=${app} chat=${chat} />`;
}

function LoadFailure({ chat }) {
  const error = chat.loadError.value;
  if (error.status === 404 || error.status === 403) {
    return html`<${EmptyState} icon="search" title=${text.sessions.missing} hint=${text.sessions.missingHint} />`;
  }
  return html`<${ErrorState} title=${text.sessions.loadFailed} error=${error} onRetry=${() => chat.load()} />`;
}
