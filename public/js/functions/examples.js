// Ideas for a call: one fills the form, where it can be changed before it is run.
import { html } from "../lib.js";
import { EMPTY } from "./draft.js";
import { write } from "./json_text.js";
import { rowsOf } from "./result_fields.js";
import { text } from "./text.js";

export function Examples({ change }) {
  const take = ({ description, args, schema }) => {
    change({
      ...EMPTY,
      description,
      args: write(args),
      ...(schema ? { schemaView: "fields", rows: rowsOf(schema), schema: write(schema) } : {}),
    });
    document.getElementById("field-description").focus();
  };
  return html`<ul class="examples fn-examples" aria-label=${text.form.examples}>
    ${text.examples.map(
      (example) => html`<li><button type="button" class="example" onClick=${() => take(example)}><b>${example.title}</b><span>${example.description}</span></button></li>`,
    )}
  </ul>`;
}
