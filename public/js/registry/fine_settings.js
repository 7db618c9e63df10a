// The rarer settings of an agent: its memory, what is taken out of answers, kept answers, AI Gateway. Folded away until
// somebody wants them, they differ from the usual, or one of them is wrong.
import { Field } from "../components/field.js";
import { Icon } from "../components/icon.js";
import { html } from "../lib.js";
import { CACHES } from "./agent_draft.js";
import { text } from "./text.js";

const words = text.form;
const FIELDS = ["secrets", "personalData", "cache", "cacheSeconds", "gatewayId", "gatewaySkipCache", "gatewayCacheTtl", "gatewayCollectLog"];

/** `line(name, label, more)` draws a field of one line. */
export function FineSettings({ draft, write, wrong, line }) {
  const open = FIELDS.some((field) => wrong[field]) || undefined;
  const chosen = (field) => (event) => write({ [field]: event.target.value });
  const tick = (field, label, hint = null) => html`<label class="check">
    <input type="checkbox" checked=${draft[field]} onChange=${(event) => write({ [field]: event.target.checked })} />
    <span><b>${label}</b>${hint && html`<span class="hint">${hint}</span>`}</span>
  </label>`;
  return html`
    <fieldset class="reg-group"><legend>${words.memory}</legend>
      ${tick("memory", words.useMemory, words.useMemoryHint)}
      ${draft.memory && line("passages", words.passages, { hint: words.passagesHint, inputmode: "numeric" })}
    </fieldset>
    <details class="fold reg-fine" open=${open}>
      <summary><${Icon} name="chevron" />${words.more}</summary>
      <div class="reg-fields">
        <fieldset class="reg-group"><legend>${words.filter}</legend>${tick("secrets", words.secrets, words.secretsHint)}${tick("personalData", words.personal, words.personalHint)}</fieldset>
        <${Field} name="cache" label=${words.cache} hint=${words.cacheHints[draft.cache]} box=${(joined) => html`<select ...${joined} value=${draft.cache} onChange=${chosen("cache")}>
          ${CACHES.map((each) => html`<option value=${each}>${words.caches[each]}</option>`)}
        </select>`} />
        ${draft.cache !== "never" && line("cacheSeconds", words.cacheSeconds, { hint: words.cacheSecondsHint, inputmode: "numeric" })}
        <fieldset class="reg-group"><legend>${words.gateway}</legend>
          ${line("gatewayId", words.gatewayId, { hint: words.gatewayIdHint, spellcheck: false, autocapitalize: "off" })}
          ${line("gatewayCacheTtl", words.gatewayTtl, { inputmode: "numeric" })}
          ${tick("gatewaySkipCache", words.gatewaySkip)}
          <${Field} name="gatewayCollectLog" label=${words.gatewayLog} box=${(joined) => html`<select ...${joined} value=${draft.gatewayCollectLog} onChange=${chosen("gatewayCollectLog")}>
            ${Object.entries(words.gatewayLogs).map(([value, label]) => html`<option value=${value}>${label}</option>`)}
          </select>`} />
        </fieldset>
      </div>
    </details>`;
}
