// How many approvals wait, for the navigation: fetched by it for people with an account, and only once the
// page has nothing better to do.
import { announce } from "../announcer.js";
import { html, useEffect, useRef } from "../lib.js";
import { liveFor, waitingApprovals } from "./live.js";
import { text } from "./text.js";

const IDLE_WITHIN_MS = 3_000;

export function WaitingBadge({ app }) {
  const { user, scopes } = app.me.value ?? {};
  useEffect(() => {
    const begin = () => app.me.peek()?.user.id === user.id && liveFor(app);
    if (!scopes?.includes("runs:read")) return;
    if (globalThis.requestIdleCallback) requestIdleCallback(begin, { timeout: IDLE_WITHIN_MS });
    else setTimeout(begin, IDLE_WITHIN_MS);
  }, [user?.id]);
  const number = waitingApprovals.value;
  const known = useRef(0);
  useEffect(() => {
    if (number > known.current) announce(text.waiting(number));
    known.current = number;
  }, [number]);
  if (!number) return null;
  return html`<span class="badge warn">${number}<span class="unseen"> ${text.waiting(number).replace(/^\S+ /, "")}</span></span>`;
}
