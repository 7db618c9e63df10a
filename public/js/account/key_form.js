// Makes a key: what it is for, what it may do, and when it ends.
import { html, useId } from "../lib.js";
import { DialogHead } from "../components/dialog_head.js";
import { Modal } from "../components/modal.js";
import { Check, Field, Refusal, Submit, useForm } from "./form.js";
import { keyProblems } from "./rules.js";
import { text } from "./text.js";

const USUAL = ["chat", "runs:read", "runs:write"];
const USUAL_DAYS = 90;

export function KeyForm({ account, onClose }) {
  const may = (scope) => account.scopes.includes(scope);
  const { values, problems, words, busy, set, form, submit } = useForm({
    first: { name: "", scopes: USUAL.filter(may), expiresInDays: USUAL_DAYS },
    check: keyProblems,
    send: (given) => account.makeKey(given),
  });
  const toggle = (scope) => (on) => set("scopes")(values.scopes.filter((each) => each !== scope).concat(on ? scope : []));
  return html`<${Modal} class="small" label=${text.form.title} onClose=${onClose}>
    <${DialogHead} title=${text.form.title} onClose=${onClose} />
    <form ref=${form} class="fields" novalidate onSubmit=${submit}>
      <${Field}
        label=${text.form.name}
        hint=${text.form.nameHint}
        problem=${problems.name}
        value=${values.name}
        onValue=${set("name")}
        maxlength="80"
        autocomplete="off"
        autofocus
        required
      />
      <fieldset class="choices">
        <legend>${text.form.scopes}</legend>
        ${problems.scopes && html`<p class="field-problem" role="alert">${problems.scopes}</p>`}
        ${Object.entries(text.scopes).map(
          ([scope, { name, hint }]) => html`<${Check}
            label=${name}
            hint=${may(scope) ? hint : text.form.beyond}
            checked=${values.scopes.includes(scope)}
            disabled=${!may(scope)}
            onChecked=${toggle(scope)}
          />`,
        )}
      </fieldset>
      <${Ends} chosen=${values.expiresInDays} onChoose=${set("expiresInDays")} />
      <${Refusal} words=${words} />
      <${Submit} busy=${busy} label=${text.form.make} />
    </form>
  <//>`;
}

function Ends({ chosen, onChoose }) {
  const id = useId();
  return html`<div class="field">
    <label for=${id}>${text.form.expires}</label>
    <select id=${id} onChange=${(event) => onChoose(Number(event.target.value))}>
      ${Object.entries(text.form.ends).map(([days, words]) => html`<option value=${days} selected=${Number(days) === chosen}>${words}</option>`)}
    </select>
  </div>`;
}
