// What the result must look like: anything, a few fields, or a JSON Schema.
import { Icon, IconButton } from "../components/icon.js";
import { Segments } from "../components/segments.js";
import { html, useState } from "../lib.js";
import { inView } from "./draft.js";
import { JsonEditor } from "./json_editor.js";
import { newRow, ROW_KINDS, rowFindings } from "./result_fields.js";
import { text } from "./text.js";

const words = text.form;

export function SchemaEditor({ draft, change, wrong }) {
  const [refused, setRefused] = useState(0); // how often a schema said too much for rows
  const [tooRich, setTooRich] = useState(false);
  const { schemaView } = draft;
  const choose = (view) => {
    const next = inView(draft, view);
    setTooRich(!next.schemaView);
    if (!next.schemaView) {
      setRefused(refused + 1); // draws the choice anew, as it was
      document.getElementById("field-schema").focus();
    }
    change(next.schemaView === "fields" && !(next.rows ?? draft.rows).length ? { ...next, rows: [newRow()] } : next);
  };
  return html`<section class="fn-part" aria-label=${words.schema}>
    <div class="fn-part-head">
      <h2>${words.schema}</h2>
      <${Segments} key=${refused} label=${words.schemaView} options=${words.schemaViews} chosen=${schemaView} onChoose=${choose} />
    </div>
    ${tooRich && schemaView === "json" && html`<p class="fn-note" role="status">${words.tooRich}</p>`}
    ${schemaView === "json"
      ? html`<${JsonEditor}
          name="schema"
          label=${html`<span class="unseen">${words.schemaViews.json}</span>`}
          hint=${words.schemaHint.json}
          wrong=${wrong}
          words=${draft.schema}
          onWords=${(schema) => change({ schema })}
          rows=${6}
        />`
      : html`${wrong && html`<p class="field-wrong">${wrong}</p>`}<p class="hint">${words.schemaHint[schemaView]}</p>`}
    ${schemaView === "fields" && html`<${Rows} rows=${draft.rows} change=${(rows) => change({ rows })} />`}
  </section>`;
}

function Rows({ rows, change }) {
  const wrong = rowFindings(rows);
  const set = (at, values) => change(rows.map((row, each) => (each === at ? { ...row, ...values } : row)));
  return html`<ul class="fn-rows" aria-label=${text.rows.label}>
      ${rows.map((row, at) => html`<${Row} key=${at} row=${row} number=${at + 1} wrong=${wrong[at]} set=${(values) => set(at, values)} remove=${() => change(rows.filter((_, each) => each !== at))} />`)}
    </ul>
    <div><button type="button" class="button small" onClick=${() => change([...rows, newRow()])}><${Icon} name="add" />${text.rows.add}</button></div>`;
}

function Row({ row, number, wrong, set, remove }) {
  const id = `row-${number}-wrong`;
  return html`<li class=${`fn-row ${wrong ? "wrong" : ""}`}>
    <input
      aria-label=${text.rows.name(number)}
      placeholder=${text.rows.namePlaceholder}
      aria-invalid=${wrong ? "true" : null}
      aria-describedby=${wrong ? id : null}
      autocomplete="off"
      autocapitalize="off"
      spellcheck=${false}
      value=${row.name}
      onInput=${(event) => set({ name: event.target.value })}
    />
    <select aria-label=${text.rows.kind(number)} value=${row.kind} onChange=${(event) => set({ kind: event.target.value })}>
      ${ROW_KINDS.map((kind) => html`<option value=${kind}>${text.rows.kinds[kind]}</option>`)}
    </select>
    <label class="fn-tick"><input type="checkbox" checked=${row.required} onChange=${(event) => set({ required: event.target.checked })} /><span>${text.rows.required}</span></label>
    <${IconButton} icon="close" label=${text.rows.remove(number)} onClick=${remove} />
    ${row.kind === "choice" && html`<input
      class="fn-row-choices"
      aria-label=${text.rows.choices(number)}
      placeholder=${text.rows.choicesPlaceholder}
      autocomplete="off"
      value=${row.choices}
      onInput=${(event) => set({ choices: event.target.value })}
    />`}
    ${wrong && html`<p class="field-wrong" id=${id}>${text.rows.wrong[wrong]}</p>`}
  </li>`;
}
