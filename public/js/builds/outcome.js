// What a state means for the person: the plan that waits for a word, how the build ended and what can be done
// now. What failed is told in the server's words.
import { Icon } from "../components/icon.js";
import { html } from "../lib.js";
import { text } from "./text.js";

const FEEL = { failed: "error", budget_exceeded: "error", completed: "good", completed_with_issues: "ask", waiting: "ask" };
const ICONS = { failed: "warning", budget_exceeded: "warning", completed: "check", completed_with_issues: "warning", waiting: "list" };

export function Outcome({ build }) {
  const { status, error } = build;
  const said = text.outcome[status];
  if (!said) return null;
  const isSettled = status === "completed" && !error;
  return html`<section class=${`card outcome ${FEEL[status] ?? ""}`} aria-label=${said.title}>
    <${Icon} name=${ICONS[status] ?? "stop"} />
    <div>
      <p><b>${said.title}</b>${isSettled && html` <span class="hint">${said.body}</span>`}</p>
      ${error?.message && html`<p>${error.message}</p>`}
      ${error?.nextStep && html`<p>${error.nextStep}</p>`}
      ${!isSettled && html`<p class="hint">${said.body}</p>`}
    </div>
  </section>`;
}

const OFFLINE = "offline"; // the name of the built-in model

/** A model that answered instead of the one that was wanted, or none at all. */
export function Degraded({ build }) {
  const words = text.build.offline;
  if (!build.degraded && build.model === OFFLINE) return html`<p class="degraded"><span class="badge">${words.badge}</span> ${words.hint}</p>`;
  if (!build.degraded) return null;
  return html`<p class="degraded"><span class="badge warn">${text.build.degraded}</span> ${build.degradedReason || text.build.degradedHint}</p>`;
}
