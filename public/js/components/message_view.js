// One message: the person's in a bubble, the assistant's as its parts in order.
import { html, useState } from "../lib.js";
import { isTool } from "../fold.js";
import { Markdown } from "../markdown/render.js";
import { DELIVERY } from "../message.js";
import { text } from "../text.js";
import { OUTCOME, TOOL_STATE } from "../wire.js";
import { AnswerFoot } from "./answer_foot.js";
import { CopyButton } from "./copy_button.js";
import { EditForm } from "./edit_form.js";
import { Icon, IconButton } from "./icon.js";
import { ToolGroup } from "./tool_group.js";

export function MessageView({ app, chat, message, last }) {
  return message.role === "user" ? html`<${Question} app=${app} chat=${chat} message=${message} />` : html`<${Answer}
    app=${app}
    chat=${chat}
    message=${message}
    last=${last}
  />`;
}

function Question({ app, chat, message }) {
  const [editing, setEditing] = useState(false);
  const delivery = message.delivery.value;
  if (editing) return html`<${EditForm} chat=${chat} message=${message} onDone=${() => setEditing(false)} />`;
  const away = chat.catchingUp.value || !chat.live;
  const waiting = away ? text.chat.waiting : text.chat.sending;
  const note = { [DELIVERY.waiting]: waiting, [DELIVERY.failed]: text.chat.refused }[delivery];
  return html`<article class=${`message question ${delivery}`} aria-label=${text.chat.you}>
    <div class="bubble">${message.text}</div>
    ${note && html`<p class="note">${note}</p>`}
    <div class="tools-row">
      <${CopyButton} words=${() => message.text} toasts=${app.toasts} label=${text.chat.copy} />
      ${delivery === DELIVERY.sent && html`<${IconButton}
        icon="edit"
        label=${text.chat.edit}
        data-edit=${message.id}
        disabled=${!chat.live}
        onClick=${() => setEditing(true)}
      />`}
    </div>
  </article>`;
}

function Answer({ app, chat, message, last }) {
  const metadata = message.metadata.value;
  const streaming = message.streaming.value;
  const reminder = metadata.kind === "reminder";
  return html`<article
    class=${`message answer ${reminder ? "reminder" : ""} ${streaming ? "streaming" : ""}`}
    aria-label=${reminder ? text.chat.reminder : text.chat.assistant}
    aria-busy=${streaming}
  >
    ${reminder && html`<p class="label"><${Icon} name="bell" />${text.chat.reminder}</p>`}
    ${sections(message.parts.value).map((section, index) => html`<${Section}
      key=${index}
      section=${section}
      streaming=${streaming}
      chat=${chat}
      tasks=${waits(section) ? app.tasks.value?.list.value : null}
    />`)}
    ${!streaming && html`<${Outcome} outcome=${metadata.outcome} />`}
    ${!streaming && html`<${AnswerFoot} app=${app} chat=${chat} message=${message} last=${last} />`}
  </article>`;
}

/** Neighbouring tool calls become one section; everything else is a section of its own. */
function sections(parts) {
  const result = [];
  for (const part of parts) {
    if (part.type === "step-start") continue;
    if (isTool(part) && result.at(-1)?.tools) result.at(-1).tools.push(part);
    else result.push(isTool(part) ? { tools: [part] } : { part });
  }
  return result;
}

const waits = ({ tools }) => tools?.some((part) => part.state === TOOL_STATE.approvalRequested);

function Section({ section, streaming, chat, tasks }) {
  if (section.tools) return html`<${ToolGroup}
    parts=${section.tools}
    chat=${chat}
    tasks=${tasks}
    streaming=${streaming}
  />`;
  const { part } = section;
  const open = streaming && part.state === "streaming";
  if (part.type === "text") return html`<${Markdown} text=${part.text} streaming=${open} />`;
  if (part.type === "reasoning") return html`<${Reasoning} text=${part.text} open=${open} />`;
  return null;
}

function Reasoning({ text: words, open }) {
  return html`<details class="fold">
    <summary><${Icon} name="chevron" />${text.chat.reasoning}</summary>
    <${Markdown} text=${words} streaming=${open} />
  </details>`;
}

const ENDINGS = {
  [OUTCOME.cancelled]: text.chat.cancelled,
  [OUTCOME.interrupted]: text.chat.interrupted,
  [OUTCOME.failed]: text.chat.failed,
};

function Outcome({ outcome }) {
  const words = ENDINGS[outcome];
  return words ? html`<p class="note">${words}</p>` : null;
}
