// One execution in a list: its state, where it ran, how long it took, what it was given and what it answered.
import { ago } from "../components/measures.js";
import { exactTime } from "../dates.js";
import { html } from "../lib.js";
import { minute } from "../minute.js";
import { executionAddress } from "./address.js";
import { Measures } from "./execution_marks.js";
import { StatusDot } from "./status_mark.js";
import { text } from "./text.js";

const MOST = 240; // characters of input and answer that are worth drawing here

export function ExecutionRow({ execution, named }) {
  minute.value; // "2 min ago" stays true
  const { id, agentName, status, input, output, error, createdAt, cached, degraded } = execution;
  return html`<li class="reg-execution">
    <a href=${executionAddress(id)}>
      <span class="reg-execution-head">
        <${StatusDot} status=${status} /><b>${text.status(status)}</b>
        <span class="facts">
          <${Measures} execution=${execution} />
          ${cached && html`<span class="fact">${text.executions.cached}</span>`}
          ${degraded && html`<span class="fact">${text.executions.degraded}</span>`}
          <span class="fact" title=${exactTime(createdAt)}>${ago(createdAt)}</span>
        </span>
      </span>
      ${named && html`<span class="reg-execution-agent">${agentName}</span>`}
      <span class="reg-execution-input">${(input || text.untitled).slice(0, MOST)}</span>
      ${output && html`<span class="reg-execution-output">${output.slice(0, MOST)}</span>`}
      ${error && html`<span class="reg-execution-output reg-bad">${(error.detail ?? error.message ?? error.code).slice(0, MOST)}</span>`}
    </a>
  </li>`;
}
