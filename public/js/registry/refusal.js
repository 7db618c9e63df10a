// Why something was not done, and the way on where there is one: credits, another key, or waiting.
import { Icon } from "../components/icon.js";
import { html } from "../lib.js";
import { wayOn } from "../limits.js";
import { accountAddress } from "./address.js";
import { text } from "./text.js";

export function Refusal({ app, error }) {
  const way = wayOn(error, { guest: app.guest }) ?? (error.status === 403 ? text.noAccess.action : null);
  const title = text.refused[error.status];
  return html`<div class="card error reg-card" role="alert">
    <${Icon} name="warning" />
    <div>
      <p><b>${title ?? error.message}</b></p>
      ${title && html`<p>${error.message}</p>`}
      ${error.nextStep && html`<p>${error.nextStep}</p>`}
      ${way && html`<p><a href=${accountAddress}>${way}</a></p>`}
    </div>
  </div>`;
}
