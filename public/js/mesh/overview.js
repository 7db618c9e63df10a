// The overview: the mesh in numbers, the form that starts a task, the newest tasks, the agents and the breakers.
import { html } from "../lib.js";
import { AgentList } from "./agent_list.js";
import { BreakerList } from "./breaker_list.js";
import { Figure } from "./figure.js";
import { Rebuild } from "./rebuild.js";
import { Rules } from "./rules.js";
import { StartForm } from "./start_form.js";
import { agentState, tone } from "./states.js";
import { TaskRows } from "./task_rows.js";
import { text } from "./text.js";

export function Overview({ app, mesh }) {
  return html`<div class="mesh-overview">
    <${Figures} mesh=${mesh} />
    <div class="mesh-column">
      <${StartForm} app=${app} mesh=${mesh} />
      <${TaskRows} app=${app} tasks=${mesh.tasks}><${Rebuild} app=${app} mesh=${mesh} /><//>
    </div>
    <div class="mesh-column">
      <${AgentList} mesh=${mesh} />
      <section class="mesh-section"><h2>${text.breakers.title}</h2><${BreakerList} mesh=${mesh} /></section>
      <${Rules} mesh=${mesh} />
    </div>
  </div>`;
}

function Figures({ mesh }) {
  const agents = mesh.agents.value.value;
  if (!agents) return null;
  const now = Date.now();
  const sum = (name) => agents.reduce((total, each) => total + (each[name] ?? 0), 0);
  const open = agents.reduce((total, { breakers }) => total + (Array.isArray(breakers) ? breakers.filter(({ state }) => state !== "closed").length : 0), 0);
  const ill = agents.filter((each) => tone(agentState(each, now)) === "bad").length;
  const words = text.figures;
  return html`<dl class="figures" aria-label=${words.label}>
    <${Figure} name=${words.agents} value=${agents.length} />
    <${Figure} name=${words.healthy} value=${agents.length - ill} mood=${ill ? "bad" : "good"} />
    <${Figure} name=${words.waiting} value=${sum("inbox") + sum("outbox")} />
    <${Figure} name=${words.effects} value=${sum("effects")} />
    <${Figure} name=${words.dead} value=${sum("deadLetters")} mood=${sum("deadLetters") ? "bad" : ""} />
    <${Figure} name=${words.breakers} value=${open} mood=${open ? "bad" : ""} />
  </dl>`;
}
