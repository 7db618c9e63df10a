// The figures of usage as a table, with a last row for all of them.
import { html } from "../lib.js";
import { Loaded } from "../components/loaded.js";
import { EmptyState } from "../components/states.js";
import { nameOf } from "./bars.js";
import { longDayWords, number, seconds } from "./format.js";
import { text } from "./text.js";
import { sumOf } from "./usage_figures.js";

const SUMMED = ["count", "inputTokens", "outputTokens", "credits", "errors"];
const TIMES = ["p50", "p95"];

export function UsageTable({ from, dimension }) {
  return html`<${Loaded} from=${from} failed=${text.usage.failed} rows=${5}>
    ${({ rows }) => (rows.length ? html`<${Table} rows=${rows} dimension=${dimension} />` : html`<${EmptyState}
      icon="bars"
      title=${text.usage.empty}
      hint=${text.usage.emptyHint}
    />`)}
  <//>`;
}

function Table({ rows, dimension }) {
  const name = (row) => (dimension === "day" ? longDayWords(row.day) : nameOf(row[dimension], dimension));
  const sum = sumOf(rows);
  return html`<div class="wide-table" role="region" aria-label=${text.usage.asTable} tabindex="0"><table class="account-table">
    <thead><tr>
      <th scope="col">${text.usage.dimensions[dimension]}</th>
      ${[...SUMMED, ...TIMES].map((column) => html`<th scope="col" class="amount">${text.usage.columns[column]}</th>`)}
    </tr></thead>
    <tbody>${rows.map((row) => html`<tr key=${row[dimension]}>
      <th scope="row">${name(row)}</th>
      ${SUMMED.map((column) => html`<td class="amount">${number(row[column])}</td>`)}
      ${TIMES.map((column) => html`<td class="amount">${seconds(row.latencyMs[column])}</td>`)}
    </tr>`)}</tbody>
    <tfoot><tr>
      <th scope="row">${text.usage.total}</th>
      ${SUMMED.map((column) => html`<td class="amount">${number(sum[column])}</td>`)}
      <td colspan=${TIMES.length}></td>
    </tr></tfoot>
  </table></div>`;
}
