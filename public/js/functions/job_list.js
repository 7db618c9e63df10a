// The history: pages of jobs by HTTP, filtered by state, type, words and dead letters, kept fresh by what the agent
// says of the newest ones (live.js). A job that comes live is put where it belongs; none is listed twice.
import { signal } from "../reactive.js";

const PAGE = 30;
export const NO_FILTER = Object.freeze({ status: "", type: "", dead: false, q: "" });

export class JobList {
  constructor(api) {
    this.api = api;
    this.jobs = signal([]);
    this.status = signal("loading"); // loading, ready, failed
    this.error = signal(null);
    this.cursor = signal(null);
    this.filter = signal(NO_FILTER);
    this.asked = 0;
  }

  async load() {
    const asked = ++this.asked;
    try {
      const { jobs, cursor } = await this.api.get("/fn/jobs", this.query());
      if (asked !== this.asked) return;
      this.jobs.value = jobs;
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
    const { jobs, cursor } = await this.api.get("/fn/jobs", { ...this.query(), cursor: this.cursor.peek() });
    if (asked !== this.asked) return;
    this.jobs.value = merged(this.jobs.peek(), jobs);
    this.cursor.value = cursor ?? null;
  }

  narrow(filter) {
    this.filter.value = { ...this.filter.peek(), ...filter };
    this.status.value = "loading";
    return this.load();
  }

  get isNarrowed() {
    const { status, type, dead, q } = this.filter.value;
    return Boolean(status || type || dead || q.trim());
  }

  /** Summaries that came live: of jobs in the list, and of new ones that the filter lets through. */
  receive(summaries) {
    if (this.status.peek() !== "ready") return;
    const known = new Set(this.jobs.peek().map((job) => job.jobId));
    const kept = summaries.filter((job) => this.lets(job, known.has(job.jobId)));
    const gone = new Set(summaries.filter((job) => !kept.includes(job)).map((job) => job.jobId));
    this.jobs.value = merged(this.jobs.peek().filter((job) => !gone.has(job.jobId)), kept);
  }

  lets(job, isKnown) {
    const { status, type, dead, q } = this.filter.peek();
    if ((status && job.status !== status) || (type && job.type !== type) || (dead && !job.deadLetter)) return false;
    return isKnown || job.title.toLowerCase().includes(q.trim().toLowerCase()); // the server found it by other words
  }

  query() {
    const { status, type, dead, q } = this.filter.peek();
    return { status: status || null, type: type || null, deadLetter: dead || null, q: q.trim() || null, limit: PAGE };
  }
}

/** Newest first, each job once; the later ones win. */
function merged(older, newer) {
  const byId = new Map([...older, ...newer].map((job) => [job.jobId, job]));
  return [...byId.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt) || b.jobId.localeCompare(a.jobId));
}
