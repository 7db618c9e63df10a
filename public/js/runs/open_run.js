// The run that is looked at: its snapshot, its events folded, its output, and what a person does with it.
// It joins fold.js, run_feed.js and output_log.js; the list of runs is run_list.js.
import { announce } from "../announcer.js";
import { batch, computed, signal } from "../reactive.js";
import { endsRun, changesFacts, fits, fold, NOTHING, shownRun, withRun } from "./fold.js";
import { LogSearch } from "./log_search.js";
import { OutputLog } from "./output_log.js";
import { RunFeed } from "./run_feed.js";
import { hasEnded } from "./states.js";
import { text } from "./text.js";

const SETTLE_AGAIN_MS = 1_000;
const SETTLE_TRIES = 5;

export class OpenRun {
  constructor({ api, id, schedule, onRun = () => {}, world }) {
    Object.assign(this, { api, id, schedule, onRun });
    this.path = `/api/orchestrator/runs/${encodeURIComponent(id)}`;
    this.view = signal(NOTHING);
    this.run = computed(() => shownRun(this.view.value));
    this.error = signal(null);
    this.busy = signal(null); // the action that is being asked for
    this.log = new OutputLog();
    this.search = new LogSearch(this.log);
    this.feed = new RunFeed({
      api,
      path: `${this.path}/events`,
      take: (events) => this.take(events),
      isOver: () => this.over,
      onRefused: (error) => (this.error.value = error),
      world,
    });
  }

  get over() {
    return hasEnded(this.view.peek().run?.status) && this.view.peek().seen >= this.view.peek().run.lastEvent;
  }

  async start() {
    this.error.value = null;
    try {
      this.receive(await this.api.get(this.path));
    } catch (error) {
      this.error.value = error;
      return;
    }
    if (!this.closed) await this.feed.start();
  }

  close() {
    this.closed = true;
    this.feed.stop();
  }

  receive(run) {
    if (this.closed) return;
    this.view.value = withRun(this.view.peek(), run);
    this.onRun(this.view.peek().run);
  }

  /** Folds what fits; the number of the last event that is folded. Shown with the next frame. */
  take(events) {
    let view = this.view.peek();
    const before = view.run?.status;
    for (const event of events) {
      if (!fits(view, event)) continue;
      view = fold(view, event);
      this.write(event, view.run);
      if (changesFacts(event)) this.askAgain();
      if (endsRun(event)) announce(text.said(event.type.slice("run.".length)));
    }
    this.view.value = view;
    if (view.run && view.run.status !== before) this.onRun(view.run);
    this.show();
    return view.seen;
  }

  write({ type, data = {} }, run) {
    if (type === "step.output") this.log.append(data.step, data.stream, data.text);
    else if (type === "step.output_skipped") this.log.skipped(data.step, data.bytes);
    else if (type === "step.completed") this.log.finish(data.step);
    else if (type === "step.started") {
      const step = (run?.steps ?? []).find((each) => each.index === data.step);
      this.log.command(data.step, data.command ?? step?.command ?? "");
    }
  }

  show() {
    if (this.showing) return;
    this.showing = true;
    this.schedule(() => {
      this.showing = false;
      batch(() => this.log.flush());
    });
  }

  /** The snapshot has facts that events do not carry; asked for once, however many events came. */
  async askAgain() {
    this.wanted = true;
    if (this.asking) return;
    this.asking = true;
    while (this.wanted && !this.closed) {
      this.wanted = false;
      await this.api.get(this.path).then((run) => this.receive(run), () => {}); // the feed says what is wrong
    }
    this.asking = false;
    if (this.run.peek()?.credits?.reserved > 0 && this.over) this.askForSettling();
  }

  /** A run may end a moment before its credits are settled. */
  askForSettling() {
    this.settling = (this.settling ?? 0) + 1;
    if (this.settling <= SETTLE_TRIES) setTimeout(() => this.closed || this.askAgain(), SETTLE_AGAIN_MS);
  }

  /** approve, reject, cancel, pause, resume or restart. ApiError when the server refuses. */
  async act(action, { approvalId, reason } = {}) {
    if (this.busy.peek()) return;
    this.busy.value = action;
    try {
      this.receive(await this.api.post(`${this.path}/${action}`, { approvalId, reason }));
      announce(text.done[action] ?? "");
      if (!this.over) this.feed.check();
    } finally {
      this.busy.value = null;
    }
  }

  outputAddress(stream = null) {
    return `${this.path}/output${stream ? `?stream=${stream}` : ""}`;
  }

  artifactAddress(path) {
    return `${this.path}/artifacts/${path.split("/").map(encodeURIComponent).join("/")}`;
  }
}
