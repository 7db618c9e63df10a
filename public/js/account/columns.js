// A column for each day, made of its kinds. Positions are shares of the box, so it fits any width.
import { html } from "../lib.js";
import { compact, dayWords, longDayWords, number } from "./format.js";
import { text } from "./text.js";
import { isOthers, stack } from "./usage_figures.js";

const LABELS = 6;
const WIDTH = 0.66; // of a column, of the room that a day has

export function Columns({ rows, range, measure }) {
  const { columns, kinds, top } = stack(rows, range, measure);
  const room = 100 / columns.length;
  const percent = (value) => `${Number(value.toFixed(3))}%`;
  const height = (value) => (100 * value) / top;
  const bar = ({ kind, value, begin }, index, day) => html`<rect
    class=${`series-${kinds.indexOf(kind)}`}
    x=${percent(room * (index + (1 - WIDTH) / 2))}
    y=${percent(100 - height(begin + value))}
    width=${percent(room * WIDTH)}
    height=${percent(height(value))}
  ><title>${`${longDayWords(day)} · ${words(kind)}: ${number(value)}`}</title></rect>`;
  const every = Math.ceil(columns.length / LABELS);
  const labelled = ({ index }) => (columns.length - 1 - index) % every === 0;
  return html`<figure class="chart">
    <svg role="img" aria-label=${summary(columns, measure)} width="100%" height="190">
      ${[0, 0.5, 1].map(
        (share) => html`<g>
          <line x1="0" x2="100%" y1=${percent(100 - share * 100)} y2=${percent(100 - share * 100)} />
          <text x="-8" y=${percent(100 - share * 100)} dy="4" text-anchor="end">${compact(share * top)}</text>
        </g>`,
      )}
      ${columns.map(({ day, parts }, index) => html`<g key=${day}>${parts.map((part) => bar(part, index, day))}</g>`)}
      ${columns.map((column, index) => ({ ...column, index })).filter(labelled).map(
        ({ day, index }, place, all) => html`<text class=${(all.length - 1 - place) % 2 ? "wide" : ""} x=${percent(room * (index + 0.5))} y="100%" dy="20" text-anchor="middle">${dayWords(day)}</text>`,
      )}
    </svg>
    <figcaption><ul class="legend">${kinds.map((kind, index) => html`<li><i class=${`series-${index}`}></i>${words(kind)}</li>`)}</ul></figcaption>
  </figure>`;
}

function summary(columns, measure) {
  const most = columns.reduce((best, column) => (column.total > best.total ? column : best));
  const sum = columns.reduce((all, { total }) => all + total, 0);
  const said = [number(sum), columns.length, number(most.total), longDayWords(most.day)];
  return text.usage.summary(text.usage.measures[measure], ...said);
}

const words = (kind) => (isOthers(kind) ? text.usage.others : text.kind(kind));
