// What agents, tasks, parts, breakers and watches can be, and how each state feels. No words (text.js).

const ENDED_TASKS = ["completed", "completed_with_failures", "failed", "cancelled", "expired"];
export const TASK_STATUSES = ["planned", "running", ...ENDED_TASKS];
export const taskHasEnded = (status) => ENDED_TASKS.includes(status);

const TONES = {
  busy: ["running", "working", "leased", "dispatched", "performing", "looking"],
  ask: ["completed_with_failures", "half_open", "expiring", "retrying", "overloaded", "unread", "paused", "degraded"],
  good: ["completed", "done", "closed", "healthy", "alive", "ready", "active", "delivered", "ok", "idle"],
  bad: ["failed", "open", "dead", "refused", "failing", "broken", "disabled", "lost"],
  over: ["cancelled", "expired", "gone", "discarded", "stopped"],
};

/** How a state feels: "busy", "ask", "still", "good", "bad" or "over". Colours and marks follow it. */
export function tone(status) {
  return Object.keys(TONES).find((mood) => TONES[mood].includes(status)) ?? "still";
}

/** What an agent is now: its word, or "expired" when its lease has run out without anybody saying so. */
export function agentState({ status, leaseUntil }, now) {
  const isOver = Boolean(leaseUntil) && Date.parse(leaseUntil) <= now;
  return isOver && tone(status) !== "bad" ? "expired" : status;
}

/** {done, failed, going, waiting, all} of a task's parts, from its counts or from the parts themselves. */
export function tally({ parts = [], counts }) {
  const found = counts ?? countBy(parts);
  const sum = (...names) => names.reduce((total, name) => total + (found[name] ?? 0), 0);
  const ended = { done: sum("completed", "done"), failed: sum("failed", "expired", "dead"), over: sum("cancelled") };
  const all = found.total ?? found.parts ?? found.all ?? Math.max(parts.length, sum(...Object.keys(found)));
  const going = sum("running", "leased", "working");
  return { ...ended, going, all, waiting: Math.max(0, all - ended.done - ended.failed - ended.over - going) };
}

function countBy(parts) {
  const found = {};
  for (const { status } of parts) found[status] = (found[status] ?? 0) + 1;
  return found;
}
