// What is left to spend, what is held for work under way, and how far today's budget reaches.
import { html } from "../lib.js";
import { Loaded } from "../components/loaded.js";
import { number } from "./format.js";
import { Panel } from "./panel.js";
import { text } from "./text.js";

export function Credits({ account }) {
  return html`<${Panel} title=${text.credits.title} class="credits">
    <${Loaded} from=${account.credits} failed=${text.credits.failed}>
      ${({ balance, reserved, budget }) => html`
        <p class="balance"><b>${number(balance)}</b> ${text.credits.unit(balance)}</p>
        ${reserved > 0 && html`<p>${text.credits.reserved(number(reserved))}</p>`}
        ${budget?.limit > 0 && html`<${Budget} ...${budget} />`}
        <p class="hint">${text.credits.worth}</p>
      `}
    <//>
  <//>`;
}

function Budget({ spent, limit }) {
  const share = Math.min(1, spent / limit);
  const words = text.credits.of(number(spent), number(limit));
  return html`<div class=${`budget ${share >= 0.9 ? "high" : ""}`}>
    <p><span>${text.credits.today}</span><span>${words}</span></p>
    <div
      class="meter"
      role="meter"
      aria-label=${text.credits.today}
      aria-valuemin="0"
      aria-valuemax=${limit}
      aria-valuenow=${Math.min(spent, limit)}
      aria-valuetext=${words}
    ><i style=${{ width: `${share * 100}%` }}></i></div>
    <p class="hint">${spent >= limit ? text.credits.over : text.credits.left(number(limit - spent))}</p>
  </div>`;
}
