// A question of the assistant to the person: may this be done? It comes from the server's state, so it
// is there after a reload, and it is answered once.
import { html } from "../lib.js";
import { toolName } from "../fold.js";
import { talkText } from "../talk_text.js";
import { text } from "../text.js";
import { Icon } from "./icon.js";
import { meantBy } from "./tool_summary.js";

export function ApprovalCard({ part, chat, tasks }) {
  const answered = chat.answering.value.has(part.toolCallId);
  const titles = meantBy(part, tasks);
  const answer = (approved) => chat.approve(part.toolCallId, approved);
  return html`<section
    class="card approval"
    id=${`approval-${part.toolCallId}`}
    tabindex="-1"
    aria-label=${talkText.approvals.title}
  >
    <p><b>${talkText.approvals.question(toolName(part))}</b></p>
    <${Subject} titles=${titles} input=${part.input ?? {}} />
    ${answered
      ? html`<p class="hint">${talkText.approvals.sending}</p>`
      : html`<div class="actions">
          <button
            type="button"
            class="button"
            disabled=${!chat.live}
            onClick=${() => answer(false)}
          ><${Icon} name="close" />${talkText.approvals.deny}</button>
          <button
            type="button"
            class="button primary"
            disabled=${!chat.live}
            onClick=${() => answer(true)}
          ><${Icon} name="check" />${talkText.approvals.approve}</button>
        </div>`}
  </section>`;
}

/** What it is about: titles where there are some, else what the call was given. */
function Subject({ titles, input }) {
  if (titles.length > 0) return html`<ul>${titles.map((title) => html`<li>${title}</li>`)}</ul>`;
  if (Object.keys(input).length === 0) return null;
  return html`<pre tabindex="0" aria-label=${talkText.tools.input}>${JSON.stringify(input, null, 2)}</pre>`;
}
