// What happened to a run and when, one line an event; the output has a view of its own.
import { html } from "../lib.js";
import { exactClock } from "../components/measures.js";
import { exactTime } from "../dates.js";
import { tone } from "./states.js";
import { text } from "./text.js";

export function TimelineView({ timeline }) {
  if (timeline.length === 0) return html`<p class="nothing">${text.timeline.empty}</p>`;
  return html`<ol class="timeline" aria-label=${text.timeline.label}>
    ${timeline.map(
      (event) => html`<li key=${event.number} class=${feel(event)}>
        <time datetime=${event.at} title=${exactTime(event.at)}>${exactClock(event.at)}</time>
        <span>${sentence(event)}</span>
      </li>`,
    )}
  </ol>`;
}

function sentence({ type, data }) {
  const make = text.timeline.events[type];
  return make ? make(data) : text.timeline.other(type);
}

function feel({ type, data }) {
  if (type === "step.completed") return tone(data.status ?? "completed");
  if (type === "run.approval_requested") return "ask";
  const [subject, what] = type.split(".");
  return subject === "run" ? tone(what) : "still";
}
