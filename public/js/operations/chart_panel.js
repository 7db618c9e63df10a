// One metric over time, as a chart or as a table of the same values.
import { IconButton } from "../components/icon.js";
import { Loaded } from "../components/loaded.js";
import { Segments } from "../components/segments.js";
import { EmptyState } from "../components/states.js";
import { html, useState } from "../lib.js";
import { Chart } from "./chart.js";
import { chartOf } from "./figures.js";
import { count, momentWords, rate, span } from "./format.js";
import { Panel } from "./panel.js";
import { text } from "./text.js";

const words = text.charts;
const SAY = { rate, times: span, failed: count };
const ROWS = 60;

export function ChartPanel({ operations }) {
  const [measure, setMeasure] = useState("rate");
  const [table, setTable] = useState(false);
  const toggle = html`<${IconButton} icon=${table ? "bars" : "table"} label=${table ? words.asChart : words.asTable} onClick=${() => setTable(!table)} />`;
  return html`<${Panel} title=${words.title} actions=${toggle}>
    <div class="ops-choices">
      <select aria-label=${words.of} onChange=${(event) => (operations.metric.value = event.target.value)}>
        ${Object.entries(words.metrics).map(([name, label]) => html`<option value=${name} selected=${name === operations.metric.value}>${label}</option>`)}
      </select>
      <${Segments} label=${words.measure} options=${words.measures} chosen=${measure} onChoose=${setMeasure} />
    </div>
    <${Loaded} from=${operations.whole} failed=${words.failed} rows=${4}>
      ${(whole) => html`<${Loaded} from=${operations.parts} failed=${words.failed} rows=${4}>
        ${(parts) => html`<${Drawn} measure=${measure} table=${table} chart=${chartOf(measure, whole, parts)} metric=${whole.metric} />`}
      <//>`}
    <//>
  <//>`;
}

function Drawn({ measure, table, chart, metric }) {
  if (!chart) return html`<${EmptyState} icon="bars" title=${words.empty} hint=${words.emptyHint} />`;
  const say = SAY[measure];
  const name = (line) => words.lines[line] ?? (line || words.all);
  const what = `${words.metrics[metric]}: ${words.measures[measure]}`;
  if (table) return html`<${Table} chart=${chart} say=${say} name=${name} what=${what} />`;
  const summary = words.summary(what, say(chart.most.value), momentWords(chart.most.atMs));
  return html`<${Chart} chart=${chart} say=${say} name=${name} summary=${summary} />`;
}

/** The newest values first; steps in which nothing happened are left out. */
function Table({ chart: { times, lines }, say, name, what }) {
  const rows = times
    .map((atMs, index) => ({ atMs, values: lines.map(({ values }) => values[index]) }))
    .filter(({ values }) => values.some((value) => value))
    .reverse()
    .slice(0, ROWS);
  return html`<div class="ops-wide" role="region" aria-label=${words.table(what)} tabindex="0"><table class="ops-table">
    <thead><tr><th scope="col">${words.time}</th>${lines.map(({ name: line }) => html`<th scope="col" class="ops-amount">${name(line)}</th>`)}</tr></thead>
    <tbody>${rows.map(({ atMs, values }) => html`<tr key=${atMs}>
      <th scope="row">${momentWords(atMs)}</th>
      ${values.map((value) => html`<td class="ops-amount">${value === null ? text.nothing : say(value)}</td>`)}
    </tr>`)}</tbody>
  </table></div>`;
}
