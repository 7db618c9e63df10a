// The list of agents with its filters. Its data is registry.agents.
import { Icon } from "../components/icon.js";
import { Segments } from "../components/segments.js";
import { EmptyState, ErrorState, LoadingRows } from "../components/states.js";
import { html } from "../lib.js";
import { newAddress, openPage } from "./address.js";
import { AgentCard } from "./agent_card.js";
import { text } from "./text.js";

const words = text.agents;

export function AgentPane({ app, registry }) {
  return html`
    <${Filters} list=${registry.agents} />
    <div class="side-body"><${Cards} app=${app} registry=${registry} list=${registry.agents} /></div>
  `;
}

function Filters({ list }) {
  const { archived, q } = list.filter.value;
  if (list.entries.value.length === 0 && !list.isNarrowed) return null;
  return html`<div class="reg-filters">
    <label class="search">
      <${Icon} name="search" />
      <input type="search" aria-label=${words.search} placeholder=${words.searchPlaceholder} value=${q} onInput=${(event) => (list.filter.value = { archived, q: event.target.value })} />
    </label>
    <${Segments} label=${words.show} options=${words.kinds} chosen=${archived} onChoose=${(value) => list.narrow({ archived: value === "true" })} />
  </div>`;
}

function Cards({ app, registry, list }) {
  const { page, id } = openPage();
  const current = page === "execution" ? registry.execution.value?.execution.value?.agentId : id;
  const shown = registry.shown.value;
  if (list.status.value === "failed") return html`<${ErrorState} title=${words.failed} error=${list.error.value} onRetry=${() => list.load()} />`;
  if (list.status.value === "loading" && shown.length === 0) return html`<${LoadingRows} rows=${4} />`;
  return html`
    ${shown.length === 0 && html`<${Nothing} list=${list} />`}
    <ul class="reg-agents" aria-label=${words.label} aria-busy=${list.status.value === "loading"}>
      ${shown.map((agent) => html`<${AgentCard} key=${agent.id} agent=${agent} current=${agent.id === current} />`)}
    </ul>
    ${list.cursor.value && html`<button type="button" class="button quiet wide" onClick=${() => app.attempt(() => list.more())}>${words.more}</button>`}
  `;
}

function Nothing({ list }) {
  const { archived, q } = list.filter.value;
  if (q.trim()) return html`<${EmptyState} icon="search" title=${words.none} hint=${words.noneHint} />`;
  if (archived) return html`<${EmptyState} icon="archive" title=${words.noneArchived} hint=${words.noneArchivedHint} />`;
  return html`<${EmptyState} icon="agents" title=${words.empty} hint=${words.emptyHint} />
    <p class="no-access"><a class="button primary" href=${newAddress}>${words.fresh}</a></p>`;
}
