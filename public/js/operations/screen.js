// The operations' place: overview, traces and log of the deployment, for those who run it.
import { Icon, IconButton } from "../components/icon.js";
import { ScreenHead } from "../components/screen_head.js";
import { html, useEffect, useState } from "../lib.js";
import { openPage } from "./address.js";
import "./chart.js"; // found here, a round of fetching earlier than in the panel that draws it
import "./icons.js";
import { LogPage } from "./log_page.js";
import { Operations } from "./operations.js";
import { Overview } from "./overview.js";
import { PageLinks } from "./page_links.js";
import { text } from "./text.js";
import { TracePage } from "./trace_page.js";
import { TracesPage } from "./traces_page.js";

const PAGES = { overview: Overview, traces: TracesPage, log: LogPage, trace: TracePage };

export function OperationsScreen({ app }) {
  const [operations] = useState(() => new Operations(app.api));
  const { page, id } = openPage();
  useEffect(() => operations.follow(page, id), [operations, page, id]);
  const { refused } = operations;
  return html`<${ScreenHead} title=${text.title}>${!refused && html`<${Controls} operations=${operations} />`}<//>
    <div class="stage"><div class="ops-place">
      ${refused ? html`<${NotAnOperator} user=${app.me.value.user} />` : html`
        <${PageLinks} page=${page} />
        <${PAGES[page]} key=${id ?? page} operations=${operations} id=${id} />
      `}
    </div></div>`;
}

function Controls({ operations }) {
  return html`<div class="ops-controls">
    <select aria-label=${text.range} onChange=${(event) => (operations.minutes.value = Number(event.target.value))}>
      ${Object.entries(text.ranges).map(([minutes, words]) => html`<option value=${minutes} selected=${Number(minutes) === operations.minutes.value}>${words}</option>`)}
    </select>
    <${IconButton} icon="refresh" label=${text.refresh} onClick=${() => operations.again()} />
  </div>`;
}

function NotAnOperator({ user }) {
  const { title, hint, way, id } = text.refused;
  return html`<div class="empty ops-refused" role="status">
    <${Icon} name="operations" />
    <p class="empty-title">${title}</p>
    <p>${hint}</p>
    <p>${way}</p>
    <p>${id}: <code>${user.id}</code></p>
  </div>`;
}
