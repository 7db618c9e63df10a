// One event: when, who, what. Unfolded: where it belongs, what it holds, and the ways on from it.
import { CopyButton } from "../components/copy_button.js";
import { exactClock } from "../components/measures.js";
import { exactTime } from "../dates.js";
import { html, useState } from "../lib.js";
import { goToEvents } from "./address.js";
import { otherwise, SENTENCES } from "./event_text.js";
import { messageOf } from "./sequence.js";
import { StateTree } from "./state_tree.js";
import { text } from "./text.js";

const words = text.log;

/** What an event says, as a sentence without its agent. */
export function sentence({ type, body = {} }) {
  return SENTENCES[type]?.(body) ?? otherwise(type, body);
}

/** How an event feels: "message", "bad", "good" or "". */
export function mood({ type, body = {} }) {
  const message = messageOf({ type, body });
  if (message) return ["refused", "expired", "dead"].includes(message.fate) ? "bad" : "message";
  if (/failed|lost|\.opened|expired|refused/.test(type)) return "bad";
  return /completed|closed|finished/.test(type) ? "good" : "";
}

export function EventRows({ events, mesh, label = words.label }) {
  return html`<ol class="mesh-events" aria-label=${label}>
    ${events.map((event) => html`<${EventRow} key=${event.position} event=${event} mesh=${mesh} />`)}
  </ol>`;
}

function EventRow({ event, mesh }) {
  const [open, setOpen] = useState(false);
  return html`<li class=${`mesh-event ${mood(event)}`}><details open=${open} onToggle=${(toggled) => setOpen(toggled.target.open)}>
    <summary>
      <time datetime=${event.at} title=${exactTime(event.at)}>${exactClock(event.at)}</time>
      <span class="mesh-agent">${event.agent}</span>
      <span class="mesh-sentence">${sentence(event)}</span>
    </summary>
    ${open && html`<${Detail} event=${event} mesh=${mesh} />`}
  </details></li>`;
}

function Detail({ event, mesh }) {
  const { correlationId } = event;
  const names = words.detail;
  const show = (action) => {
    action();
    goToEvents();
  };
  const lines = { [names.position]: event.position, [names.number]: words.number(event.agent, event.number), [names.version]: event.version, [names.correlation]: correlationId, [names.causation]: event.causationId };
  return html`<div class="mesh-detail">
    <p class="mesh-type">${event.type}</p>
    <dl>${Object.entries(lines).map(([name, value]) => value && html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    <${StateTree} value=${event.body ?? {}} label=${words.body} />
    <div class="mesh-foot">
      <button type="button" class="button small" onClick=${() => show(() => mesh.logOf({ correlationId }))}>${words.only}</button>
      <button type="button" class="button small" onClick=${() => show(() => mesh.replayOf({ correlationId }))}>${words.replayThis}</button>
      <${CopyButton} words=${() => JSON.stringify(event, null, 2)} label=${text.json} />
    </div>
  </div>`;
}
