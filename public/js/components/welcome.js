// What a new talk begins with: a greeting and a few things to try. A starter fills the box, so that it
// can be changed before it is sent.
import { html } from "../lib.js";
import { text } from "../text.js";
import { focusWish, prefill } from "../ui.js";
import { Icon, Logo } from "./icon.js";

export function Welcome() {
  const take = (prompt) => {
    prefill.value = prompt;
    focusWish.value = "composer";
  };
  return html`<div class="stage welcome">
    <${Logo} />
    <h2>${text.welcome.title(new Date().getHours())}</h2>
    <p class="lead">${text.welcome.lead}</p>
    <ul class="starters" aria-label=${text.welcome.startersLabel}>
      ${text.welcome.starters.map(
        ({ title, prompt, icon }) => html`<li><button
          type="button"
          class="starter"
          onClick=${() => take(prompt)}
        ><${Icon} name=${icon} /><span><b>${title}</b><span>${prompt}</span></span></button></li>`,
      )}
    </ul>
  </div>`;
}
