// What a run and a step can be, and what may be done with a run in each state. No words (text.js) and
// no drawing (status_chip.js).

/** States that a run does not leave by itself. */
const ENDED = new Set(["completed", "failed", "cancelled", "rejected", "expired", "budget_exceeded"]);
/** States in which somebody works on the run, or it waits for a person. */
const ACTIVE = ["queued", "planning", "waiting_for_approval", "running", "paused", "cancelling"];

export const RUN_STATUSES = [...ACTIVE.filter((status) => status !== "cancelling"), ...ENDED];

export const hasEnded = (status) => ENDED.has(status);

/** How a state feels: "busy", "ask", "still", "good", "bad" or "over". Colours and marks follow it. */
export function tone(status) {
  return TONES[status] ?? "still";
}

const TONES = {
  queued: "still",
  pending: "still",
  paused: "still",
  skipped: "over",
  planning: "busy",
  running: "busy",
  cancelling: "busy",
  starting: "busy",
  waiting_for_approval: "ask",
  completed: "good",
  approved: "good",
  ready: "good",
  asleep: "still",
  stopped: "over",
  failed: "bad",
  unknown: "bad",
  budget_exceeded: "bad",
  cancelled: "over",
  rejected: "over",
  expired: "over",
};

/** What a person may do with a run now, in the order of the buttons. */
export function actionsFor(status) {
  if (status === "cancelling") return [];
  if (hasEnded(status)) return ["rerun", "restart"];
  if (status === "paused") return ["resume", "cancel"];
  if (status === "running" || status === "queued") return ["pause", "cancel"];
  return ["cancel"];
}

/** {done, total} of a run's steps; a step is done when it will not change any more. */
export function progress(steps) {
  if (!Array.isArray(steps)) return steps ?? { done: 0, total: 0 };
  const open = new Set(["pending", "waiting_for_approval", "running"]);
  return { done: steps.filter((step) => !open.has(step.status)).length, total: steps.length };
}
