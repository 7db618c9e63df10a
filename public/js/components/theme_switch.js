// Light, dark or as the system says.
import { html } from "../lib.js";
import { text } from "../text.js";
import { THEMES, chooseTheme, theme } from "../theme.js";

export function ThemeSwitch() {
  return html`<fieldset class="segments theme">
    <legend class="unseen">${text.theme.label}</legend>
    ${THEMES.map(
      (name) => html`<label><input
        type="radio"
        name="theme"
        value=${name}
        checked=${theme.value === name}
        onChange=${() => chooseTheme(name)}
      /><span>${text.theme[name]}</span></label>`,
    )}
  </fieldset>`;
}
