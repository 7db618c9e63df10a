// The inbox: everything that waits for this person, in all runs.
import { html } from "../lib.js";
import { EmptyState, ErrorState, LoadingRows } from "../components/states.js";
import { ApprovalCard } from "./approval_card.js";
import { text } from "./text.js";

export function ApprovalsPage({ app, runs }) {
  const { approvals, error } = runs.live;
  const waiting = approvals.value;
  if (!waiting && error.value) return html`<${ErrorState}
    title=${text.approvals.failed}
    error=${error.value}
    onRetry=${() => runs.live.refresh()}
  />`;
  if (!waiting) return html`<${LoadingRows} rows=${3} />`;
  if (waiting.length === 0) return html`<${EmptyState} icon="check" title=${text.approvals.empty} hint=${text.approvals.emptyHint} />`;
  return html`<ul class="inbox-list" aria-label=${text.approvals.label}>
    ${waiting.map(
      (approval) => html`<li key=${approval.id}><${ApprovalCard}
        app=${app}
        runs=${runs}
        approval=${approval}
        command=${approval.command}
        title=${approval.runTitle || approval.runId}
      /></li>`,
    )}
  </ul>`;
}
