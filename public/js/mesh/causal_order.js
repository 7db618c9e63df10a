// Events of several agents in an order in which they can have happened: an agent's own in the order of their numbers,
// a message sent before it comes to something, and otherwise by their times. (Positions say when the mesh heard of them.)

export function causalOrder(events) {
  const queues = [...byAgent(events).values()];
  const sent = new Set(events.filter(({ type }) => type === "message.sent").map(idOf));
  const ordered = [];
  while (ordered.length < events.length) {
    const heads = queues.filter((queue) => queue.at < queue.events.length);
    const ready = heads.filter((queue) => !waits(queue.events[queue.at], sent));
    const next = (ready.length ? ready : heads).reduce((first, queue) => (isBefore(queue.events[queue.at], first.events[first.at]) ? queue : first));
    const event = next.events[next.at++];
    if (event.type === "message.sent") sent.delete(idOf(event));
    ordered.push(event);
  }
  return ordered;
}

function byAgent(events) {
  const found = new Map();
  for (const event of events) {
    if (!found.has(event.agent)) found.set(event.agent, { at: 0, events: [] });
    found.get(event.agent).events.push(event);
  }
  for (const queue of found.values()) queue.events.sort((a, b) => a.number - b.number);
  return found;
}

const idOf = ({ body }) => body?.id;
const waits = (event, sent) => event.type.startsWith("message.") && event.type !== "message.sent" && sent.has(idOf(event));
const isBefore = (one, other) => one.at < other.at || (one.at === other.at && one.position < other.position);
