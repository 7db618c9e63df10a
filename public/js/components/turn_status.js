// The end of the log: what the running turn is doing before its first word, or why the last one failed.
import { html } from "../lib.js";
import { limitTitle, wayOn } from "../limits.js";
import { address } from "../router.js";
import { text } from "../text.js";
import { PHASE } from "../turns.js";
import { Icon } from "./icon.js";

const WORDS = {
  [PHASE.waiting]: text.chat.thinking,
  [PHASE.queued]: text.chat.queued,
  [PHASE.stopping]: text.chat.stopping,
};

export function TurnStatus({ app, chat }) {
  const failure = chat.turns.failure.value;
  if (failure) return html`<${Failure} app=${app} chat=${chat} failure=${failure} />`;
  if (chat.recovering.value) return html`<${Waiting} words=${text.chat.recovering} />`;
  const turn = chat.turns.current.value;
  if (!turn) return null;
  const words = WORDS[turn.phase.value];
  return words ? html`<${Waiting} words=${words} />` : null;
}

function Waiting({ words }) {
  return html`<p class="waiting"><span class="swell" aria-hidden="true"><i></i><i></i><i></i></span>${words}</p>`;
}

function Failure({ app, chat, failure }) {
  const way = wayOn(failure, { guest: app.guest });
  return html`<div class="card error" role="alert">
    <${Icon} name="warning" />
    <div><p><b>${limitTitle(failure.code) ?? text.chat.failed}</b> ${failure.text}</p>${failure.nextStep && html`<p class="hint">${failure.nextStep}</p>`}</div>
    ${way && html`<a class="button primary" href=${address("account")}>${way}</a>`}
    ${failure.retryable && html`<button
      type="button"
      class="button"
      disabled=${!chat.live}
      onClick=${() => chat.regenerate()}
    ><${Icon} name="repeat" />${text.retry}</button>`}
  </div>`;
}
