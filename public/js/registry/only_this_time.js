// What differs from the agent for one execution only, folded away until somebody wants it.
import { Field } from "../components/field.js";
import { Icon } from "../components/icon.js";
import { html } from "../lib.js";
import { CACHES } from "./agent_draft.js";
import { text } from "./text.js";

const words = text.execute;

export function OnlyThisTime({ agent, draft, change, wrong }) {
  return html`<details class="fold" open=${wrong.temperature ? true : undefined}>
    <summary><${Icon} name="chevron" />${words.options}</summary>
    <div class="reg-pair">
      <${Field} name="temperature" label=${words.temperature} hint=${words.temperatureHint(agent.temperature)} wrong=${wrong.temperature} box=${(joined) => html`<input
        ...${joined} inputmode="decimal" autocomplete="off" value=${draft.temperature} onInput=${(event) => change({ temperature: event.target.value })} />`} />
      <${Field} name="cache" label=${words.cache} box=${(joined) => html`<select ...${joined} value=${draft.cache} onChange=${(event) => change({ cache: event.target.value })}>
        <option value="">${words.cacheAs}</option>
        ${CACHES.map((each) => html`<option value=${each}>${text.form.caches[each]}</option>`)}
      </select>`} />
    </div>
  </details>`;
}
