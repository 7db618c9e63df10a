// A list that comes in pages by HTTP and is kept fresh by what is said live: newest first, each entry once.
import { signal } from "../reactive.js";

export class List {
  /**
   * `page(query, cursor)` resolves to {entries, cursor}; `lets(filter, entry, isKnown)` says whether an entry that came
   * live belongs to what is shown; `none` is the filter that hides nothing.
   */
  constructor({ page, lets, none }) {
    Object.assign(this, { page, lets, none });
    this.entries = signal([]);
    this.status = signal("loading"); // loading, ready, failed
    this.error = signal(null);
    this.cursor = signal(null);
    this.filter = signal(none);
    this.asked = 0;
  }

  async load() {
    const asked = ++this.asked;
    try {
      const { entries, cursor } = await this.page(this.filter.peek(), null);
      if (asked !== this.asked) return;
      this.entries.value = merged([], entries);
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
    const { entries, cursor } = await this.page(this.filter.peek(), this.cursor.peek());
    if (asked !== this.asked) return;
    this.entries.value = merged(this.entries.peek(), entries);
    this.cursor.value = cursor ?? null;
  }

  narrow(filter) {
    this.filter.value = { ...this.filter.peek(), ...filter };
    this.status.value = "loading";
    return this.load();
  }

  get isNarrowed() {
    const { filter, none } = this;
    return Object.keys(none).some((name) => filter.value[name] !== none[name]);
  }

  /** Entries that came live: news of those in the list, and new ones that the filter lets through. */
  receive(fresh) {
    if (this.status.peek() !== "ready") return;
    const known = new Map(this.entries.peek().map((each) => [each.id, each]));
    for (const each of fresh) {
      if (this.lets(this.filter.peek(), { ...known.get(each.id), ...each }, known.has(each.id))) known.set(each.id, { ...known.get(each.id), ...each });
      else known.delete(each.id);
    }
    this.entries.value = merged([...known.values()], []);
  }

  /** Lets go of entries that do not belong here any more. */
  keep(belongs) {
    this.entries.value = this.entries.peek().filter(belongs);
  }
}

/** Newest first, each once; the later ones win. */
function merged(older, newer) {
  const byId = new Map([...older, ...newer].map((each) => [each.id, each]));
  return [...byId.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt) || b.id.localeCompare(a.id));
}
