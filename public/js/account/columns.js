// A column for each day, made of its kinds. Positions are shares of the box, so it fits any width.
import { html } from "../lib.js";
import { compact, dayWords, longDayWords, number } from "./format.js";
import { text } from "./text.js";
import { isOthers, stack } from "./usage_figures.js";

const LABELS = 6;
const WIDTH = 0.66; // of a column, of the room that a day has

export function Columns({ rows, range, measure }) {
  const chart = stack(rows, range, measure);
  return html`<figure class="chart">
    <svg role="img" aria-label=${summary(chart.columns, measure)} width="100%" height="190">
      <${Scale} top=${chart.top} />
      ${chart.columns.map((column, index) => html`<${Column} key=${column.day} chart=${chart} column=${column} index=${index} />`)}
      <${Days} days=${chart.columns.map(({ day }) => day)} />
    </svg>
    <figcaption><ul class="legend">${chart.kinds.map((kind, index) => html`<li><i class=${`series-${index}`}></i>${words(kind)}</li>`)}</ul></figcaption>
  </figure>`;
}

function Scale({ top }) {
  return [0, 0.5, 1].map((share) => {
    const y = percent(1 - share);
    return html`<g><line x1="0" x2="100%" y1=${y} y2=${y} /><text x="-8" y=${y} dy="4" text-anchor="end">${compact(share * top)}</text></g>`;
  });
}

function Column({ chart: { columns, kinds, top }, column: { day, parts }, index }) {
  return html`<g>${parts.map(
    ({ kind, value, begin }) => html`<rect
      class=${`series-${kinds.indexOf(kind)}`}
      x=${percent((index + (1 - WIDTH) / 2) / columns.length)}
      y=${percent(1 - (begin + value) / top)}
      width=${percent(WIDTH / columns.length)}
      height=${percent(value / top)}
    ><title>${`${longDayWords(day)} · ${words(kind)}: ${number(value)}`}</title></rect>`,
  )}</g>`;
}

/** A few days by name, the last among them; every other one only where there is room. */
function Days({ days }) {
  const every = Math.ceil(days.length / LABELS);
  return days.map((day, index) => {
    const fromEnd = days.length - 1 - index;
    if (fromEnd % every) return null;
    return html`<text
      class=${(fromEnd / every) % 2 ? "wide" : ""}
      x=${fromEnd ? percent((index + 0.5) / days.length) : "100%"}
      y="100%"
      dy="20"
      text-anchor=${fromEnd ? "middle" : "end"}
    >${dayWords(day)}</text>`;
  });
}

function summary(columns, measure) {
  const most = columns.reduce((best, column) => (column.total > best.total ? column : best));
  const sum = columns.reduce((all, { total }) => all + total, 0);
  const said = [number(sum), columns.length, number(most.total), longDayWords(most.day)];
  return text.usage.summary(text.usage.measures[measure], ...said);
}

const percent = (share) => `${Number((share * 100).toFixed(3))}%`;
const words = (kind) => (isOthers(kind) ? text.usage.others : text.kind(kind));
