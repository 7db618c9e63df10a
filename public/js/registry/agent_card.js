// One agent in the list: its name and model, where it runs and how warm, and how its last executions went.
import { ago } from "../components/measures.js";
import { exactTime } from "../dates.js";
import { html } from "../lib.js";
import { minute } from "../minute.js";
import { agentAddress } from "./address.js";
import { Sparkline } from "./sparkline.js";
import { shortName } from "./states.js";
import { text } from "./text.js";

const words = text.agents;

export function AgentCard({ agent, current }) {
  minute.value; // "2 min ago" stays true
  const { stats = {} } = agent;
  return html`<li class=${`reg-agent ${current ? "current" : ""}`}>
    <a href=${agentAddress(agent.id)} aria-current=${current ? "page" : null}>
      <span class="reg-agent-name">${agent.name}</span>
      <span class="reg-agent-model" title=${agent.model}>${shortName(agent.model)}</span>
      <span class="facts">
        <span class="fact">${words.locations(agent.edgeLocations ?? ["auto"])}</span>
        <span class="fact">${words.temperature(agent.temperature)}</span>
      </span>
      <span class="facts">
        <span class="fact">${stats.executions ? words.executions(stats.executions) : words.never}</span>
        ${stats.failed > 0 && html`<span class="fact reg-bad">${words.failures(stats.failed)}</span>`}
        ${stats.p50LatencyMs != null && html`<span class="fact">${words.median(stats.p50LatencyMs)}</span>`}
        ${stats.lastAt && html`<span class="fact" title=${exactTime(stats.lastAt)}>${ago(stats.lastAt)}</span>`}
      </span>
      <${Sparkline} values=${stats.recentLatencies} />
    </a>
  </li>`;
}
