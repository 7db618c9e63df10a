// The job that is looked at: everything the server knows of it, its numbered events each once and in order, and what a
// person does with it. The events come as those of a run do (runs/run_feed.js).
import { announce } from "../announcer.js";
import { signal } from "../reactive.js";
import { RunFeed } from "../runs/run_feed.js";
import { hasEnded } from "./states.js";
import { text } from "./text.js";

export class OpenJob {
  constructor({ api, id, onJob = () => {}, world }) {
    Object.assign(this, { api, id, onJob });
    this.path = `/fn/jobs/${encodeURIComponent(id)}`;
    this.job = signal(null);
    this.events = signal([]);
    this.error = signal(null); // why there is none
    this.busy = signal(null); // the action that is being asked for
    this.feed = new RunFeed({
      api,
      path: `${this.path}/events`,
      take: (events) => this.take(events),
      isOver: () => this.isOver(),
      onRefused: (error) => (this.error.value = error),
      ...(world ? { world } : {}),
    });
  }

  async start() {
    this.error.value = null;
    try {
      await this.ask();
    } catch (error) {
      this.error.value = error;
      return;
    }
    if (!this.closed) this.feed.start();
  }

  close() {
    this.closed = true;
    this.feed.stop();
  }

  /** Asks for the job; while one question is on its way, another one follows it only once. */
  async ask() {
    if (this.asking) {
      this.again = true;
      return this.asking;
    }
    this.asking = this.api.get(this.path);
    try {
      this.receive(await this.asking);
    } finally {
      this.asking = null;
    }
    if (!this.again) return undefined;
    this.again = false;
    return this.ask();
  }

  receive(job) {
    const before = this.job.peek();
    if (this.closed || job.lastEvent < (before?.lastEvent ?? 0)) return;
    this.job.value = job;
    this.onJob(job);
    if (before && before.status !== job.status) announce(text.said(job.status));
  }

  /** Takes the events that are next; the number of the last one that it has. */
  take(events) {
    const known = this.events.peek();
    const fresh = [...known];
    for (const event of events) if (event.number === fresh.length + 1) fresh.push(event);
    if (fresh.length > known.length) {
      this.events.value = fresh;
      if (fresh.length > (this.job.peek()?.lastEvent ?? 0)) this.ask().catch(() => {}); // the next event asks again
    }
    return fresh.length;
  }

  isOver() {
    const last = this.events.peek().at(-1);
    return Boolean(last) && hasEnded(last.type.slice("job.".length));
  }

  /** A summary of this job came live: what it knows and the job does not is asked for. */
  hear(summary) {
    const job = this.job.peek();
    if (!job) return;
    const isNews = ["status", "attempts", "deadLetter"].some((name) => job[name] !== summary[name]) || job.credits.settled !== summary.credits.settled;
    if (isNews) this.ask().catch(() => {});
  }

  /** "cancel" or "replay"; the answer. ApiError when the server refuses. */
  async act(action, body = {}, headers = {}) {
    this.busy.value = action;
    try {
      const answer = await this.api.post(`${this.path}/${action}`, body, headers);
      announce(text.done[action]);
      if (action === "cancel") this.receive(answer);
      return answer;
    } finally {
      this.busy.value = null;
    }
  }
}
