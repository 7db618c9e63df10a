// The registry: the agents at the side, and in the middle one of them, a new one, an execution, or all executions. On a
// narrow screen it is one of them at a time. What each is, is another module's.
import { Icon, IconButton } from "../components/icon.js";
import { ScreenHead } from "../components/screen_head.js";
import { EmptyState } from "../components/states.js";
import { html, useEffect } from "../lib.js";
import { accountAddress, executionsAddress, goToAgent, goToExecutions, goToList, listAddress, newAddress, openPage } from "./address.js";
import { AgentActions } from "./agent_actions.js";
import { AgentPage } from "./agent_page.js";
import { AgentPane } from "./agent_pane.js";
import { LiveBanner } from "./banner.js";
import { ExecutionActions } from "./execution_actions.js";
import { ExecutionList } from "./execution_list.js";
import { ExecutionPage } from "./execution_page.js";
import { NewAgent } from "./new_agent.js";
import { registryOf } from "./registry.js";
import { StatusChip } from "./status_mark.js";
import { text } from "./text.js";
// Deep in the tree; named here, they are fetched beside the others instead of one after the other.
import "../components/code_block.js";
import "../functions/commands.js";
import "../functions/json_text.js";
import "../functions/patient_api.js";
import "../markdown/render.js";
import "../runs/run_feed.js";
import "./execute_form.js";
import "./fine_settings.js";
import "./memory.js";
import "./only_this_time.js";
import "./place_choice.js";
import "./sse.js";
import "./template_editor.js";

const SCOPE = "agents";

export function RegistryScreen({ app }) {
  const { page, id } = openPage();
  const me = app.me.value;
  if (!me || me.user.kind === "guest") return null; // who is there is being asked, or shown the way in
  if (me.scopes && !me.scopes.includes(SCOPE)) return html`<${NoAccess} />`;
  return html`<${Console} app=${app} registry=${registryOf(app)} page=${page} id=${id} />`;
}

function Console({ app, registry, page, id }) {
  useEffect(() => void (registry.agents.load(), registry.executions.load()), [registry]);
  useEffect(() => registry.showAgent(page === "agent" ? id : null), [registry, page, id]);
  useEffect(() => registry.showExecution(page === "execution" ? id : null), [registry, page, id]);
  useEffect(() => {
    registry.live.start();
    const look = () => document.hidden || (registry.live.socket.check(), registry.execution.peek()?.feed.check());
    document.addEventListener("visibilitychange", look);
    addEventListener("online", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      removeEventListener("online", look);
      registry.stop(); // left for another place: nothing is followed
    };
  }, [registry]);
  const shown = { agent: registry.open.value, execution: registry.execution.value }[page];
  const open = shown?.id === id ? shown : null;
  return html`<div class=${`console registry at-${page}`}>
    <section class="console-side" aria-label=${text.agents.label}>
      <${SideHead} page=${page} />
      <${Ways} page=${page} />
      <${AgentPane} app=${app} registry=${registry} />
    </section>
    <div class="console-main">
      <${MainHead} key=${`${page}/${id}`} app=${app} page=${page} open=${open} />
      ${page === "executions" && html`<${Ways} page=${page} />`}
      <${LiveBanner} live=${registry.live} />
      <div class="console-body"><${Body} app=${app} registry=${registry} page=${page} id=${id} open=${open} /></div>
    </div>
  </div>`;
}

function Body({ app, registry, page, id, open }) {
  if (page === "agent") return html`<${AgentPage} key=${id} app=${app} registry=${registry} open=${open} />`;
  if (page === "execution") return html`<${ExecutionPage} key=${id} app=${app} open=${open} />`;
  if (page === "new") return html`<${NewAgent} app=${app} registry=${registry} />`;
  return html`<div class="reg-page"><${ExecutionList} app=${app} list=${registry.executions} agents=${registry.agents.entries.value} /></div>`;
}

function SideHead({ page }) {
  const fresh = html`<a class="button primary small" href=${newAddress} aria-current=${page === "new" ? "page" : null}><${Icon} name="add" />${text.agents.fresh}</a>`;
  if (page === "list") return html`<${ScreenHead} title=${text.title}>${fresh}<//>`;
  return html`<header class="talk-head"><p class="console-name">${text.title}</p>${fresh}</header>`;
}

/** Between agents and executions: on a narrow screen, where there is one at a time. */
function Ways({ page }) {
  const way = (name, to) => html`<a href=${to} aria-current=${page === name ? "page" : null}>${text.tabs[name]}</a>`;
  return html`<nav class="console-tabs reg-narrow-only" aria-label=${text.tabs.label}>${way("list", listAddress)}${way("executions", executionsAddress)}</nav>`;
}

function MainHead({ app, page, open }) {
  const back = (label, to) => html`<${IconButton} icon="chevron" class="back" label=${label} onClick=${to} />`;
  if (page === "list") return html`<header class="talk-head"><h2>${text.executions.recent}</h2></header>`;
  if (page === "executions") return html`<${ScreenHead} title=${text.executions.title} />`;
  if (page === "new") return html`<${ScreenHead} title=${text.form.title} before=${back(text.agent.back, goToList)} />`;
  if (page === "agent") {
    const agent = open?.agent.value;
    return html`<${ScreenHead} title=${agent?.name ?? text.title} before=${back(text.agent.back, goToList)}>
      ${agent && html`<${AgentActions} app=${app} open=${open} agent=${agent} />`}
    <//>`;
  }
  const execution = open?.execution.value;
  const home = () => (execution ? goToAgent(execution.agentId) : goToExecutions());
  return html`<${ScreenHead} title=${execution ? execution.agentName : text.untitled} before=${back(text.execution.back, home)}>
    ${execution && html`<${StatusChip} status=${execution.status} /><${ExecutionActions} app=${app} open=${open} execution=${execution} />`}
  <//>`;
}

function NoAccess() {
  return html`<${ScreenHead} title=${text.title} />
    <div class="stage"><${EmptyState} icon="account" title=${text.noAccess.scope} hint=${text.noAccess.scopeHint} />
      <p class="no-access"><a class="button primary" href=${accountAddress}>${text.noAccess.action}</a></p>
    </div>`;
}
