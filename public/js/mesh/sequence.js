// Who sent what to whom, from events alone: lifelines, and one step for each event. A message is an arrow from the
// step at which it was sent to the step at which it was received. No drawing here.

const FATES = { "message.received": "received", "message.refused": "refused", "message.expired": "expired", "message.failed": "dead" };
const ORDER = ["user", "coordinator", "worker", "data", "analysis", "notification"];

/**
 * The message an event tells of: {id, from, to, kind, fate}, or null. `fate` is null for one that was sent; one that
 * was sent to whoever can do it has no `to` yet.
 */
export function messageOf({ agent, type, body = {} }) {
  const { id, kind } = body;
  if (type === "message.sent") return { id, kind, from: agent, to: body.to || null, fate: null };
  if (!FATES[type]) return null;
  return { id, kind, from: body.from || agent, to: body.to || agent, fate: FATES[type] };
}

/**
 * {lifelines, steps} of events in their order. A step is {number, event, message}; a message that was sent has in
 * `arrival` the number of the step at which it came to something, one that arrived has `departure` if it was seen.
 */
export function sequenceOf(events) {
  const sent = new Map(); // message id → its step
  const names = new Set();
  const steps = events.map((event, index) => {
    const message = messageOf(event);
    const step = { number: index + 1, event, message };
    for (const name of message ? [message.from, message.to] : [event.agent]) if (name) names.add(name);
    if (message?.fate === null) sent.set(message.id, step);
    else if (message) join(sent.get(message.id), step);
    else if (event.type === "message.routed") route(sent.get(event.body.id), event.body.to, names);
    return step;
  });
  return { lifelines: [...names].sort(byRank), steps };
}

function route(departure, to, names) {
  if (!departure || !to) return;
  departure.message.to = to;
  names.add(to);
}

function join(departure, step) {
  if (!departure || departure.arrival) return;
  departure.message.to ??= step.message.to;
  departure.arrival = step.number;
  departure.fate = step.message.fate;
  step.departure = departure.number;
}

/** What became of the message of a step: received, waiting, refused, expired, dead. */
export const fateOf = (step) => step.message.fate ?? step.fate ?? "waiting";

/** How many messages the steps tell of: sent ones, and arrived ones that nobody here sent (a person's). */
export const messagesIn = (steps) => steps.filter(({ message, departure }) => message && (message.fate === null || !departure)).length;

/** The part of the steps that is drawn: `size` of them around the current one, in whole pages of half that. */
export function windowOf(steps, current, size) {
  if (steps.length <= size) return { start: 0, end: steps.length };
  const half = size / 2;
  const start = Math.max(0, Math.min(Math.floor((Math.max(1, current) - 1) / half) * half - half / 2, steps.length - size));
  return { start, end: start + size };
}

/** People first, then the kinds in the order in which work flows, workers by their number. */
export function byRank(a, b) {
  const [rankA, rankB] = [rank(a), rank(b)];
  return rankA - rankB || a.localeCompare(b, undefined, { numeric: true });
}

function rank(name) {
  const found = ORDER.indexOf(name.replace(/-\d+$/, ""));
  return found < 0 ? ORDER.length : found;
}
