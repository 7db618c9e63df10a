// One field of a form: its name, its box, a hint, and what is wrong with it, where it is wrong.
import { html } from "../lib.js";

/** `box(properties)` draws the box with the properties that join it to its hint and its error. */
export function Field({ name, label, hint = null, wrong = null, box }) {
  const id = `field-${name}`;
  const described = [wrong && `${id}-wrong`, hint && `${id}-hint`].filter(Boolean).join(" ") || null;
  return html`<div class=${`form-field ${wrong ? "wrong" : ""}`}>
    <label for=${id}>${label}</label>
    ${box({ id, name, "aria-describedby": described, "aria-invalid": wrong ? "true" : null })}
    ${wrong && html`<p class="field-wrong" id=${`${id}-wrong`}>${wrong}</p>`}
    ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
  </div>`;
}
