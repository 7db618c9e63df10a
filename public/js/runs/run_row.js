// One run in the list: its state, its title, when it was started, how far it is.
import { html } from "../lib.js";
import { ago, elapsed, span } from "../components/measures.js";
import { exactTime } from "../dates.js";
import { minute } from "../minute.js";
import { runAddress } from "./address.js";
import { hasEnded } from "./states.js";
import { StatusDot } from "./status_mark.js";
import { text } from "./text.js";

export function RunRow({ run, current }) {
  const { done, total } = run.steps ?? {};
  const took = hasEnded(run.status) ? elapsed(run, Date.parse(run.endedAt ?? run.createdAt)) : null;
  minute.value; // "2 min ago" stays true
  return html`<li class=${`run-row ${run.kind === "task" ? "in-words" : ""} ${current ? "current" : ""}`}>
    <a href=${runAddress(run.id)} aria-current=${current ? "page" : null}>
      <${StatusDot} status=${run.status} />
      <span class="run-words">
        <span class="run-title">${run.title || text.run.untitled}</span>
        <span class="facts">
          <span class="fact">${text.status(run.status)}</span>
          <span class="fact" title=${exactTime(run.createdAt)}>${ago(run.createdAt)}</span>
          ${took !== null && html`<span class="fact">${span(took)}</span>`}
          ${!hasEnded(run.status) && total > 1 && html`<span class="fact">${text.list.steps(done, total)}</span>`}
        </span>
      </span>
    </a>
  </li>`;
}
