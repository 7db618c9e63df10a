// What events say, as sentences without their agent. A type that is not here is told by its own words.
import { count } from "../text.js";

const part = ({ partId, name }) => (name ? `part “${name}”` : `part ${String(partId ?? "").split("-").at(-1)}`);
const problem = (error) => (error?.detail ? `: ${error.detail}` : "");
const numberOf = (list) => (Array.isArray(list) ? list.length : Number(list ?? 0));
const parts = (list) => count(numberOf(list), "part", "parts");
const message = (kind) => kind ?? "a message";

export const SENTENCES = {
  "message.sent": ({ kind, to, capability }) => `sent ${message(kind)} to ${to || `whoever can ${capability}`}`,
  "message.received": ({ kind, from }) => `received ${message(kind)} from ${from}`,
  "message.routed": ({ to, capability }) => `found ${to} for ${capability}`,
  "message.refused": ({ kind, from, detail }) => `refused ${message(kind)} from ${from}${problem({ detail })}`,
  "message.expired": ({ kind, from }) => `${message(kind)} from ${from} came too late`,
  "message.failed": ({ kind, from, to, detail }) => `gave up ${message(kind)} from ${from}${to ? ` to ${to}` : ""}${problem({ detail })}`,
  "letter.replayed": () => "a dead letter was sent again",
  "letter.discarded": () => "a dead letter was discarded",
  "agent.started": ({ kind, version }) => `came to be: ${kind}, version ${version}`,
  "agent.upgraded": ({ from, to }) => `went on in version ${to} after ${from}`,

  "task.accepted": ({ goal }) => `accepted the task “${goal}”`,
  "task.funded": () => "credits were set aside",
  "task.refused": ({ error }) => `refused the task${problem(error)}`,
  "task.abandoned": () => "nobody paid for the task, so it was dropped",
  "task.planned": ({ parts: list, by }) => `planned ${parts(list)}${by === "items" ? " from the items" : ""}`,
  "task.ended": ({ status, error }) => `the task is ${String(status).replace(/_/g, " ")}${problem(error)}`,
  "task.settled": () => "the task was paid",
  "part.dispatched": ({ parts: list }) => `handed out ${parts(list)}`,
  "part.leased": (body) => `${part(body)} goes on`,
  "part.completed": (body) => `${part(body)} is complete`,
  "part.failed": (body) => `${part(body)} failed${problem(body.error)}${body.tryAt ? " It is tried again." : ""}`,
  "part.lost": (body) => `nothing was heard of ${part(body)}; it is handed out again`,
  "coordinator.looked": () => "looked after what is late",
  "work.taken": (body) => `began ${part(body)}${body.work ? ` (${body.work})` : ""}`,
  "work.finished": (body) => `${part(body)} ${body.ok === false ? `failed (${body.code})` : "is done"}`,
  "work.dropped": (body) => `dropped ${part(body)}`,
  "work.renewed": ({ parts: list }) => (numberOf(list) ? `still works on ${parts(list)}` : "has nothing to do any more"),

  "watch.started": ({ name, url }) => `watches ${name || url} from now on`,
  "watch.edited": () => "a watch was changed",
  "watch.stopped": () => "a watch was ended",
  "look.postponed": ({ host }) => `does not ask ${host} now: its breaker is open`,
  "look.failed": ({ error }) => `a page could not be read${problem(error)}`,
  "page.read": ({ title }) => `read the page${title ? ` “${title}”` : ""} for the first time`,
  "page.unchanged": () => "the page has not changed",
  "page.changed": ({ title }) => `the page${title ? ` “${title}”` : ""} has changed`,
  "analysis.begun": () => "began to explain a change",
  "analysis.done": () => "explained a change",
  "analysis.failed": ({ error }) => `no model explained the change${problem(error)}`,
  "notification.created": ({ title }) => `said “${title}”`,
  "notification.seen": ({ ids }) => `${count(numberOf(ids), "notification was", "notifications were")} read`,
  "webhook.added": ({ url }) => `a webhook was added: ${url}`,
  "webhook.removed": () => "a webhook was removed",
  "webhook.disabled": ({ why }) => `a webhook was switched off: ${why}`,
  "webhook.enabled": () => "a webhook was switched on again",
  "delivery.queued": () => "a delivery to a webhook began",
  "delivery.taken": ({ httpStatus }) => `a delivery was taken (HTTP ${httpStatus})`,
  "delivery.failed": ({ error }) => `a delivery failed and is tried again${problem(error)}`,
  "delivery.postponed": () => "a delivery waits: the breaker is open",
  "delivery.given_up": ({ error }) => `a delivery was given up${problem(error)}`,
  "delivery.dropped": ({ error }) => `a delivery was dropped${problem(error)}`,

  "breaker.counted": ({ name, failures }) => `${name} failed (${failures})`,
  "breaker.opened": ({ name }) => `the breaker of ${name} opened`,
  "breaker.half_opened": ({ name }) => `the breaker of ${name} lets one try through`,
  "breaker.closed": ({ name }) => `the breaker of ${name} closed`,
};

/** Words for a type that has no sentence: its own, and the first thing its body names. */
export function otherwise(type, body) {
  const named = [body.name, body.url, body.title, body.goal].find((each) => typeof each === "string" && each);
  return type.replace(/[._]/g, " ") + (named ? `: ${named}` : "");
}
