// The agents of the mesh: how each is, its lease, and what waits at it. Many workers are folded.
import { EmptyState } from "../components/states.js";
import { Loaded } from "../components/loaded.js";
import { ago, span } from "../components/measures.js";
import { useNow } from "../components/now.js";
import { exactTime } from "../dates.js";
import { html, useState } from "../lib.js";
import { agentAddress } from "./address.js";
import { byRank } from "./sequence.js";
import { StatusDot } from "./status_mark.js";
import { agentState } from "./states.js";
import { text } from "./text.js";

const words = text.agents;
const FEW = 8;

export function AgentList({ mesh }) {
  const [all, setAll] = useState(false);
  return html`<section class="mesh-section"><h2>${words.title}</h2>
    <${Loaded} from=${mesh.agents} failed=${words.failed} rows=${4}>
      ${(agents) => html`<${Rows} agents=${agents} all=${all} onAll=${setAll} />`}
    <//>
  </section>`;
}

function Rows({ agents, all, onAll }) {
  const now = useNow(true); // leases run out while one looks
  if (agents.length === 0) return html`<${EmptyState} icon="mesh" title=${words.empty} hint=${words.emptyHint} />`;
  const ordered = agents.toSorted((a, b) => byRank(a.name, b.name));
  const shown = all ? ordered : ordered.slice(0, FEW);
  return html`<ul class="mesh-rows" aria-label=${words.title}>
      ${shown.map((agent) => html`<${AgentRow} key=${agent.name} agent=${agent} now=${now} />`)}
    </ul>
    ${agents.length > FEW && html`<button type="button" class="button quiet wide" aria-expanded=${all} onClick=${() => onAll(!all)}>${all ? words.fewer : words.all(agents.length)}</button>`}`;
}

function AgentRow({ agent, now }) {
  const status = agentState(agent, now);
  const open = Array.isArray(agent.breakers) ? agent.breakers.filter(({ state }) => state !== "closed") : [];
  return html`<li class="mesh-row"><a href=${agentAddress(agent.name)}>
    <${StatusDot} status=${status} />
    <span class="mesh-row-words">
      <span class="mesh-row-title">${agent.name}</span>
      <span class="facts">
        <span class="fact">${text.status(status)}</span>
        <span class="fact" title=${exactTime(agent.heartbeatAt)}>${lease(agent, now)}</span>
        <span class="fact">${words.waiting(agent.inbox ?? 0, agent.outbox ?? 0)}</span>
        ${agent.effects > 0 && html`<span class="fact">${words.effects(agent.effects)}</span>`}
        ${agent.deadLetters > 0 && html`<span class="fact mesh-bad">${text.deadLetters(agent.deadLetters)}</span>`}
        ${open.length > 0 && html`<span class="fact mesh-bad">${words.breakers(open.map(({ name }) => name).join(", "))}</span>`}
      </span>
    </span>
  </a></li>`;
}

/** How long the lease still goes, or since when it is over. */
export function lease({ leaseUntil }, now) {
  if (!leaseUntil) return words.noLease;
  const left = Date.parse(leaseUntil) - now;
  return left > 0 ? words.lease(span(left)) : words.leaseOver(ago(leaseUntil, now));
}
