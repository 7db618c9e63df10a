// The inbox of approvals of this session: one line above the box, with the way to each card.
import { html } from "../lib.js";
import { toolName } from "../fold.js";
import { talkText } from "../talk_text.js";
import { text } from "../text.js";
import { Icon } from "./icon.js";

export function Approvals({ chat }) {
  const waiting = chat.approvals.value.filter((part) => !chat.answering.value.has(part.toolCallId));
  if (waiting.length === 0) return null;
  return html`<details class="inbox">
    <summary><${Icon} name="bell" /><span role="status">${talkText.approvals.inbox(waiting.length)}</span></summary>
    <ul>
      ${waiting.map(
        (part) => html`<li key=${part.toolCallId}><span>${talkText.approvals.question(toolName(part))}</span>
          <button
            type="button"
            class="button small"
            onClick=${() => show(part.toolCallId)}
          >${talkText.approvals.show}</button>
          <button
            type="button"
            class="button small"
            disabled=${!chat.live}
            onClick=${() => chat.approve(part.toolCallId, false)}
          >${talkText.approvals.deny}</button>
          <button
            type="button"
            class="button small primary"
            disabled=${!chat.live}
            onClick=${() => chat.approve(part.toolCallId, true)}
          >${talkText.approvals.approve}</button>
        </li>`,
      )}
    </ul>
  </details>`;
}

function show(toolCallId) {
  const card = document.getElementById(`approval-${toolCallId}`);
  card?.scrollIntoView({ block: "center" });
  card?.focus();
}
