// The functions: the history at the side, and in the middle the form for a call, a job, or the inbox. On a narrow
// screen it is one of them at a time. What each is, is another module's.
import { IconButton, Icon } from "../components/icon.js";
import { ScreenHead } from "../components/screen_head.js";
import { EmptyState } from "../components/states.js";
import { html, useEffect } from "../lib.js";
import { accountAddress, goToList, inboxAddress, listAddress, openPage, tryAddress } from "./address.js";
import { LiveBanner } from "./banner.js";
import { functionsOf } from "./functions.js";
import { InboxPage } from "./inbox_page.js";
import { JobActions } from "./job_actions.js";
import { JobPage } from "./job_page.js";
import { ListPane } from "./list_pane.js";
import { Playground } from "./playground.js";
import { StatusChip } from "./status_mark.js";
import { text } from "./text.js";
// Deep in the tree; named here, they are fetched beside the others instead of one after the other.
import "../components/code_block.js";
import "../components/loaded.js";
import "../components/measures.js";
import "../runs/run_feed.js";
import "./arrive.js";
import "./boxes.js";
import "./commands.js";
import "./confidence.js";
import "./form_fields.js";
import "./json_fault.js";
import "./json_text.js";
import "./json_tree.js";
import "./result_fields.js";
import "./result_view.js";
import "./schema_form.js";
import "./task_form.js";

const SCOPE = "functions";

export function FunctionScreen({ app }) {
  const { page, id } = openPage();
  const me = app.me.value;
  if (!me || me.user.kind === "guest") return null; // who is there is being asked, or shown the way in
  if (me.scopes && !me.scopes.includes(SCOPE)) return html`<${NoAccess} />`;
  return html`<${Console} app=${app} functions=${functionsOf(app)} page=${page} id=${id} />`;
}

function Console({ app, functions, page, id }) {
  useEffect(() => void functions.list.load(), [functions]);
  useEffect(() => functions.show(id), [functions, id]);
  useEffect(() => {
    functions.live.start();
    const look = () => document.hidden || (functions.live.socket.check(), functions.open.peek()?.feed.check());
    document.addEventListener("visibilitychange", look);
    addEventListener("online", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      removeEventListener("online", look);
      functions.stop(); // left for another place: nothing is followed
    };
  }, [functions]);
  const open = functions.open.value?.id === id ? functions.open.value : null;
  const waiting = functions.live.waiting.value;
  return html`<div class=${`console at-${page}`}>
    <section class="console-side" aria-label=${text.list.label}>
      <${SideHead} page=${page} />
      <${Tabs} page=${page} waiting=${waiting} />
      <${ListPane} app=${app} list=${functions.list} />
    </section>
    <div class="console-main">
      <${MainHead} key=${`${page}/${id}`} app=${app} functions=${functions} page=${page} open=${open} />
      ${page !== "job" && html`<${Tabs} page=${page} waiting=${waiting} class="fn-narrow" />`}
      <${LiveBanner} functions=${functions} />
      <div class=${`console-body shows-${page}`}><${Body} app=${app} functions=${functions} page=${page} id=${id} open=${open} /></div>
    </div>
  </div>`;
}

function Body({ app, functions, page, id, open }) {
  if (page === "job") return html`<${JobPage} key=${id} app=${app} functions=${functions} open=${open} />`;
  if (page === "inbox") return html`<${InboxPage} app=${app} functions=${functions} />`;
  return html`<${Playground} app=${app} functions=${functions} />`;
}

function SideHead({ page }) {
  const fresh = html`<a class="button primary small" href=${tryAddress} aria-current=${page === "try" ? "page" : null}><${Icon} name="add" />${text.list.fresh}</a>`;
  if (page === "list") return html`<${ScreenHead} title=${text.tabs.list}>${fresh}<//>`;
  return html`<header class="talk-head"><p class="console-name">${text.title}</p>${fresh}</header>`;
}

function Tabs({ page, waiting, class: extra = "" }) {
  const tab = (name, to, badge = null) => html`<a class=${`fn-tab-${name}`} href=${to} aria-current=${page === name ? "page" : null}>${text.tabs[name]}${badge}</a>`;
  const badge = waiting > 0 && html`<span class="badge warn">${waiting}<span class="unseen"> ${text.waiting(waiting).replace(/^\S+ /, "")}</span></span>`;
  return html`<nav class=${`console-tabs ${extra}`} aria-label=${text.tabs.label}>${tab("try", tryAddress)}${tab("list", listAddress)}${tab("inbox", inboxAddress, badge)}</nav>`;
}

function MainHead({ app, functions, page, open }) {
  if (page === "list") return null;
  if (page !== "job") return html`<${ScreenHead} title=${page === "inbox" ? text.inbox.title : text.title} />`;
  const job = open?.job.value;
  const back = html`<${IconButton} icon="chevron" class="back" label=${text.job.back} onClick=${goToList} />`;
  return html`<${ScreenHead} title=${job?.title || text.untitled} before=${back}>
    ${job && html`<${StatusChip} status=${job.status} /><${JobActions} app=${app} functions=${functions} open=${open} job=${job} />`}
  <//>`;
}

function NoAccess() {
  return html`<${ScreenHead} title=${text.title} />
    <div class="stage"><${EmptyState} icon="account" title=${text.noAccess.scope} hint=${text.noAccess.scopeHint} />
      <p class="no-access"><a class="button primary" href=${accountAddress}>${text.noAccess.action}</a></p>
    </div>`;
}
