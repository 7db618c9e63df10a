// Each thing that the platform needs: how it was when it was last looked at, and how long ago that was.
import { Icon } from "../components/icon.js";
import { useNow } from "../components/now.js";
import { html } from "../lib.js";
import { ago, span } from "./format.js";
import { Panel } from "./panel.js";
import { text } from "./text.js";

const words = text.health;
const MARKS = { ok: ["good", "check"], degraded: ["ask", "warning"], down: ["bad", "close"] };

export function Health({ summary, operations }) {
  const now = useNow(true);
  const since = Math.max(0, now - (operations.lookedAtMs.value || now));
  return html`<${Panel} title=${words.title} actions=${html`<p class="hint">${text.looked(ago(since))}</p>`}>
    <p class=${summary.status === "ready" ? "ops-well" : "ops-ill"} role="status">${words[summary.status]}</p>
    <ul class="ops-health">${Object.entries(summary.dependencies).map(
      ([name, state]) => html`<${Dependency} key=${name} name=${name} state=${state} since=${since} />`,
    )}</ul>
  <//>`;
}

function Dependency({ name, state, since }) {
  const [mood, icon] = MARKS[state.status];
  return html`<li>
    <span class=${`chip ${mood}`}><span class=${`dot ${mood}`}><${Icon} name=${icon} /></span>${words.states[state.status]}</span>
    <div>
      <p><b>${words.names[name] ?? name}</b>${!state.needed && html`<span class="hint ops-optional">${words.optional}</span>`}</p>
      <p class="hint">${words.seen(span(state.latencyMs), ago(state.ageMs + since))}</p>
      ${state.detail && html`<p class="hint">${state.detail}</p>`}
    </div>
  </li>`;
}
