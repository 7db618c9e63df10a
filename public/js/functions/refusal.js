// Why something was not done, and the way on where there is one: the job, credits, another key, or waiting.
import { Icon } from "../components/icon.js";
import { html } from "../lib.js";
import { wayOn } from "../limits.js";
import { accountAddress, jobAddress } from "./address.js";
import { text } from "./text.js";

export function Refusal({ app, error }) {
  const way = wayOn(error, { guest: app.guest }) ?? (error.status === 403 ? text.noAccess.action : null);
  const title = text.refused[error.status];
  return html`<div class="card error fn-card" role="alert">
    <${Icon} name="warning" />
    <div>
      <p><b>${title ?? error.message}</b></p>
      ${title && html`<p>${error.message}</p>`}
      ${error.nextStep && html`<p>${error.nextStep}</p>`}
      ${way && html`<p class="fn-way"><a href=${accountAddress}>${way}</a></p>`}
      ${error.jobId && html`<p class="fn-way"><a href=${jobAddress(error.jobId)}>${text.result.job}</a></p>`}
    </div>
  </div>`;
}
