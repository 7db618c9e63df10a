// The tail of the log: one row a line, the newest first; it goes on by itself until somebody pauses it.
import { Loaded } from "../components/loaded.js";
import { EmptyState } from "../components/states.js";
import { html, useState } from "../lib.js";
import { traceAddress } from "./address.js";
import { fitting } from "./figures.js";
import { secondWords, span } from "./format.js";
import { Panel } from "./panel.js";
import { text } from "./text.js";

const words = text.log;

export function LogPage({ operations }) {
  const [filter, setFilter] = useState("");
  const live = operations.live.value;
  const pause = html`<button type="button" class="button" aria-pressed=${!live} onClick=${() => (operations.live.value = !live)}>${live ? words.pause : words.resume}</button>`;
  return html`<${Panel} title=${words.title} actions=${pause}>
    <p class="hint">${live ? words.hint : words.paused}</p>
    <div class="ops-choices"><input type="search" aria-label=${words.filter} placeholder=${words.filter} maxlength="100" value=${filter} onInput=${(event) => setFilter(event.target.value)} /></div>
    <${Loaded} from=${operations.log} failed=${words.failed} rows=${8}>
      ${(lines) => html`<${Lines} lines=${fitting(lines, filter)} none=${lines.length === 0} />`}
    <//>
  <//>`;
}

function Lines({ lines, none }) {
  if (lines.length === 0) return html`<${EmptyState} icon="list" title=${none ? words.empty : words.noFit} />`;
  const { at, kind, what, state, ms } = words.columns;
  return html`<div class="ops-wide" role="region" aria-label=${words.lines} tabindex="0"><table class="ops-table">
    <thead><tr><th scope="col">${at}</th><th scope="col">${kind}</th><th scope="col">${what}</th><th scope="col">${state}</th><th scope="col" class="ops-amount">${ms}</th><th scope="col">${words.trace}</th></tr></thead>
    <tbody>${lines.map((line) => html`<tr key=${line.number}>
      <td>${secondWords(line.at)}</td>
      <td>${line.kind}</td>
      <th scope="row">${whatOf(line)}<p class="hint">${restOf(line)}</p></th>
      <td class=${isWrong(line) ? "ops-wrong" : ""}>${line.status ?? line.outcome ?? text.nothing}${line.code ? ` ${line.code}` : ""}</td>
      <td class="ops-amount">${span(line.ms)}</td>
      <td><a class="ops-id" href=${traceAddress(line.traceId)}>${line.traceId.slice(0, 8)}</a></td>
    </tr>`)}</tbody>
  </table></div>`;
}

const whatOf = (line) => (line.route ? `${line.method} ${line.route}` : [line.agent ?? line.queue, line.id].filter(Boolean).join(" · "));
const isWrong = (line) => line.status >= 500 || line.outcome === "failed" || line.outcome === "dead";

function restOf({ user, requestId, model, inputTokens, outputTokens, credits }) {
  const tokens = inputTokens || outputTokens ? `${inputTokens ?? 0} + ${outputTokens ?? 0} ${text.units.tokens}` : "";
  return [user, requestId, model, tokens, credits ? text.units.credits(credits) : ""].filter(Boolean).join(" · ");
}
