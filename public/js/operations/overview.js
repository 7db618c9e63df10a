// Health, the figures of all requests, a chart over time, and the tables by route, agent, model and so on.
import { Loaded } from "../components/loaded.js";
import { html } from "../lib.js";
import { ChartPanel } from "./chart_panel.js";
import { count, rate, share, span } from "./format.js";
import { Health } from "./health.js";
import { Panel } from "./panel.js";
import { Tables } from "./tables.js";
import { text } from "./text.js";

export function Overview({ operations }) {
  return html`
    <${Loaded} from=${operations.summary} failed=${text.failed} rows=${5}>
      ${(summary) => html`<${Health} summary=${summary} operations=${operations} /><${Figures} summary=${summary} />`}
    <//>
    <${ChartPanel} operations=${operations} />
    <${Loaded} from=${operations.summary} failed=${text.failed} rows=${5}>${(summary) => html`<${Tables} summary=${summary} />`}<//>
  `;
}

function Figures({ summary: { requests, refused } }) {
  const figures = {
    count: count(requests.count),
    perSecond: rate(requests.perSecond),
    failed: `${count(requests.failed)} (${share(requests.failedShare)})`,
    refused: count(refused),
    p50Ms: span(requests.p50Ms),
    p95Ms: span(requests.p95Ms),
    p99Ms: span(requests.p99Ms),
  };
  return html`<${Panel} title=${text.figures.title}>
    <dl class="figures">${Object.entries(figures).map(
      ([name, words]) => html`<div class="figure"><dt>${text.figures[name]}</dt><dd class=${name === "failed" && requests.failed ? "bad" : ""}>${words}</dd></div>`,
    )}</dl>
  <//>`;
}
