// One job in the history: its state, what was asked, its type, when it was asked and how long it took.
import { ago, span } from "../components/measures.js";
import { exactTime } from "../dates.js";
import { html } from "../lib.js";
import { minute } from "../minute.js";
import { jobAddress } from "./address.js";
import { StatusDot } from "./status_mark.js";
import { text } from "./text.js";

export function JobRow({ job, current }) {
  minute.value; // "2 min ago" stays true
  return html`<li class=${`fn-job-row ${current ? "current" : ""}`}>
    <a href=${jobAddress(job.jobId)} aria-current=${current ? "page" : null}>
      <${StatusDot} status=${job.status} />
      <span class="fn-job-words">
        <span class="fn-job-title">${job.title || text.untitled}</span>
        <span class="facts">
          <span class="fact">${text.status(job.status)}</span>
          ${job.type && html`<span class="fact">${text.type[job.type]}</span>`}
          <span class="fact" title=${exactTime(job.createdAt)}>${ago(job.createdAt)}</span>
          ${job.latencyMs !== null && html`<span class="fact">${span(job.latencyMs)}</span>`}
          ${job.deadLetter && html`<span class="fact fn-dead">${text.list.deadLetter}</span>`}
        </span>
      </span>
    </a>
  </li>`;
}
