// The run console: the list at its side, and in the middle a run, the form for a new one, the approvals
// or the sandboxes. On a narrow screen it is one of them at a time. What each is, is another module's.
import { html, useEffect } from "../lib.js";
import { IconButton, Icon } from "../components/icon.js";
import { ScreenHead } from "../components/screen_head.js";
import { EmptyState } from "../components/states.js";
import { accountAddress, goToPage, openPage, pageAddress } from "./address.js";
import { ApprovalsPage } from "./approvals_page.js";
import { ListPane } from "./list_pane.js";
import { RunActions } from "./run_actions.js";
import { RunPage } from "./run_page.js";
import { runsOf } from "./runs.js";
import { RunsBanner } from "./runs_banner.js";
import { SandboxesPage } from "./sandboxes_page.js";
import { StartForm } from "./start_form.js";
import { StatusChip } from "./status_mark.js";
import { text } from "./text.js";
// Deep in the tree; named here, they are fetched beside the others instead of one after the other.
import "./ansi.js";
import "./ansi_colours.js";
import "./fold.js";
import "../components/follow.js";
import "./log_block.js";
import "./log_line.js";
import "./log_search.js";
import "../components/measures.js";
import "../components/now.js";
import "./output_log.js";
import "./search_bar.js";

export function RunsScreen({ app }) {
  const { page, id } = openPage();
  const me = app.me.value;
  if (!me) return null; // who is there is being asked
  if (me.user.kind === "guest") return html`<${NoAccess} title=${text.noAccess.title} hint=${text.noAccess.hint} />`;
  if (me.scopes && !me.scopes.includes("runs:read")) return html`<${NoAccess} title=${text.noAccess.scope} hint=${text.noAccess.scopeHint} />`;
  return html`<${Console} app=${app} runs=${runsOf(app)} page=${page} id=${id} />`;
}

function Console({ app, runs, page, id }) {
  useEffect(() => void runs.list.load(), [runs]);
  useEffect(() => runs.show(id), [runs, id]);
  useEffect(() => () => runs.show(null), [runs]); // left for another place: nothing is followed
  useEffect(() => {
    const look = () => document.hidden || runs.open.peek()?.feed.check();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [runs]);
  const open = runs.open.value?.id === id ? runs.open.value : null;
  return html`<div class=${`console at-${page}`}>
    <section class="console-side" aria-label=${text.list.label}>
      <${SideHead} page=${page} />
      <${Tabs} page=${page} waiting=${runs.live.waiting.value} />
      <${ListPane} app=${app} list=${runs.list} />
    </section>
    <div class="console-main">
      <${MainHead} key=${`${page}/${id}`} app=${app} runs=${runs} page=${page} open=${open} />
      <${RunsBanner} open=${open} />
      <div class=${`console-body shows-${page}`}><${Body} app=${app} runs=${runs} page=${page} open=${open} /></div>
    </div>
  </div>`;
}

function SideHead({ page }) {
  const fresh = html`<a class="button primary small" href=${pageAddress("new")} aria-current=${page === "new" ? "page" : null}
  ><${Icon} name="add" />${text.list.fresh}</a>`;
  if (page === "list") return html`<${ScreenHead} title=${text.title}>${fresh}<//>`;
  return html`<header class="talk-head"><p class="console-name">${text.title}</p>${fresh}</header>`;
}

function Tabs({ page, waiting }) {
  const current = page === "approvals" || page === "sandboxes" ? page : "list";
  const tab = (name, label, badge = null) => html`<a href=${pageAddress(name)} aria-current=${current === name ? "page" : null}>${label}${badge}</a>`;
  const badge = waiting > 0 && html`<span class="badge warn" aria-label=${text.waiting(waiting)}>${waiting}</span>`;
  return html`<nav class="console-tabs" aria-label=${text.tabs.label}>
    ${tab("list", text.tabs.runs)}${tab("approvals", text.tabs.approvals, badge)}${tab("sandboxes", text.tabs.sandboxes)}
  </nav>`;
}

function MainHead({ app, runs, page, open }) {
  if (page === "list") return null;
  const run = open?.run.value;
  const titles = { new: text.form.title, approvals: text.approvals.title, sandboxes: text.sandboxes.title };
  const back = html`<${IconButton} icon="chevron" class="back" label=${text.run.back} onClick=${() => goToPage("list")} />`;
  return html`<${ScreenHead} title=${titles[page] ?? (run?.title || text.run.untitled)} before=${back}>
    ${run && html`<${StatusChip} status=${run.status} /><${RunActions} app=${app} runs=${runs} open=${open} run=${run} />`}
  <//>`;
}

function Body({ app, runs, page, open }) {
  if (page === "new") return html`<${StartForm} app=${app} runs=${runs} />`;
  if (page === "approvals") return html`<${ApprovalsPage} app=${app} runs=${runs} />`;
  if (page === "sandboxes") return html`<${SandboxesPage} app=${app} runs=${runs} />`;
  if (page === "run") return html`<${RunPage} app=${app} runs=${runs} open=${open} />`;
  return html`<${EmptyState} icon="runs" title=${text.list.choose} hint=${text.list.chooseHint} />`;
}

function NoAccess({ title, hint }) {
  return html`<${ScreenHead} title=${text.title} />
    <div class="stage"><${EmptyState} icon="account" title=${title} hint=${hint} />
      <p class="no-access"><a class="button primary" href=${accountAddress}>${text.noAccess.action}</a></p>
    </div>`;
}
