// The drawing of who sent what to whom: a lifeline for each agent, an arrow for each message from where it was sent to
// where it came to something, time downwards. SVG by hand; the arrow keys go from step to step.
import { html, useEffect, useRef } from "../lib.js";
import { wideEnoughForSessions } from "../ui.js";
import { sentence } from "./event_row.js";
import { fateOf } from "./sequence.js";
import { text } from "./text.js";

const words = text.picture;
const LANES = { wide: 132, narrow: 92 }; // width for one agent, in pixels
const ROW = 30; // height of one step
const HEAD = 40;
const GUTTER = 48; // for the numbers of the steps
const LETTER = 7; // width of a character of a label, about

export function SequenceView({ lifelines, steps, current, onStep }) {
  const box = useRef(null);
  const first = steps[0].number;
  const lane = wideEnoughForSessions.value ? LANES.wide : LANES.narrow;
  const x = (name) => GUTTER + lane * (lifelines.indexOf(name) + 0.5);
  const y = (number) => ROW * (number - first + 0.75);
  const [width, height] = [GUTTER + lane * lifelines.length, ROW * (steps.length + 0.5)];
  const place = { x, y, lane, first, last: steps.at(-1).number, right: width };
  useEffect(() => {
    if (current) follow(box.current, y(current) + HEAD);
  }, [current, first]);
  const keys = (event) => {
    const target = { ArrowDown: (current || first - 1) + 1, ArrowUp: current - 1, Home: first, End: place.last }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    onStep(Math.max(1, Math.min(target, place.last + 1)));
  };
  return html`<div class="mesh-sequence" ref=${box} tabindex="0" role="region" aria-label=${words.scroll} onKeyDown=${keys}>
    <svg class="mesh-lanes" width=${width} height=${HEAD} aria-hidden="true">
      ${lifelines.map((name) => html`<g key=${name}><rect x=${x(name) - lane / 2 + 3} y="6" width=${lane - 6} height=${HEAD - 12} rx="8" /><text x=${x(name)} y=${HEAD / 2 + 5}>${short(name, lane / LETTER - 1)}</text></g>`)}
    </svg>
    <svg width=${width} height=${height} role="img" aria-label=${words.label}>
      ${lifelines.map((name) => html`<line key=${name} class="mesh-life" x1=${x(name)} x2=${x(name)} y1="0" y2=${height} />`)}
      ${steps.map((step) => html`<${Step} key=${step.number} step=${step} place=${place} isCurrent=${step.number === current} onStep=${onStep} />`)}
    </svg>
  </div>`;
}

function Step({ step, place, isCurrent, onStep }) {
  const { number, event, message } = step;
  const top = place.y(number);
  return html`<g class=${`mesh-step ${isCurrent ? "current" : ""}`} onClick=${() => onStep(number)}>
    <title>${`${number}: ${event.agent} ${sentence(event)}`}</title>
    <rect class="mesh-hit" x="0" y=${top - ROW / 2} width=${place.right} height=${ROW} />
    <text class="mesh-number" x=${GUTTER - 10} y=${top + 4}>${number}</text>
    ${message && (message.fate === null || !step.departure || step.departure < place.first) ? html`<${Arrow} step=${step} place=${place} />` : html`<${Note} step=${step} place=${place} top=${top} />`}
  </g>`;
}

function Arrow({ step, place }) {
  const { message, number } = step;
  const fate = fateOf(step);
  const lands = step.arrival && step.arrival <= place.last ? step.arrival : number;
  const to = message.to ?? message.from;
  const [x1, x2, y1, y2] = [place.x(message.from), place.x(to), place.y(number), place.y(lands)];
  if (x1 === x2) return html`<${Note} step=${step} place=${place} top=${y1} />`;
  const way = Math.sign(x2 - x1);
  const middle = Math.abs(x2 - x1) > place.lane ? x1 + (way * place.lane) / 2 : (x1 + x2) / 2;
  return html`<g class=${`mesh-arrow ${fate}`}>
    <line x1=${x1} y1=${y1} x2=${x2 - way * 7} y2=${y2} />
    ${["refused", "expired", "dead"].includes(fate)
      ? html`<path class="mesh-cross" d=${`M${x2 - way * 9 - 5} ${y2 - 5}l10 10m0-10l-10 10`} />`
      : html`<path class="mesh-tip" d=${`M${x2} ${y2}l${-way * 9}-4.500v9z`} />`}
    <text x=${middle} y=${y1 + ((y2 - y1) * (middle - x1)) / (x2 - x1) - 5}>${short(message.kind ?? "", place.lane / LETTER)}</text>
  </g>`;
}

/** A step without an arrow of its own: a dot at its agent, with words beside it. */
function Note({ step, place, top }) {
  const { event, message } = step;
  const at = place.x(event.agent);
  const left = at + place.lane > place.right && at > place.lane * 1.5;
  return html`<g class=${`mesh-note ${message ? "arrived" : ""}`}>
    <circle cx=${at} cy=${top} r=${message ? 3 : 4.5} />
    ${!message && html`<text x=${left ? at - 10 : at + 10} y=${top + 4} text-anchor=${left ? "end" : "start"}>${short(sentence(event), place.lane / LETTER + 4)}</text>`}
  </g>`;
}

const short = (words, most) => (words.length > most ? `${words.slice(0, Math.floor(most) - 1)}…` : words);

/** Keeps the current step in sight, without moving the page. */
function follow(box, y) {
  if (y < box.scrollTop + HEAD + ROW) box.scrollTop = Math.max(0, y - HEAD - ROW * 2);
  else if (y > box.scrollTop + box.clientHeight - ROW) box.scrollTop = y - box.clientHeight + ROW * 2;
}
