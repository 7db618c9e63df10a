// One agent: how it is, what waits at it, what it can do, its state now, and the ways to its events and its replay.
import { Icon } from "../components/icon.js";
import { ago } from "../components/measures.js";
import { useNow } from "../components/now.js";
import { EmptyState, ErrorState, LoadingRows } from "../components/states.js";
import { exactTime } from "../dates.js";
import { html } from "../lib.js";
import { goToEvents } from "./address.js";
import { lease } from "./agent_list.js";
import { Rows as Breakers } from "./breaker_list.js";
import { Figure } from "./figure.js";
import { agentState } from "./states.js";
import { StateTree } from "./state_tree.js";
import { StatusChip } from "./status_mark.js";
import { text } from "./text.js";

const words = text.agent;

export function AgentPage({ mesh, open }) {
  const agent = open?.agent.value.value;
  const error = open?.agent.error.value;
  if (!agent && error?.status === 404) return html`<${EmptyState} icon="search" title=${words.missing} hint=${words.missingHint} />`;
  if (!agent && error) return html`<${ErrorState} title=${words.failed} error=${error} onRetry=${() => open.refresh()} />`;
  if (!agent) return html`<${LoadingRows} rows=${5} />`;
  return html`<div class="mesh-task">
    <${Numbers} agent=${agent} />
    <${Ways} mesh=${mesh} name=${agent.name} />
    ${agent.breakers?.length > 0 && html`<section class="mesh-section"><h2>${words.breakers}</h2><${Breakers} list=${agent.breakers} /></section>`}
    <section class="mesh-section"><h2>${words.state}</h2>
      ${agent.state ? html`<${StateTree} value=${agent.state} label=${words.state} />` : html`<p class="hint">${words.noState}</p>`}
    </section>
    <${About} agent=${agent} />
  </div>`;
}

function Numbers({ agent }) {
  const now = useNow(true);
  const status = agentState(agent, now);
  const bad = (number) => (number > 0 ? "bad" : "");
  return html`<p class="mesh-foot"><${StatusChip} status=${status} /><span class="hint">${lease(agent, now)}</span></p>
    <dl class="figures" aria-label=${words.about}>
      <${Figure} name=${words.inbox} value=${agent.inbox ?? 0} />
      <${Figure} name=${words.outbox} value=${agent.outbox ?? 0} />
      <${Figure} name=${words.effects} value=${agent.effects ?? 0} />
      <${Figure} name=${words.dead} value=${agent.deadLetters ?? 0} mood=${bad(agent.deadLetters)} />
      <${Figure} name=${words.events} value=${agent.events ?? 0} />
      <${Figure} name=${words.version} value=${String(agent.version ?? text.none)} />
    </dl>`;
}

function Ways({ mesh, name }) {
  const show = (action) => {
    action();
    goToEvents();
  };
  return html`<div class="mesh-foot">
    <button type="button" class="button small" onClick=${() => show(() => mesh.replayOf({ agent: name }))}><${Icon} name="repeat" />${words.replay}</button>
    <button type="button" class="button small quiet" onClick=${() => show(() => mesh.logOf({ agent: name }))}><${Icon} name="list" />${words.log}</button>
  </div>`;
}

function About({ agent }) {
  const heard = agent.heartbeatAt && html`<span title=${exactTime(agent.heartbeatAt)}>${ago(agent.heartbeatAt)}</span>`;
  return html`<dl class="about">
    <div><dt>${words.kind}</dt><dd>${agent.kind}</dd></div>
    <div><dt>${words.capabilities}</dt><dd>${(agent.capabilities ?? []).join(", ") || text.none}</dd></div>
    <div><dt>${words.heard}</dt><dd>${heard || text.none}</dd></div>
  </dl>`;
}
