// The run that is looked at: its snapshot, its events folded, its output, and what a person does with it.
// It joins fold.js, run_feed.js and output_log.js; the list of runs is run_list.js.
import { announce } from "../announcer.js";
import { batch, computed, signal } from "../reactive.js";
import { at } from "../server.js";
import { endsRun, changesFacts, fits, fold, NOTHING, shownRun, withRun } from "./fold.js";
import { LogSearch } from "./log_search.js";
import { OutputLog } from "./output_log.js";
import { RunFeed } from "./run_feed.js";
import { hasEnded } from "./states.js";
import { text } from "./text.js";

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
    if (data.letGo) this.log.skipped(data.step, data.letGo); // printed long ago, no longer kept
    else if (type === "step.output") this.log.append(data.step, data.stream, data.text);
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
  }

  /**
   * cancel, pause, resume or restart; the run that it is about now (a restart makes a new one). ApiError
   * when the server refuses.
   */
  async act(action) {
    this.busy.value = action;
    try {
      const run = await this.api.post(`${this.path}/${action}`, {});
      announce(text.done[action]);
      if (run.id === this.id) this.receive(run);
      if (run.id === this.id && !this.over) this.feed.check();
      return run;
    } finally {
      this.busy.value = null;
    }
  }

  outputAddress(stream = null) {
    return at(`${this.path}/output${stream ? `?stream=${stream}` : ""}`);
  }

  artifactAddress(path) {
    return at(`${this.path}/artifacts/${path.split("/").map(encodeURIComponent).join("/")}`);
  }
}
