// Everything about the mesh that the page holds while it is open: its agents, tasks, events, watches, notifications,
// webhooks, breakers and dead letters, each fetched when it is first shown, all kept fresh by one live line.
import { announce } from "../announcer.js";
import { signal } from "../reactive.js";
import { EventList, NO_FILTER } from "./event_list.js";
import { Listing } from "./listing.js";
import { Live } from "./live.js";
import { Notifications } from "./notifications.js";
import { OpenAgent } from "./open_agent.js";
import { OpenTask } from "./open_task.js";
import { Replay } from "./replay.js";
import { Starter } from "./starter.js";
import { TaskList } from "./task_list.js";
import { text } from "./text.js";
import { Watches } from "./watches.js";

const QUIET_MS = [2_000, 8_000];

export class Mesh {
  constructor({ api, newId, openLive = (handlers) => new Live(handlers) }) {
    this.api = api;
    const list = (path, name) => new Listing(async () => (await api.get(path))[name]);
    this.agents = list("/api/mesh/agents", "agents");
    this.breakers = list("/api/mesh/breakers", "breakers");
    this.deadLetters = list("/api/mesh/dead-letters", "deadLetters");
    this.rules = list("/api/mesh/permissions", "rules");
    this.tasks = new TaskList(api);
    this.notifications = new Notifications(api);
    this.watches = new Watches({ api, newId });
    this.log = new EventList(api);
    this.replay = signal(null); // the replay that is looked at, or none
    this.view = signal("log"); // what the screen of events shows: "log" or "replay"
    this.open = signal(null); // the task that is looked at
    this.agent = signal(null); // the agent that is looked at
    this.starter = new Starter({ api, newId });
    this.trailing = [];
    this.live = openLive({
      onEvents: (events) => this.receive(events),
      onAgent: (agent) => this.heard(agent),
      onNotification: (notification) => this.notified(notification),
      ask: () => this.refresh(),
    });
  }

  /** Asks for everything that is shown; whether the server answered. */
  async refresh() {
    const shown = [this.tasks, this.notifications, this.breakers, this.deadLetters, this.watches.list].filter((each) => each.status.peek() !== "idle");
    const others = [this.log.asked ? this.log.catchUp() : null, this.open.peek()?.refresh(), this.agent.peek()?.refresh()];
    const answers = await Promise.allSettled([this.agents.load(), ...shown.map((each) => each.load()), ...others]);
    return answers[0].value === true && answers.every(({ status }) => status === "fulfilled");
  }

  /** Events that came live: they are shown, and what they may have changed is asked for again, soon. */
  receive(events) {
    this.log.receive(events);
    this.open.peek()?.receive(events);
    this.agent.peek()?.receive(events);
    this.tasks.soon();
    this.trail();
    const kinds = new Set(events.map(({ type }) => type.split(".")[0]));
    if (kinds.has("letter") || events.some(({ type }) => type === "message.failed")) this.deadLetters.soon();
    if (kinds.has("breaker")) this.breakers.soon();
    if (["watch", "page", "look"].some((kind) => kinds.has(kind))) this.watches.list.soon();
    if (kinds.has("webhook") || kinds.has("delivery")) this.watches.webhooks.soon();
    if (kinds.has("notification")) this.notifications.soon();
  }

  /** The lists of tasks follow the events a moment behind: they are asked for again when it has been quiet. */
  trail() {
    for (const timer of this.trailing) clearTimeout(timer);
    this.trailing = QUIET_MS.map((delay) => setTimeout(() => (this.tasks.soon(), this.open.peek()?.task.soon()), delay));
  }

  /** An agent said how it is: it is shown at its place, a new one at the end. */
  heard(agent) {
    const isIt = ({ name }) => name === agent.name;
    if (this.agents.value.peek()) this.agents.show((list) => (list.some(isIt) ? list.map((each) => (isIt(each) ? agent : each)) : [...list, agent]));
  }

  notified(notification) {
    this.notifications.receive(notification);
    this.watches.list.soon();
    announce(text.notifications.came(notification.title ?? notification.watchName ?? ""));
  }

  /** Looks at a task or an agent, or at none: {page, id} of the address. */
  show({ page, id }) {
    const { api } = this;
    this.look(this.open, page === "task" ? id : null, () => new OpenTask({ api, id }));
    this.look(this.agent, page === "agent" ? id : null, () => new OpenAgent({ api, name: id }));
  }

  look(place, id, make) {
    if ((place.peek()?.id ?? null) === id) return;
    place.value = id ? make() : null;
    place.peek()?.refresh();
  }

  /** Replays an agent's events or those of a correlation id: {agent} or {correlationId}. */
  replayOf(filter) {
    this.replay.peek()?.close();
    this.replay.value = new Replay({ api: this.api, filter });
    this.view.value = "replay";
    return this.replay.peek().load();
  }

  /** Shows the live log narrowed to this: {agent} or {correlationId}. */
  logOf(filter) {
    this.view.value = "log";
    this.log.narrow({ ...NO_FILTER, ...filter });
  }

  leaveReplay() {
    this.replay.peek()?.close();
    this.replay.value = null;
  }

  /** Makes the lists of tasks anew from the events of all agents: {events, tasks, equal}. */
  async rebuild() {
    const found = await this.api.post("/api/mesh/projections/rebuild", {});
    this.tasks.load();
    return found;
  }

  /** "replay" or "discard" a dead letter. */
  async settle(letter, action) {
    await this.api.post(`/api/mesh/dead-letters/${encodeURIComponent(letter.id)}/${action}`, {});
    this.deadLetters.change((list) => list.filter(({ id }) => id !== letter.id));
    this.deadLetters.soon();
    this.agents.soon();
    announce(action === "replay" ? text.dead.replayed : text.dead.discarded);
  }

  stop() {
    for (const timer of this.trailing) clearTimeout(timer);
    this.show({ page: null });
    this.leaveReplay();
    this.live.stop();
  }
}

const known = new WeakMap();

/** The mesh of the person who is signed in. */
export function meshOf(app) {
  const owner = app.me.peek().user.id;
  if (known.get(app)?.owner !== owner) {
    known.get(app)?.stop();
    const { api, newId } = app;
    known.set(app, Object.assign(new Mesh({ api, newId }), { owner }));
  }
  return known.get(app);
}
