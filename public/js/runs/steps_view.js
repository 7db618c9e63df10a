// The steps of a run as a list: what each ran, how it ended in words, how long it took, what it printed.
import { html } from "../lib.js";
import { bytes, elapsed, span } from "../components/measures.js";
import { useNow } from "../components/now.js";
import { StatusDot } from "./status_mark.js";
import { text } from "./text.js";

export function StepsView({ steps = [], ended }) {
  const now = useNow(steps.some((step) => step.status === "running"));
  if (steps.length === 0) return html`<p class="nothing">${ended ? text.steps.none : text.steps.empty}</p>`;
  return html`<ol class="steps" aria-label=${text.steps.label}>
    ${steps.map((step) => html`<${Step} key=${step.index} step=${step} now=${now} />`)}
  </ol>`;
}

function Step({ step, now }) {
  const reason = text.steps.reason(step.reason);
  return html`<li class=${`step ${step.status}`}>
    <${StatusDot} status=${step.status} />
    <div class="step-body">
      ${saysMore(step) && html`<p class="step-title">${step.title}</p>`}
      <p class="step-command">${step.command}</p>
      <p class="facts">${facts(step, now).map((fact) => html`<span class="fact">${fact}</span>`)}</p>
      ${step.needsApproval && step.risk && html`<p class="risk">${text.steps.risk[step.risk] ?? step.risk}</p>`}
      ${reason && html`<p class=${["failed", "unknown"].includes(step.status) ? "step-reason" : "hint"}>${reason}</p>`}
    </div>
  </li>`;
}

/** A title may be the beginning of the command, which is there anyway. */
const saysMore = ({ title, command }) => title && !command.replace(/\s+/g, " ").startsWith(title.replace(/…$/, ""));

/** What is known of it, and nothing that is not: an exit code nobody saw is said to be unknown. */
function facts(step, now) {
  const took = elapsed(step, now);
  const printed = (step.stdoutBytes ?? 0) + (step.stderrBytes ?? 0);
  const isOver = ["completed", "failed", "cancelled", "unknown"].includes(step.status);
  const isUnknown = step.status === "unknown" || step.exitCode === "unknown";
  return [
    text.status(step.status),
    isOver && (isUnknown ? text.steps.exitUnknown : step.exitCode !== null && step.exitCode !== undefined && text.steps.exit(step.exitCode)),
    took !== null && span(took),
    printed > 0 && text.steps.output(bytes(printed)),
    step.skippedBytes > 0 && text.steps.skipped(bytes(step.skippedBytes)),
  ].filter(Boolean);
}
