// What the assistant did between its words. Finished calls are folded into one line; a failure and a
// question for the person are never folded away. Drawn from typed parts, never from model text.
import { html } from "../lib.js";
import { toolName } from "../fold.js";
import { talkText } from "../talk_text.js";
import { text } from "../text.js";
import { TOOL_STATE } from "../wire.js";
import { ApprovalCard } from "./approval_card.js";
import { Icon } from "./icon.js";
import { summary } from "./tool_summary.js";

const RUNNING = new Set([TOOL_STATE.inputStreaming, TOOL_STATE.inputAvailable]);
const LOUD = new Set([TOOL_STATE.outputError, TOOL_STATE.approvalRequested]);

export function ToolGroup({ parts, chat, tasks, streaming }) {
  const quiet = parts.filter((part) => !LOUD.has(part.state));
  const loud = parts.filter((part) => LOUD.has(part.state));
  return html`
    ${quiet.length > 0 && html`<${Folded} parts=${quiet} streaming=${streaming} />`}
    ${loud.map((part) => html`<${Loud} key=${part.toolCallId} part=${part} chat=${chat} tasks=${tasks} />`)}
  `;
}

function Loud({ part, chat, tasks }) {
  if (part.state === TOOL_STATE.outputError) return html`<${Failed} part=${part} />`;
  return html`<${ApprovalCard} part=${part} chat=${chat} tasks=${tasks} />`;
}

function Folded({ parts, streaming }) {
  const running = streaming && parts.some((part) => RUNNING.has(part.state));
  const shown = parts.slice(0, 3).map(summary);
  const rest = parts.length - shown.length;
  if (rest > 0) shown.push(talkText.tools.group(rest));
  return html`<details class=${`fold tools-fold ${running ? "running" : ""}`}>
    <summary>
      <${Icon} name="chevron" />
      <span class="mark"><${Icon} name=${running ? "wave" : "check"} /></span>
      <span>${shown.join(" · ")}</span>
    </summary>
    ${parts.map((part) => html`<${Call} key=${part.toolCallId} part=${part} />`)}
  </details>`;
}

function Call({ part }) {
  return html`<div class="call">
    <p class="call-name">${summary(part)} <code>${toolName(part)}</code></p>
    <${Data} label=${talkText.tools.input} value=${part.input} />
    <${Data} label=${talkText.tools.output} value=${part.output} />
  </div>`;
}

function Data({ label, value }) {
  if (value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0)) return null;
  const words = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return html`<p class="call-label">${label}</p><pre tabindex="0" aria-label=${label}>${words}</pre>`;
}

function Failed({ part }) {
  return html`<div class="card error">
    <${Icon} name="warning" />
    <div><p><b>${talkText.tools.failed(toolName(part))}</b></p><p>${part.errorText}</p></div>
  </div>`;
}
