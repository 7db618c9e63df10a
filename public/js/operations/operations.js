// What is known of the deployment's operations: the figures of a span of time, one chart, traces, the log.
// Refreshes by itself while the place is open and the page is seen. No DOM besides that.
import { effect, signal } from "../reactive.js";
import { Loadable } from "../loadable.js";

const REFRESH_MS = 10_000;
const TAIL_MS = 3_000;
const MOST_LINES = 500;
/** The label that parts the lines of a chart, by metric. */
const PARTED_BY = { http: "route", work: "agent", call: "agent", model: "model", message: "queue", stage: "workflow" };

export class Operations {
  constructor(api) {
    this.api = api;
    this.minutes = signal(60);
    this.metric = signal("http");
    this.live = signal(true);
    this.filter = signal({ q: "", kind: "", failed: false, slowest: false });
    this.lookedAtMs = signal(0);
    this.summary = new Loadable(() => this.look());
    this.whole = new Loadable(() => this.series(null));
    this.parts = new Loadable(() => this.series(PARTED_BY[this.metric.peek()]));
    this.traces = new Loadable(() => this.get("traces", { minutes: this.minutes.peek(), ...this.filter.peek() }));
    this.trace = new Loadable(() => this.get(`traces/${this.traceId}`));
    this.log = new Loadable(() => this.tail());
    this.lines = [];
    this.traceId = null;
  }

  get = (path, query) => this.api.get(`/api/operations/${path}`, query);

  async series(by) {
    return this.get("series", { metric: this.metric.peek(), minutes: this.minutes.peek(), by });
  }

  /** What one page shows, asked for again and again until the function that this gives is called. */
  follow(page, id) {
    const wanted = { overview: [this.summary, this.whole, this.parts], traces: [this.traces], trace: [this.trace], log: [this.log] }[page];
    if (page === "trace" && this.traceId !== id) {
      this.traceId = id;
      this.trace.clear();
    }
    const load = () => wanted.forEach((each) => each.load());
    let begun = false;
    const stopAsking = effect(() => {
      void [this.minutes.value, this.metric.value, this.filter.value];
      if (begun) load();
      else wanted.filter(({ status }) => status.peek() !== "loading").forEach((each) => each.load());
      begun = true;
    });
    const timer = setInterval(() => {
      if (this.live.peek() && !document.hidden && !this.refused) load();
    }, page === "log" ? TAIL_MS : REFRESH_MS);
    this.again = load;
    return () => (stopAsking(), clearInterval(timer));
  }

  async look() {
    const summary = await this.get("summary", { minutes: this.minutes.peek() });
    this.lookedAtMs.value = Date.now();
    return summary;
  }

  /** Whether the account is none of an operator's. */
  get refused() {
    return [this.summary, this.traces, this.trace, this.log].some(({ error }) => error.value?.code === "not_allowed" || error.value?.code === "insufficient_scope");
  }

  /** The newest lines, the newest first; only those that are new are asked for. */
  async tail() {
    const since = this.lines[0]?.number ?? 0;
    const { lines } = await this.get("log", { since, limit: since ? 500 : 200 });
    const newest = this.lines[0]?.number ?? 0; // another look may have been quicker
    this.lines = [...lines.reverse().filter(({ number }) => number > newest), ...this.lines].slice(0, MOST_LINES);
    return this.lines;
  }

  choose(change) {
    this.filter.value = { ...this.filter.peek(), ...change };
  }
}
