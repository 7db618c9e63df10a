// What agents, tasks, parts, breakers and watches can be, and how each state feels. No words (text.js).

const ENDED_TASKS = ["completed", "completed_with_failures", "failed", "cancelled", "expired"];
export const TASK_STATUSES = ["planned", "running", ...ENDED_TASKS];
export const taskHasEnded = (status) => ENDED_TASKS.includes(status);

const TONES = {
  busy: ["running", "sending"],
  ask: ["completed_with_failures", "half_open", "retrying", "paused", "silent"],
  good: ["completed", "closed", "active", "delivered", "ok"],
  bad: ["failed", "open", "dead", "refused", "failing", "disabled", "unreachable"],
  over: ["cancelled", "expired", "discarded"],
};

/** How a state feels: "busy", "ask", "still", "good", "bad" or "over". Colours and marks follow it. */
export function tone(status) {
  return Object.keys(TONES).find((mood) => TONES[mood].includes(status)) ?? "still";
}

/**
 * What an agent is now. One whose lease runs out between two words of the server is idle when nothing is before it, and
 * silent when something is.
 */
export function agentState({ status, leaseUntil, inbox = 0, outbox = 0, effects = 0 }, now) {
  if (status !== "active" || Date.parse(leaseUntil) > now) return status;
  return inbox + outbox + effects > 0 ? "silent" : "idle";
}

/** {done, failed, going, waiting, all} of a task's parts, from its counts or from the parts themselves. */
export function tally({ parts = [], counts }) {
  const found = counts ?? countBy(parts);
  const sum = (...names) => names.reduce((total, name) => total + (found[name] ?? 0), 0);
  const ended = { done: sum("completed"), failed: sum("failed", "expired"), over: sum("cancelled") };
  const all = found.total ?? sum(...Object.keys(found));
  const going = sum("running");
  return { ...ended, going, all, waiting: Math.max(0, all - ended.done - ended.failed - ended.over - going) };
}

function countBy(parts) {
  const found = {};
  for (const { status } of parts) found[status] = (found[status] ?? 0) + 1;
  return found;
}
