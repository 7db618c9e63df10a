// A question of a run to its owner: may this be done? It comes from the server, so it is there after a
// reload; it is answered once, and says when it will expire by itself.
import { html, useState } from "../lib.js";
import { ConfirmDialog } from "../components/confirm_dialog.js";
import { Glyph } from "../components/glyph.js";
import { Icon } from "../components/icon.js";
import { span } from "../components/measures.js";
import { useNow } from "../components/now.js";
import { talkText } from "../talk_text.js";
import { runAddress } from "./address.js";
import { text } from "./text.js";

const SOON_MS = 60_000;
const answered = new Set(); // ids of approvals that were answered in this tab

/** `approval` has `runId`; `command` is what will be run. `title` links to the run where it is not the page. */
export function ApprovalCard({ app, runs, approval, command, title = null }) {
  const [rejecting, setRejecting] = useState(false);
  const [sent, setSent] = useState(answered.has(approval.id));
  const left = useLeft(approval.expiresAt);
  const answer = async (action, reason) => {
    if (answered.has(approval.id)) return;
    mark(true);
    if (!(await app.attempt(() => runs.decide(approval, action, reason)))) mark(false);
  };
  const mark = (isSent) => {
    if (isSent) answered.add(approval.id);
    else answered.delete(approval.id);
    setSent(isSent);
  };
  return html`<section class="card approval run-approval" aria-label=${talkText.approvals.title}>
    <div class="approval-head">
      <${Glyph} name="question" />
      <div>
        ${title && html`<p class="approval-run"><a href=${runAddress(approval.runId)}>${title}</a></p>`}
        <p><b>${approval.question || text.approvals.question}</b></p>
        <p class="facts">
          <span class="fact">${isStep(approval) ? text.approvals.step(approval.step + 1) : text.approvals.whole}</span>
          <${Expiry} left=${left} />
        </p>
      </div>
    </div>
    ${command && html`<pre tabindex="0" aria-label=${talkText.tools.input}>${command}</pre>`}
    ${sent && html`<p class="hint">${text.approvals.answered}</p>`}
    ${!sent &&
    left > 0 &&
    html`<div class="actions">
          <button type="button" class="button" onClick=${() => setRejecting(true)}><${Icon} name="close" />${text.approvals.reject}</button>
          <button type="button" class="button primary" onClick=${() => answer("approve")}><${Icon} name="check" />${text.approvals.approve}</button>
        </div>`}
    ${rejecting && html`<${ConfirmDialog}
      title=${text.approvals.rejectTitle}
      lines=${[text.approvals.rejectHint]}
      reason=${text.approvals.reason}
      keep=${text.keep}
      confirm=${text.approvals.confirmReject}
      onConfirm=${(reason) => answer("reject", reason)}
      onClose=${() => setRejecting(false)}
    />`}
  </section>`;
}

/** Milliseconds until it expires by itself; endless when it does not. */
function useLeft(expiresAt) {
  const now = useNow(Boolean(expiresAt));
  return expiresAt ? Date.parse(expiresAt) - now : Infinity;
}

function Expiry({ left }) {
  if (left === Infinity) return null;
  return html`<span class=${`fact ${left < SOON_MS ? "late" : ""}`}>
    <${Glyph} name="clock" />${left <= 0 ? text.approvals.expired : text.approvals.expires(span(left))}
  </span>`;
}

const isStep = ({ step }) => step !== null && step !== undefined;
