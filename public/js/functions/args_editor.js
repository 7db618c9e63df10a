// The arguments of a call, as a form that follows from the JSON typed so far and as that JSON: one text, two views.
import { Field } from "../components/field.js";
import { Icon } from "../components/icon.js";
import { Segments } from "../components/segments.js";
import { html, useRef, useState } from "../lib.js";
import { formOf, schemaOf } from "./form_fields.js";
import { faultWords, JsonEditor } from "./json_editor.js";
import { isObject, read, withAt, write } from "./json_text.js";
import { SchemaForm } from "./schema_form.js";
import { text } from "./text.js";

const words = text.json;
const NEW = { text: "", number: 0, list: [], flag: false };

export function ArgsEditor({ draft, change, wrong }) {
  return html`<section class="fn-part" aria-label=${text.form.args}>
    <div class="fn-part-head">
      <h2>${text.form.args}</h2>
      <${Segments} label=${text.form.argsView} options=${{ form: words.form, json: words.json }} chosen=${draft.argsView} onChoose=${(argsView) => change({ argsView })} />
    </div>
    ${draft.argsView === "json"
      ? html`<${JsonEditor}
          name="args"
          label=${html`<span class="unseen">${text.form.args}</span>`}
          hint=${text.form.argsHint}
          wrong=${wrong}
          words=${draft.args}
          onWords=${(args) => change({ args })}
        />`
      : html`<${ArgsForm} draft=${draft} change=${change} wrong=${wrong} />`}
  </section>`;
}

function ArgsForm({ draft, change, wrong }) {
  const { value, fault } = read(draft.args);
  if (fault) return html`<p class="fn-note" role="status">${words.unreadable} ${faultWords(fault)}
    <button type="button" class="fn-link" onClick=${() => change({ argsView: "json" })}>${words.fix}</button></p>`;
  const set = (next) => change({ args: next === undefined || (isObject(next) && Object.keys(next).length === 0) ? "" : write(next) });
  const isWhole = value !== undefined && !isObject(value);
  return html`
    ${wrong && html`<p class="field-wrong">${wrong}</p>`}
    ${value === undefined && html`<p class="hint">${words.noArgs} ${text.form.argsHint}</p>`}
    ${isWhole && html`<${Whole} value=${value} set=${set} />`}
    ${isObject(value) && html`<${SchemaForm}
      id="args"
      field=${formOf(schemaOf(value))}
      value=${value}
      wrong=${{}}
      onValue=${(path, next) => keeps(at(value, path), next) && set(withAt(value, path, settled(at(value, path), next)))}
      onRemove=${(name) => set(withAt(value, [name], undefined))}
    />`}
    ${!isWhole && html`<${Adder} value=${value ?? {}} set=${set} />`}
  `;
}

function Whole({ value, set }) {
  const field = { ...formOf(schemaOf(value)), label: words.whole };
  return html`<${SchemaForm} id="args" field=${field} value=${value} wrong=${{}} onValue=${(_path, next) => keeps(value, next) && set(settled(value, next))} />`;
}

const at = (value, path) => path.reduce((found, name) => found?.[name], value);

/** The form follows the kinds of the values, so what is not of the kind (yet) waits in its box. */
function keeps(before, next) {
  if (typeof before === "number") return typeof next === "number";
  if (!Array.isArray(before) || !Array.isArray(next) || before.length === 0) return true;
  return next.every((each) => typeof each === typeof before[0]);
}

/** Text and lists that were emptied are empty, not gone. */
function settled(before, next) {
  if (next !== undefined) return next;
  return typeof before === "string" ? "" : Array.isArray(before) ? [] : before;
}

function Adder({ value, set }) {
  const box = useRef(null);
  const [kind, setKind] = useState("text");
  const [complaint, setComplaint] = useState(null);
  const add = () => {
    const name = box.current.value.trim();
    if (!name) return box.current.focus();
    if (name in value) return setComplaint(words.taken);
    setComplaint(null);
    box.current.value = "";
    set({ ...value, [name]: NEW[kind] });
    requestAnimationFrame(() => document.getElementById(`field-args.${name}`)?.focus());
  };
  const onKeyDown = (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing) return;
    event.preventDefault();
    add();
  };
  return html`<div class="fn-adder">
    <${Field} name="new-arg" label=${html`<span class="unseen">${words.addLabel}</span>`} wrong=${complaint} box=${(joined) => html`<input
      ...${joined} ref=${box} maxlength="80" autocomplete="off" autocapitalize="off" spellcheck=${false} placeholder=${words.addPlaceholder} onKeyDown=${onKeyDown} />`} />
    <select aria-label=${words.addKind} value=${kind} onChange=${(event) => setKind(event.target.value)}>
      ${Object.entries(words.addKinds).map(([each, label]) => html`<option value=${each}>${label}</option>`)}
    </select>
    <button type="button" class="button" onClick=${add}><${Icon} name="add" />${words.add}</button>
  </div>`;
}
