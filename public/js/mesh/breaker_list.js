// The breakers of everything outside that the mesh calls: closed, open or half open, and when they are tried again.
import { Loaded } from "../components/loaded.js";
import { ago } from "../components/measures.js";
import { useNow } from "../components/now.js";
import { exactTime } from "../dates.js";
import { html } from "../lib.js";
import { StatusDot } from "./status_mark.js";
import { text } from "./text.js";

const words = text.breakers;

export function BreakerList({ mesh }) {
  return html`<p class="hint">${words.lead}</p>
    <${Loaded} from=${mesh.breakers} failed=${words.failed} rows=${2}>${(list) => html`<${Rows} list=${list} />`}<//>`;
}

export function Rows({ list }) {
  const now = useNow(list.some(({ state }) => state !== "closed"));
  if (list.length === 0) return html`<p class="hint">${words.empty}</p>`;
  return html`<ul class="mesh-rows" aria-label=${words.label}>
    ${list.map((each) => html`<li key=${`${each.agent}/${each.name}`} class="mesh-row mesh-still">
      <${StatusDot} status=${each.state} />
      <span class="mesh-row-words">
        <span class="mesh-row-title">${each.name}</span>
        <span class="facts">
          <span class="fact">${words.state[each.state] ?? text.status(each.state)}</span>
          ${each.failures > 0 && html`<span class="fact">${words.failures(each.failures)}</span>`}
          ${each.state !== "closed" && each.openedAt && html`<span class="fact" title=${exactTime(each.openedAt)}>${words.opened(ago(each.openedAt, now))}</span>`}
          ${each.state === "open" && each.retryAt && html`<span class="fact">${words.retry(ago(each.retryAt, now))}</span>`}
          ${each.agent && html`<span class="fact">${words.of(each.agent)}</span>`}
        </span>
      </span>
    </li>`)}
  </ul>`;
}
