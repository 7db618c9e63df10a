// One agent: what it is in a few figures, and its parts behind tabs: executing it, changing it, its memory, its versions.
import { lazy } from "../components/lazy.js";
import { EmptyState, ErrorState, LoadingRows } from "../components/states.js";
import { Tabs } from "../components/tabs.js";
import { html } from "../lib.js";
import { draftOf } from "./agent_draft.js";
import { AgentForm } from "./agent_form.js";
import { ExecutePart } from "./execute_part.js";
import { Sparkline } from "./sparkline.js";
import { shortName } from "./states.js";
import { text } from "./text.js";

const words = text.agent;
const waiting = html`<${LoadingRows} rows=${3} />`;
const MemoryView = lazy(async () => (await import("./memory_view.js")).MemoryView, waiting);
const VersionsView = lazy(async () => (await import("./versions_view.js")).VersionsView, waiting);

export function AgentPage({ app, registry, open }) {
  const agent = open?.agent.value;
  if (!agent && open?.error.value) return html`<${Failure} open=${open} />`;
  if (!agent) return html`<${LoadingRows} rows=${6} />`;
  const content = {
    execute: () => html`<${ExecutePart} app=${app} registry=${registry} open=${open} agent=${agent} />`,
    edit: () => html`<${EditPart} app=${app} open=${open} agent=${agent} />`,
    memory: () => html`<${MemoryView} app=${app} open=${open} agent=${agent} />`,
    versions: () => html`<${VersionsView} open=${open} agent=${agent} />`,
  };
  const part = open.part.value;
  const tabs = Object.fromEntries(Object.keys(content).map((name) => [name, { label: words.part[name], content: name === part ? content[name]() : null }]));
  return html`<div class="reg-page">
    ${agent.description && html`<p class="reg-description">${agent.description}</p>`}
    ${agent.archived && html`<p class="reg-note">${words.archived}</p>`}
    <${Definition} agent=${agent} />
    ${agent.stats?.executions > 0 && html`<${Figures} stats=${agent.stats} />`}
    <${Tabs} label=${words.parts} tabs=${tabs} chosen=${part} onChoose=${(name) => (open.part.value = name)} />
  </div>`;
}

/** How it is defined, in one line. */
function Definition({ agent }) {
  const { model, temperature, edgeLocations, maxTokens, version } = agent;
  const facts = [words.version(version), text.agents.temperature(temperature), words.tokens(maxTokens), edgeLocations.map(text.location).join(", ")];
  return html`<p class="facts"><span class="fact reg-model" title=${model}>${shortName(model)}</span>${facts.map((fact) => html`<span class="fact" key=${fact}>${fact}</span>`)}</p>`;
}

function Figures({ stats = {} }) {
  const { executions = 0, failed = 0, p50LatencyMs, recentLatencies } = stats;
  const figures = [
    [words.fact.executions, executions.toLocaleString()],
    [words.fact.failed, failed.toLocaleString()],
    [words.fact.median, p50LatencyMs == null ? words.none : text.executions.ms(p50LatencyMs)],
  ];
  return html`<div class="reg-figures">
    <dl class="figures">${figures.map(([name, value]) => html`<div class="figure" key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    <${Sparkline} values=${recentLatencies} />
  </div>`;
}

function EditPart({ app, open, agent }) {
  if (agent.archived) return html`<p class="hint">${words.archived}</p>`;
  const labels = { rest: text.form.save, busy: text.form.saving };
  const draft = open.draft.value ?? draftOf(agent);
  const submit = async (request) => {
    const before = agent.version;
    await open.save(request);
    app.toasts.show({ text: open.agent.peek().version === before ? text.form.unchanged : text.done.save });
  };
  return html`<${AgentForm} app=${app} draft=${draft} change=${(values) => open.edit(values)} submit=${submit} labels=${labels}>
    ${open.draft.value && html`<button type="button" class="button quiet" onClick=${() => open.drop()}>${text.form.drop}</button>`}
  <//>`;
}

function Failure({ open }) {
  const error = open.error.value;
  if (error.status === 404 || error.status === 422) return html`<${EmptyState} icon="search" title=${words.missing} hint=${words.missingHint} />`;
  return html`<${ErrorState} title=${words.failed} error=${error} onRetry=${() => open.start()} />`;
}
