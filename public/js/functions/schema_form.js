// A form made from a JSON Schema (form_fields.js): its fields with their names, hints and errors.
import { Field } from "../components/field.js";
import { IconButton } from "../components/icon.js";
import { html } from "../lib.js";
import { Box, JsonValue } from "./boxes.js";
import { text } from "./text.js";

/**
 * `onValue(path, value)` tells a change. `wrong` is {path: words}, `id` begins the ids of the boxes. With
 * `onRemove(name)` the fields can be taken away.
 */
export function SchemaForm({ id, field, value, wrong, onValue, onRemove = null }) {
  if (field.kind !== "group") return html`<${One} id=${id} field=${{ ...field, label: field.label || text.inbox.answer }} path=${[]} value=${value} wrong=${wrong} onValue=${onValue} />`;
  return html`<div class="fn-fields">
    ${field.fields.map((each) => {
      const one = html`<${One} key=${each.name} id=${id} field=${each} path=${[each.name]} value=${value?.[each.name]} wrong=${wrong} onValue=${onValue} />`;
      return onRemove
        ? html`<div class="fn-removable" key=${each.name}>${one}<${IconButton} icon="close" label=${text.json.remove(each.name)} onClick=${() => onRemove(each.name)} /></div>`
        : one;
    })}
  </div>`;
}

function One({ id, field, path, value, wrong, onValue }) {
  const own = wrong[path.join(".")];
  const name = [id, ...path].join(".");
  const label = field.required || path.length === 0 ? field.label : html`${field.label} <span class="fn-optional">${text.box.optional}</span>`;
  const tell = (next) => onValue(path, next);
  if (field.kind === "group") return html`<${Group} ...${{ id, field, path, label, value, wrong, own, onValue }} />`;
  if (field.kind === "flag") return html`<${Flag} ...${{ name, label, hint: field.hint, value, wrong: own, onValue: tell }} />`;
  if (field.kind === "choices") return html`<${Choices} ...${{ name, label, field, value, wrong: own, onValue: tell }} />`;
  if (field.kind === "json") return html`<${JsonValue} ...${{ field, name, label, hint: field.hint, wrong: own, value, onValue: tell }} />`;
  return html`<${Field} name=${name} label=${label} hint=${hintOf(field)} wrong=${own} box=${(joined) => html`<${Box} field=${field} joined=${joined} value=${value} onValue=${tell} />`} />`;
}

function hintOf({ kind, item, hint }) {
  const usual = kind === "list" && (item === "string" ? text.box.listHint : text.box.numbersHint);
  return [hint, usual].filter(Boolean).join(" ") || null;
}

function Group({ id, field, path, label, value, wrong, own, onValue }) {
  return html`<fieldset class="fn-group">
    <legend>${label}</legend>
    ${field.hint && html`<p class="hint">${field.hint}</p>`}
    ${own && html`<p class="field-wrong">${own}</p>`}
    ${field.fields.map((each) => html`<${One} key=${each.name} id=${id} field=${each} path=${[...path, each.name]} value=${value?.[each.name]} wrong=${wrong} onValue=${onValue} />`)}
  </fieldset>`;
}

/** Neither yes nor no until somebody chooses. */
function Flag({ name, label, hint, value, wrong, onValue }) {
  const answer = (words, own) => html`<label><input
    type="radio"
    name=${name}
    checked=${value === own}
    aria-invalid=${wrong ? "true" : null}
    onChange=${() => onValue(own)}
  /><span>${words}</span></label>`;
  return html`<fieldset class="fn-flag">
    <legend>${label}</legend>
    <div class="segments">${answer(text.box.yes, true)}${answer(text.box.no, false)}</div>
    ${wrong && html`<p class="field-wrong">${wrong}</p>`}
    ${hint && html`<p class="hint">${hint}</p>`}
  </fieldset>`;
}

function Choices({ name, label, field, value, wrong, onValue }) {
  const chosen = Array.isArray(value) ? value : [];
  const toggle = (choice, on) => {
    const next = field.choices.filter((each) => (each === choice ? on : chosen.includes(each)));
    onValue(next.length ? next : undefined);
  };
  return html`<fieldset class="fn-group">
    <legend>${label}</legend>
    ${field.hint && html`<p class="hint">${field.hint}</p>`}
    ${field.choices.map(
      (choice) => html`<label class="check"><input
        type="checkbox"
        name=${name}
        checked=${chosen.includes(choice)}
        aria-invalid=${wrong ? "true" : null}
        onChange=${(event) => toggle(choice, event.target.checked)}
      /><span>${String(choice)}</span></label>`,
    )}
    ${wrong && html`<p class="field-wrong">${wrong}</p>`}
  </fieldset>`;
}
