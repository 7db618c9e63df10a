// A list of the mesh's events, each once and in the order of their positions: what was there by HTTP, in pages, and
// what comes live. Two shapes: a window of the newest ones (a log), or all of one agent or correlation id (a story).
import { batch, signal } from "../reactive.js";

const PAGE = 200;
const MOST = 2_000;
export const NO_FILTER = Object.freeze({ agent: "", type: "", correlationId: "" });

export class EventList {
  /** `whole`: from the first one on, as far as `MOST` goes; otherwise the newest ones. */
  constructor(api, { filter = NO_FILTER, whole = false, most = MOST } = {}) {
    Object.assign(this, { api, whole, most });
    this.filter = signal({ ...NO_FILTER, ...filter });
    this.events = signal([]);
    this.status = signal("loading"); // loading, ready, failed
    this.error = signal(null);
    this.older = signal(false); // whether there are events before the first one
    this.cut = signal(false); // whether a story is longer than what is kept
    this.held = signal(null); // events that came while the list was held still, or null
    this.asked = 0;
  }

  async load() {
    const asked = ++this.asked;
    try {
      const found = this.whole ? await this.everything(asked) : (await this.page({})).events;
      if (asked !== this.asked) return;
      batch(() => {
        this.events.value = merged(found, this.events.peek().filter((each) => this.lets(each)));
        this.older.value = !this.whole && hasOlder(found);
        this.status.value = "ready";
        this.error.value = null;
        this.bound();
      });
    } catch (error) {
      if (asked !== this.asked) return;
      this.error.value = error;
      if (this.status.peek() !== "ready") this.status.value = "failed";
    }
  }

  /** Pages from the first event on. */
  async everything(asked) {
    let found = [];
    while (asked === this.asked && found.length < this.most) {
      const page = await this.page({ since: found.at(-1)?.position ?? 0 });
      found = found.concat(page.events);
      if (page.next >= page.last) return found;
    }
    this.cut.value = true;
    return found;
  }

  /** {events, next, last}: there are more after these when `next` is less than `last`. */
  page(place) {
    const named = Object.entries(this.filter.peek()).filter(([, value]) => value.trim());
    return this.api.get("/api/mesh/events", { ...Object.fromEntries(named), ...place, limit: PAGE });
  }

  async more() {
    const asked = this.asked;
    const { events: found } = await this.page({ before: this.events.peek()[0].position });
    if (asked !== this.asked) return;
    this.older.value = hasOlder(found);
    this.events.value = merged(found, this.events.peek());
  }

  narrow(filter) {
    batch(() => {
      this.filter.value = { ...this.filter.peek(), ...filter };
      this.events.value = this.events.peek().filter((each) => this.lets(each));
      this.status.value = "loading";
      this.cut.value = false;
    });
    return this.load();
  }

  /** Events that came live; those that the filter does not let through are dropped. */
  receive(events) {
    if (this.status.peek() !== "ready") return;
    const mine = events.filter((each) => this.lets(each));
    if (mine.length === 0) return;
    if (this.held.peek()) return void (this.held.value = merged(this.held.peek(), mine).slice(-this.most));
    this.events.value = merged(this.events.peek(), mine);
    this.bound();
  }

  /** Asks for what came since the last one, as after a line that was down. */
  async catchUp() {
    if (this.status.peek() !== "ready") return this.load();
    const since = (this.held.peek()?.at(-1) ?? this.events.peek().at(-1))?.position ?? 0;
    const { events, next, last } = await this.page({ since });
    this.receive(events);
    if (next >= last || this.cut.peek()) return undefined;
    if (this.whole || last - next <= this.most) return this.catchUp();
    this.events.value = []; // a log that is so far behind begins anew, without a gap
    return this.load();
  }

  hold() {
    this.held.value = [];
  }

  release() {
    const held = this.held.peek() ?? [];
    this.held.value = null;
    this.receive(held);
  }

  /** A log forgets its oldest events, a story takes no newer ones. */
  bound() {
    const events = this.events.peek();
    if (events.length <= this.most) return;
    this.events.value = this.whole ? events.slice(0, this.most) : events.slice(-this.most);
    (this.whole ? this.cut : this.older).value = true;
  }

  lets({ agent, type, correlationId }) {
    const wanted = this.filter.peek();
    const fits = (name, value) => !wanted[name].trim() || wanted[name].trim() === value;
    return fits("agent", agent) && fits("correlationId", correlationId) && (fits("type", type) || type.startsWith(`${wanted.type.trim()}.`));
  }

  get isNarrowed() {
    return Object.values(this.filter.value).some((value) => value.trim());
  }
}

/** Whether there may be events before these: the first position of all is 1. */
const hasOlder = (events) => events.length > 0 && events[0].position > 1;

/** By position, each once. */
function merged(one, other) {
  if (other.length === 0) return one;
  const byPosition = new Map([...one, ...other].map((event) => [event.position, event]));
  return [...byPosition.values()].sort((a, b) => a.position - b.position);
}
