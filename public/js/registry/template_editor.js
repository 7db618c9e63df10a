// The box for a prompt template: what is filled in is shown as it is typed, and what is wrong with it, where.
import { Field } from "../components/field.js";
import { html, useMemo, useRef } from "../lib.js";
import { LONGEST } from "./agent_draft.js";
import { INPUT, readTemplate } from "./template.js";
import { text } from "./text.js";

const words = text.form;

export function TemplateEditor({ value, onWords, wrong }) {
  const box = useRef(null);
  const { parts, variables, faults } = useMemo(() => readTemplate(value), [value]);
  const show = ({ at }) => {
    box.current.focus();
    box.current.setSelectionRange(at, Math.min(value.length, at + 2));
  };
  return html`<div class="reg-template">
    <${Field} name="promptTemplate" label=${words.template} hint=${words.templateHint} wrong=${wrong} box=${(joined) => html`<textarea
      ...${joined}
      ref=${box}
      class="code-box"
      rows="4"
      spellcheck=${false}
      autocapitalize="off"
      aria-invalid=${wrong || faults.length ? "true" : null}
      value=${value}
      onInput=${(event) => onWords(event.target.value)}
    ></textarea>`} />
    ${value.length > LONGEST.promptTemplate * 0.8 && html`<p class="hint">${words.left(value.length, LONGEST.promptTemplate)}</p>`}
    <${Faults} faults=${faults} show=${show} />
    ${value.trim() && html`<pre class="reg-preview" aria-hidden="true">${parts.map(({ kind, text: piece }, at) => (kind === "text" ? piece : html`<mark key=${at} class=${kind}>${piece}</mark>`))}</pre>`}
    <${Variables} variables=${variables} />
  </div>`;
}

function Faults({ faults, show }) {
  return html`<div role="status"><ul class="reg-faults">
    ${faults.map(
      (fault) => html`<li key=${fault.at}>
        <span class="field-wrong">${words.fault(fault.line, fault.column, words.faults[fault.kind](fault.found))}</span>
        <button type="button" class="reg-link" onClick=${() => show(fault)}>${words.goThere}</button>
      </li>`,
    )}
  </ul></div>`;
}

function Variables({ variables }) {
  return html`<div class="reg-variables" role="status">
    ${variables.length > 0 && html`<p class="hint">${words.variables}</p><ul>${variables.map((name) => html`<li key=${name} class="reg-variable"><code>${name}</code> ${name === INPUT ? words.input : words.variable}</li>`)}</ul>`}
  </div>`;
}
