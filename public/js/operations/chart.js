// Lines over time. Positions are shares of the box, so it fits any width; colours and dashes part the lines.
import { html } from "../lib.js";
import { axisWords } from "./format.js";
import { strokes } from "./figures.js";

const LABELS = 5;

/** `say(value)` gives the words of a value, `name(line)` those of a line, `summary` what a reader is told. */
export function Chart({ chart, say, name, summary }) {
  const { times, stepMs, lines, top } = chart;
  return html`<figure class="ops-chart">
    <div class="ops-chart-box" role="img" aria-label=${summary}>
      <svg viewBox="0 0 1000 100" preserveAspectRatio="none" width="100%" height="180" aria-hidden="true">
        ${[0, 50, 100].map((y) => html`<line x1="0" x2="1000" y1=${y} y2=${y} />`)}
        ${lines.map(({ name: line, values }, index) => html`<path key=${line} class=${`ops-line-${index}`} d=${strokes(values, top)} />`)}
      </svg>
      ${[1, 0.5, 0].map((part) => html`<span class="ops-scale" aria-hidden="true" style=${{ top: `${100 - 100 * part}%` }}>${say(top * part)}</span>`)}
      <p class="ops-axis" aria-hidden="true">${ticks(times).map((atMs) => html`<span>${axisWords(atMs, stepMs)}</span>`)}</p>
    </div>
    <figcaption><ul class="ops-legend">${lines.map(({ name: line }, index) => html`<li key=${line}><i class=${`ops-key-${index}`}></i>${name(line)}</li>`)}</ul></figcaption>
  </figure>`;
}

const ticks = (times) => Array.from({ length: LABELS }, (_, index) => times[Math.round((index * (times.length - 1)) / (LABELS - 1))]);
