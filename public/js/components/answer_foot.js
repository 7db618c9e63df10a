// Under an answer: copy, answer again, and what it took (model, tokens, cost, time).
import { html } from "../lib.js";
import { exactTime } from "../dates.js";
import { text } from "../text.js";
import { OUTCOME } from "../wire.js";
import { CopyButton } from "./copy_button.js";
import { Icon, IconButton } from "./icon.js";

export function AnswerFoot({ app, chat, message, last }) {
  const metadata = message.metadata.value;
  const own = metadata.kind !== "reminder" && metadata.outcome !== OUTCOME.waiting;
  const again = last && own && !chat.turns.current.value;
  const poor = metadata.degraded || [OUTCOME.failed, OUTCOME.interrupted].includes(metadata.outcome);
  return html`<footer class="tools-row">
    ${message.text && html`<${CopyButton}
      words=${() => message.text}
      toasts=${app.toasts}
      label=${text.chat.copy}
    />`}
    ${again && !poor && html`<${IconButton}
      icon="repeat"
      label=${text.chat.regenerate}
      disabled=${!chat.live}
      onClick=${() => chat.regenerate()}
    />`}
    ${metadata.degraded && html`<span
      class="badge warn"
      title=${metadata.degradedReason ?? text.chat.degradedHint}
    >${text.chat.degraded}</span>`}
    ${again && poor && html`<button
      type="button"
      class="button small"
      disabled=${!chat.live}
      onClick=${() => chat.regenerate()}
    ><${Icon} name="repeat" />${text.retry}</button>`}
    <${Measures} metadata=${metadata} />
  </footer>`;
}

function Measures({ metadata: { model, usage, latencyMs, createdAt } }) {
  const shown = [
    model && { words: shortModel(model), detail: model },
    usage && tokens(usage),
    usage?.costUsd !== undefined && usage?.costUsd !== null && { words: text.chat.cost(usage.costUsd) },
    latencyMs !== undefined && { words: text.chat.seconds(latencyMs) },
  ].filter(Boolean);
  if (shown.length === 0) return null;
  const each = shown.map(({ words, detail }) => html`<span title=${detail}>${words}</span>`);
  return html`<p class="measures" title=${exactTime(createdAt)}>${each}</p>`;
}

function tokens({ inputTokens, outputTokens }) {
  return { words: text.chat.tokens(inputTokens + outputTokens), detail: text.chat.tokensDetail(inputTokens, outputTokens) };
}

const shortModel = (model) => model.split("/").at(-1);
