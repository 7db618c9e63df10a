// The mesh: its overview, a task, an agent, the events with their replay, the watches, the dead letters. One is shown
// at a time; what each is, is another module's.
import { IconButton } from "../components/icon.js";
import { ScreenHead } from "../components/screen_head.js";
import { EmptyState } from "../components/states.js";
import { html, useEffect } from "../lib.js";
import { accountAddress, goToOverview, openPage, PARTS, partAddress } from "./address.js";
import { AgentPage } from "./agent_page.js";
import { LiveBanner } from "./banner.js";
import { DeadLetters } from "./dead_letters.js";
import { EventsPage } from "./events_page.js";
import { meshOf } from "./mesh.js";
import { Overview } from "./overview.js";
import { StatusChip } from "./status_mark.js";
import { TaskActions, TaskPage } from "./task_page.js";
import { text } from "./text.js";
import { WatchesPage } from "./watches_page.js";
// Deep in the tree; named here, they are fetched beside the others instead of one after the other.
import "../components/loaded.js";
import "../components/measures.js";
import "../components/tabs.js";
import "./causal_order.js";
import "./event_list.js";
import "./event_row.js";
import "./event_text.js";
import "./listing.js";
import "./picture.js";
import "./replay_view.js";
import "./sequence.js";
import "./sequence_view.js";
import "./start_form.js";
import "./state_diff.js";
import "./state_tree.js";
import "./watch_form.js";

const SCOPE = "mesh";

export function MeshScreen({ app }) {
  const me = app.me.value;
  if (!me || me.user.kind === "guest") return null; // who is there is being asked, or shown the way in
  if (me.scopes && !me.scopes.includes(SCOPE)) return html`<${NoAccess} />`;
  return html`<${Console} app=${app} mesh=${meshOf(app)} ...${openPage()} />`;
}

function Console({ app, mesh, page, id }) {
  useEffect(() => mesh.show({ page, id }), [mesh, page, id]);
  useEffect(() => {
    mesh.live.start();
    mesh.notifications.load(); // their number is beside their part, whichever is shown
    const look = () => document.hidden || mesh.live.socket.check();
    document.addEventListener("visibilitychange", look);
    addEventListener("online", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      removeEventListener("online", look);
      mesh.stop(); // left for another place: nothing is followed
    };
  }, [mesh]);
  return html`<div class=${`console mesh at-${page}`}>
    <div class="console-main">
      <${Head} key=${`${page}/${id}`} app=${app} mesh=${mesh} page=${page} />
      ${id === null && html`<${Parts} mesh=${mesh} page=${page} />`}
      <${LiveBanner} live=${mesh.live} />
      <div key=${`body/${page}/${id}`} class=${`console-body shows-${page}`}><${Body} app=${app} mesh=${mesh} page=${page} id=${id} /></div>
    </div>
  </div>`;
}

const PAGES = { overview: Overview, task: TaskPage, agent: AgentPage, events: EventsPage, watches: WatchesPage, "dead-letters": DeadLetters, missing: Missing };

function Body({ app, mesh, page, id }) {
  const open = { task: mesh.open, agent: mesh.agent }[page]?.value ?? null;
  return html`<${PAGES[page]} app=${app} mesh=${mesh} open=${open?.id === id ? open : null} />`;
}

function Head({ app, mesh, page }) {
  if (page === "task" || page === "agent") return html`<${OpenHead} app=${app} mesh=${mesh} page=${page} />`;
  const title = page === "overview" ? text.title : (text.parts[page] ?? text.title);
  const replaying = page === "events" && mesh.replay.value && mesh.view.value === "replay";
  return html`<${ScreenHead} title=${title}>${replaying && html`<span class="mesh-badge" title=${text.replay.badgeHint}>${text.replay.badge}</span>`}<//>`;
}

function OpenHead({ app, mesh, page }) {
  const back = html`<${IconButton} icon="chevron" class="back" label=${text[page].back} onClick=${goToOverview} />`;
  const open = mesh[page === "task" ? "open" : "agent"].value;
  if (page === "agent") return html`<${ScreenHead} title=${open?.id ?? text.agents.title} before=${back} />`;
  const task = open?.task.value.value;
  return html`<${ScreenHead} title=${task?.goal || text.task.untitled} before=${back}>
    ${task && html`<${StatusChip} status=${task.status} /><${TaskActions} app=${app} mesh=${mesh} open=${open} task=${task} />`}
  <//>`;
}

function Parts({ mesh, page }) {
  const dead = mesh.agents.value.value?.reduce((sum, each) => sum + (each.deadLetters ?? 0), 0) ?? 0;
  const badges = { watches: [mesh.notifications.unread.value, text.unread], "dead-letters": [dead, text.deadLetters] };
  return html`<nav class="console-tabs mesh-parts" aria-label=${text.parts.label}>
    ${PARTS.map((part) => html`<a key=${part} href=${partAddress(part)} aria-current=${page === part ? "page" : null}>
      ${text.parts[part]}${badges[part] && html`<${Badge} number=${badges[part][0]} words=${badges[part][1]} />`}
    </a>`)}
  </nav>`;
}

function Badge({ number, words }) {
  if (!number) return null;
  return html`<span class="badge warn">${number}<span class="unseen"> ${words(number).replace(/^\S+ /, "")}</span></span>`;
}

function Missing() {
  return html`<${EmptyState} icon="search" title=${text.missing.title} hint=${text.missing.hint} />
    <p class="no-access"><a class="button" href=${partAddress("overview")}>${text.missing.action}</a></p>`;
}

function NoAccess() {
  return html`<${ScreenHead} title=${text.title} />
    <div class="stage"><${EmptyState} icon="account" title=${text.noAccess.scope} hint=${text.noAccess.scopeHint} />
      <p class="no-access"><a class="button primary" href=${accountAddress}>${text.noAccess.action}</a></p>
    </div>`;
}
