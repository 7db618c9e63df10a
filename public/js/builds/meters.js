// What the build has used of each of its limits, as it goes on.
import { credits, span } from "../components/measures.js";
import { html } from "../lib.js";
import { text } from "./text.js";

const amount = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
const WORDS = { tokens: amount.format, calls: amount.format, seconds: (value) => span(value * 1000), credits };
const NEAR = 0.85;

/** `isGoing`: only then is a limit that comes near worth a warning. */
export function Meters({ budget, isGoing }) {
  return html`<dl class="build-meters" aria-label=${text.meters.label}>
    ${Object.keys(WORDS)
      .filter((name) => budget?.[name])
      .map((name) => html`<${Meter} key=${name} name=${name} isGoing=${isGoing} ...${budget[name]} />`)}
  </dl>`;
}

function Meter({ name, used, limit, isGoing }) {
  const label = text.meters.names[name];
  const words = text.meters.of(WORDS[name](used), WORDS[name](limit));
  return html`<div class=${`build-meter ${isGoing && limit > 0 && used >= limit * NEAR ? "near" : ""}`}>
    <dt>${label}</dt>
    <dd>${words}</dd>
    <dd class="build-bar" aria-hidden="true"><progress value=${Math.min(used, limit)} max=${limit || 1}></progress></dd>
  </div>`;
}
