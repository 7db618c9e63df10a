// How many approvals wait, for the navigation: fetched by it for people with an account, and only once the
// page has nothing better to do.
import { html, useEffect } from "../lib.js";
import { liveFor, waitingApprovals } from "./live.js";
import { text } from "./text.js";

const IDLE_WITHIN_MS = 3_000;

export function WaitingBadge({ app }) {
  const { user, scopes } = app.me.value;
  useEffect(() => {
    if (!scopes?.includes("runs:read")) return;
    if (globalThis.requestIdleCallback) requestIdleCallback(() => liveFor(app), { timeout: IDLE_WITHIN_MS });
    else setTimeout(() => liveFor(app), IDLE_WITHIN_MS);
  }, [user.id]);
  const number = waitingApprovals.value;
  if (!number) return null;
  return html`<span class="badge warn">${number}<span class="unseen"> ${text.waiting(number).replace(/^\S+ /, "")}</span></span>`;
}
