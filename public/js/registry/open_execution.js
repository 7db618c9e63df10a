// The execution that is looked at: everything the server knows of it, its numbered events each once and in order, and
// what a person does with it. The events come as those of a run do (runs/run_feed.js).
import { announce } from "../announcer.js";
import { computed, signal } from "../reactive.js";
import { RunFeed } from "../runs/run_feed.js";
import { hasEnded, pieceOf } from "./states.js";
import { text } from "./text.js";

export class OpenExecution {
  constructor({ api, id, onExecution = () => {}, world }) {
    Object.assign(this, { api, id, onExecution });
    this.path = `/api/executions/${encodeURIComponent(id)}`;
    this.execution = signal(null);
    this.events = signal([]);
    this.written = computed(() => this.events.value.map(pieceOf).join(""));
    this.error = signal(null); // why there is none
    this.busy = signal(false);
    this.feed = new RunFeed({
      api,
      path: `${this.path}/events`,
      take: (events) => this.take(events),
      isOver: () => this.isOver(),
      onRefused: () => {}, // the execution itself is what is shown
      ...(world ? { world } : {}),
    });
  }

  async start() {
    this.error.value = null;
    try {
      await this.ask();
      if (!this.closed) this.feed.start();
    } catch (error) {
      this.error.value = error;
    }
  }

  close() {
    this.closed = true;
    this.feed.stop();
  }

  async ask() {
    this.receive(await this.api.get(this.path));
  }

  receive(execution) {
    const before = this.execution.peek();
    if (this.closed || (before && hasEnded(before.status) && !hasEnded(execution.status))) return;
    this.execution.value = { ...before, ...execution };
    this.onExecution(execution);
    if (before && before.status !== execution.status) announce(text.said(execution.status));
  }

  /** Takes the events that are next; the number of the last one that it has. */
  take(events) {
    const known = this.events.peek();
    const fresh = [...known];
    for (const event of events) if (event.number === fresh.length + 1) fresh.push(event);
    if (fresh.length > known.length) {
      this.events.value = fresh;
      const { status } = this.execution.peek();
      if (stateOf(fresh.at(-1)) !== status && stateOf(fresh.at(-1))) this.ask().catch(() => {});
    }
    return fresh.length;
  }

  isOver() {
    const last = this.events.peek().at(-1);
    return last ? hasEnded(stateOf(last)) : hasEnded(this.execution.peek()?.status);
  }

  /** News of this execution came live: what it knows and this does not is asked for. */
  hear(news) {
    const execution = this.execution.peek();
    if (execution && news.status !== execution.status && !hasEnded(execution.status)) this.ask().catch(() => {});
  }

  async cancel() {
    this.busy.value = true;
    try {
      this.receive(await this.api.post(`${this.path}/cancel`, {}));
    } finally {
      this.busy.value = false;
    }
  }
}

/** The state that an event leads to; "" when it leads to none. */
function stateOf({ type }) {
  const word = type.split(".").at(-1);
  return word === "started" ? "running" : hasEnded(word) ? word : "";
}
