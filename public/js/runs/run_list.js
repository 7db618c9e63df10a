// The list of runs: pages by HTTP, filtered by state and words, kept fresh by what the agent's socket says
// of the newest ones (live.js). A run that comes live is put where it belongs; nothing is listed twice.
import { signal } from "../reactive.js";

const PAGE = 30;

export class RunList {
  constructor(api) {
    this.api = api;
    this.runs = signal([]);
    this.status = signal("loading"); // loading, ready, failed
    this.error = signal(null);
    this.cursor = signal(null);
    this.filter = signal({ status: "", q: "" });
    this.asked = 0;
  }

  async load() {
    const asked = ++this.asked;
    try {
      const { runs, cursor } = await this.api.get("/api/orchestrator/runs", this.query());
      if (asked !== this.asked) return;
      this.runs.value = runs;
      this.cursor.value = cursor ?? null;
      this.status.value = "ready";
      this.error.value = null;
    } catch (error) {
      if (asked !== this.asked) return;
      this.error.value = error;
      this.status.value = "failed";
    }
  }

  async more() {
    const asked = this.asked;
    const { runs, cursor } = await this.api.get("/api/orchestrator/runs", { ...this.query(), cursor: this.cursor.peek() });
    if (asked !== this.asked) return;
    this.runs.value = merged(this.runs.peek(), runs);
    this.cursor.value = cursor ?? null;
  }

  narrow(filter) {
    this.filter.value = { ...this.filter.peek(), ...filter };
    this.status.value = "loading";
    return this.load();
  }

  get isNarrowed() {
    const { status, q } = this.filter.value;
    return Boolean(status || q.trim());
  }

  /** Summaries that came live: of runs in the list, and of new ones that the filter lets through. */
  receive(summaries) {
    if (this.status.peek() !== "ready") return;
    const known = new Set(this.runs.peek().map((run) => run.id));
    const fresh = summaries.filter((run) => (known.has(run.id) ? this.lets(run, { known: true }) : this.lets(run)));
    const gone = new Set(summaries.filter((run) => !this.lets(run, { known: known.has(run.id) })).map((run) => run.id));
    this.runs.value = merged(this.runs.peek().filter((run) => !gone.has(run.id)), fresh);
  }

  lets(run, { known = false } = {}) {
    const { status, q } = this.filter.peek();
    if (status && run.status !== status) return false;
    return known || run.title.toLowerCase().includes(q.trim().toLowerCase()); // the server found it by other words
  }

  query() {
    const { status, q } = this.filter.peek();
    return { status: status || null, q: q.trim() || null, limit: PAGE };
  }
}

/** Newest first, each run once; the later ones win. */
function merged(older, newer) {
  const byId = new Map([...older, ...newer].map((run) => [run.id, run]));
  return [...byId.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt) || b.id.localeCompare(a.id));
}
