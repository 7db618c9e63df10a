// What was used: by day, kind or model, as a chart or as a table of the same figures.
import { html, useState } from "../lib.js";
import { IconButton } from "../components/icon.js";
import { Loaded } from "../components/loaded.js";
import { Segments } from "../components/segments.js";
import { EmptyState } from "../components/states.js";
import { Bars } from "./bars.js";
import { Columns } from "./columns.js";
import { Panel } from "./panel.js";
import { text } from "./text.js";
import { sumOf } from "./usage_figures.js";
import { UsageTable } from "./usage_table.js";

export function Usage({ account }) {
  const [dimension, setDimension] = useState("day");
  const [measure, setMeasure] = useState(null);
  const [table, setTable] = useState(false);
  const toggle = html`<${IconButton}
    icon=${table ? "bars" : "table"}
    label=${table ? text.usage.chart : text.usage.table}
    onClick=${() => setTable(!table)}
  />`;
  const draw = ({ rows, range }) => {
    if (rows.length === 0) return html`<${EmptyState} icon="bars" title=${text.usage.empty} hint=${text.usage.emptyHint} />`;
    const shown = measure ?? (sumOf(rows).credits > 0 ? "credits" : "count"); // free work still shows
    return html`
      <${Segments} label=${text.usage.measure} options=${text.usage.measures} chosen=${shown} onChoose=${setMeasure} />
      ${dimension === "day" ? html`<${Columns} rows=${rows} range=${range} measure=${shown} />` : html`<${Bars}
        rows=${rows}
        range=${range}
        dimension=${dimension}
        measure=${shown}
      />`}
    `;
  };
  return html`<${Panel} title=${text.usage.title} class="usage" actions=${toggle}>
    <div class="usage-choices">
      <${Segments} label=${text.usage.by} options=${text.usage.dimensions} chosen=${dimension} onChoose=${setDimension} />
      <select aria-label=${text.usage.range} onChange=${(event) => account.choose(Number(event.target.value))}>
        ${Object.entries(text.usage.ranges).map(
          ([days, words]) => html`<option value=${days} selected=${Number(days) === account.days.value}>${words}</option>`,
        )}
      </select>
    </div>
    ${table
      ? html`<${UsageTable} key=${dimension} from=${account.tables[dimension]} dimension=${dimension} />`
      : html`<${Loaded} from=${account.usage} failed=${text.usage.failed} rows=${5}>${draw}<//>`}
    <p class="hint">${text.usage.utc}</p>
  <//>`;
}
