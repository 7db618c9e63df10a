// One choice out of a few, side by side: radio buttons that look like one control.
import { html, useId } from "../lib.js";

/** `options` is {value: words}. */
export function Segments({ label, options, chosen, onChoose }) {
  const name = useId();
  return html`<fieldset class="segments">
    <legend class="unseen">${label}</legend>
    ${Object.entries(options).map(
      ([value, words]) => html`<label key=${value}><input
        type="radio"
        name=${name}
        checked=${value === String(chosen)}
        onChange=${() => onChoose(value)}
      /><span>${words}</span></label>`,
    )}
  </fieldset>`;
}
