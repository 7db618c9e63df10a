// The figures by route, agent, object, model, queue and stage, behind tabs; and what went wrong by code.
import { Tabs } from "../components/tabs.js";
import { html, useState } from "../lib.js";
import { count, number, rate, share, span } from "./format.js";
import { Panel } from "./panel.js";
import { text } from "./text.js";

const words = text.tables;
const NAMES = {
  routes: (row) => `${row.method} ${row.route}`,
  agents: (row) => `${row.agent} · ${row.work}`,
  calls: (row) => row.agent,
  models: (row) => row.model,
  queues: (row) => row.queue,
  stages: (row) => `${row.workflow} · ${row.stage}`,
};
const TIMES = ["p50Ms", "p95Ms", "p99Ms"];
const ROWS = 40;

export function Tables({ summary }) {
  const [chosen, choose] = useState("routes");
  const tabs = Object.fromEntries(Object.keys(NAMES).map((kind) => [kind, { label: words[kind], content: html`<${Rows} kind=${kind} rows=${summary[kind]} />` }]));
  return html`<${Panel} title=${words.title}>
    <${Tabs} label=${words.tabs} tabs=${tabs} chosen=${chosen} onChoose=${choose} />
    <p class="hint">${words.note}</p>
  <//>
  ${sums("errors", "code", summary.errors)}${sums("lost", "what", summary.lost)}`;
}

function Rows({ kind, rows }) {
  if (rows.length === 0) return html`<p class="hint">${words.empty}</p>`;
  return html`<div class="ops-wide" role="region" aria-label=${words.scroll(words[kind])} tabindex="0"><table class="ops-table">
    <thead><tr>
      <th scope="col">${words.columns.name}</th>
      ${["count", "perSecond", "failed", ...TIMES].map((column) => html`<th scope="col" class="ops-amount">${words.columns[column]}</th>`)}
    </tr></thead>
    <tbody>${rows.slice(0, ROWS).map((row) => html`<tr key=${NAMES[kind](row)}>
      <th scope="row">${NAMES[kind](row)}</th>
      <td class="ops-amount">${count(row.count)}</td>
      <td class="ops-amount">${rate(row.perSecond)}</td>
      <td class=${`ops-amount ${row.failed ? "ops-wrong" : ""}`}>${row.failed ? `${count(row.failed)} (${share(row.failedShare)})` : "0"}</td>
      ${TIMES.map((column) => html`<td class="ops-amount">${span(row[column])}</td>`)}
    </tr>`)}</tbody>
  </table></div>`;
}

function sums(title, label, rows) {
  if (rows.length === 0) return null;
  return html`<${Panel} title=${words[title]}><table class="ops-table">
    <thead><tr><th scope="col">${words.columns.name}</th><th scope="col" class="ops-amount">${words.columns.sum}</th></tr></thead>
    <tbody>${rows.map((row) => html`<tr key=${row[label]}><th scope="row"><code>${row[label]}</code></th><td class="ops-amount">${number(row.sum)}</td></tr>`)}</tbody>
  </table><//>`;
}
