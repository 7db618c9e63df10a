// The list of builds: pages by HTTP, kept fresh by what is known of the open build. Narrowing it by words and
// state is done here, among the builds that are loaded.
import { computed, signal } from "../reactive.js";

const PAGE = 30;

export class BuildList {
  constructor(api) {
    this.api = api;
    this.builds = signal([]);
    this.status = signal("loading"); // loading, ready, failed
    this.error = signal(null);
    this.cursor = signal(null);
    this.filter = signal({ status: "", q: "" });
    this.shown = computed(() => this.builds.value.filter((build) => lets(this.filter.value, build)));
    this.asked = 0;
  }

  async load() {
    const asked = ++this.asked;
    try {
      const { builds, cursor } = await this.api.get("/agents", { limit: PAGE });
      if (asked !== this.asked) return;
      this.builds.value = builds;
      this.cursor.value = cursor ?? null;
      this.error.value = null;
      this.status.value = "ready";
    } catch (error) {
      if (asked !== this.asked) return;
      this.error.value = error;
      this.status.value = "failed";
    }
  }

  async more() {
    const asked = this.asked;
    const { builds, cursor } = await this.api.get("/agents", { limit: PAGE, cursor: this.cursor.peek() });
    if (asked !== this.asked) return;
    const known = new Set(this.builds.peek().map(({ id }) => id));
    this.builds.value = [...this.builds.peek(), ...builds.filter(({ id }) => !known.has(id))];
    this.cursor.value = cursor ?? null;
  }

  narrow(filter) {
    this.filter.value = { ...this.filter.peek(), ...filter };
  }

  get isNarrowed() {
    const { status, q } = this.filter.value;
    return Boolean(status || q.trim());
  }

  /** What is known of a build, put where it is in the list; one that is not there yet comes first. */
  receive({ sessionId: id, title, query, status, agentMode: mode, generatedFilesMap, createdAt, updatedAt }) {
    if (this.status.peek() !== "ready") return;
    const files = Object.values(generatedFilesMap).filter((file) => file.status === "saved").length;
    const summary = { id, title, query, status, mode, files, createdAt, updatedAt };
    const others = this.builds.peek();
    const isKnown = others.some((each) => each.id === id);
    this.builds.value = isKnown ? others.map((each) => (each.id === id ? { ...each, ...summary } : each)) : [summary, ...others];
  }
}

function lets({ status, q }, build) {
  const words = q.trim().toLowerCase();
  return (!status || build.status === status) && `${build.title} ${build.query}`.toLowerCase().includes(words);
}
