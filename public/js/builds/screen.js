// The builds: the list at its side, and in the middle the form for a new one or a build. On a narrow screen it
// is one of them at a time. What each is, is another module's.
import { IconButton, Icon } from "../components/icon.js";
import { ScreenHead } from "../components/screen_head.js";
import { EmptyState } from "../components/states.js";
import { html, useEffect } from "../lib.js";
import { accountAddress, goToList, newAddress, openPage } from "./address.js";
import { BuildActions } from "./build_actions.js";
import { BuildPage } from "./build_page.js";
import { buildsOf } from "./builds.js";
import { BuildsBanner } from "./builds_banner.js";
import { ListPane } from "./list_pane.js";
import { StartForm } from "./start_form.js";
import { StatusChip } from "./status_mark.js";
import { text } from "./text.js";
// Deep in the tree; named here, they are fetched beside the others instead of one after the other.
import "../components/code_block.js";
import "../components/follow.js";
import "../components/measures.js";
import "../markdown/highlight.js";
import "./blueprint_draft.js";
import "./build_line.js";
import "./file_shelf.js";
import "./file_tree.js";
import "./file_view.js";
import "./line_diff.js";
import "./open_build.js";
import "./phase_editor.js";
import "./plan_editor.js";
import "./pieces.js";
import "./preview_view.js";
import "./timeline.js";

const SCOPE = "builds";

export function BuildScreen({ app }) {
  const { page, id } = openPage();
  const me = app.me.value;
  if (!me || me.user.kind === "guest") return null; // who is there is being asked, or shown the way in
  if (me.scopes && !me.scopes.includes(SCOPE)) return html`<${NoAccess} />`;
  return html`<${Console} app=${app} builds=${buildsOf(app)} page=${page} id=${id} />`;
}

function Console({ app, builds, page, id }) {
  useEffect(() => void builds.list.load(), [builds]);
  useEffect(() => builds.show(id), [builds, id]);
  useEffect(() => () => builds.show(null), [builds]); // left for another place: nothing is followed
  useEffect(() => {
    const look = () => document.hidden || builds.open.peek()?.line.check();
    document.addEventListener("visibilitychange", look);
    addEventListener("online", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      removeEventListener("online", look);
    };
  }, [builds]);
  const open = builds.open.value?.id === id ? builds.open.value : null;
  return html`<div class=${`console at-${page}`}>
    <section class="console-side" aria-label=${text.list.label}>
      <${SideHead} page=${page} />
      <${ListPane} app=${app} builds=${builds} />
    </section>
    <div class="console-main">
      <${MainHead} key=${`${page}/${id}`} app=${app} page=${page} open=${open} />
      <${BuildsBanner} open=${open} />
      <div class=${`console-body shows-${page}`}>
        ${page === "build" ? html`<${BuildPage} key=${id} app=${app} open=${open} />` : html`<${StartForm} app=${app} builds=${builds} />`}
      </div>
    </div>
  </div>`;
}

function SideHead({ page }) {
  const fresh = html`<a class="button primary small" href=${newAddress} aria-current=${page === "new" ? "page" : null}
  ><${Icon} name="add" />${text.list.fresh}</a>`;
  if (page === "list") return html`<${ScreenHead} title=${text.title}>${fresh}<//>`;
  return html`<header class="talk-head"><p class="console-name">${text.title}</p>${fresh}</header>`;
}

function MainHead({ app, page, open }) {
  if (page === "list") return null;
  const build = open?.build.value;
  const back = html`<${IconButton} icon="chevron" class="back" label=${text.build.back} onClick=${goToList} />`;
  const title = page === "new" ? text.list.fresh : build?.title || text.untitled;
  return html`<${ScreenHead} title=${title} before=${back}>
    ${build && html`<${StatusChip} status=${build.status} /><${BuildActions} app=${app} open=${open} build=${build} />`}
  <//>`;
}

function NoAccess() {
  return html`<${ScreenHead} title=${text.title} />
    <div class="stage"><${EmptyState} icon="account" title=${text.noAccess.scope} hint=${text.noAccess.scopeHint} />
      <p class="no-access"><a class="button primary" href=${accountAddress}>${text.noAccess.action}</a></p>
    </div>`;
}
