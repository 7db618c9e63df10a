// The rarer options of a call, folded away until somebody wants them or one of them is wrong.
import { Field } from "../components/field.js";
import { Icon } from "../components/icon.js";
import { html } from "../lib.js";
import { EMPTY } from "./draft.js";
import { JsonEditor } from "./json_editor.js";
import { text } from "./text.js";

const words = text.form;
const FIELDS = ["language", "network", "examples", "deadline", "assignee", "note"];

export function CallOptions({ draft, change, wrong }) {
  const open = FIELDS.some((field) => wrong[field] || draft[field] !== EMPTY[field]);
  const typed = (field) => (event) => change({ [field]: event.target.value });
  const line = (field, label, hint = null) => html`<${Field} name=${field} label=${label} hint=${hint} wrong=${wrong[field]} box=${(joined) => html`<input
    ...${joined} maxlength="2000" autocomplete="off" value=${draft[field]} onInput=${typed(field)} />`} />`;
  return html`<details class="fold fn-options" open=${open}>
    <summary><${Icon} name="chevron" />${words.options}</summary>
    <div class="fn-fields">
      <${Field} name="language" label=${words.language} box=${(joined) => html`<select ...${joined} value=${draft.language} onChange=${typed("language")}>
        <option value="">${words.anyLanguage}</option>
        ${Object.entries(words.languages).map(([value, label]) => html`<option value=${value}>${label}</option>`)}
      </select>`} />
      <${Field} name="network" label=${words.network} hint=${words.networkHint} wrong=${wrong.network} box=${(joined) => html`<textarea
        ...${joined} class="code-box" rows="2" spellcheck=${false} autocapitalize="off" value=${draft.network} onInput=${typed("network")}></textarea>`} />
      <${JsonEditor} name="examples" label=${words.exampleCalls} hint=${words.exampleCallsHint} wrong=${wrong.examples} words=${draft.examples} onWords=${(examples) => change({ examples })} rows=${2} />
      <${Field} name="deadline" label=${words.deadline} hint=${words.deadlineHint} wrong=${wrong.deadline} box=${(joined) => html`<span class="pair">
        <input ...${joined} inputmode="decimal" autocomplete="off" value=${draft.deadline} onInput=${typed("deadline")} />
        <select aria-label=${words.deadlineUnit} value=${draft.deadlineUnit} onChange=${typed("deadlineUnit")}>
          ${Object.entries(words.units).map(([unit, label]) => html`<option value=${unit}>${label}</option>`)}
        </select>
      </span>`} />
      ${line("assignee", words.assignee)}
      ${line("note", words.note)}
    </div>
  </details>`;
}
