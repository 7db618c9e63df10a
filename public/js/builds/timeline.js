// The numbered events of a build, each once and in order, fetched in pages whenever the state tells of newer
// ones. What they mean for the screen is in the state; here they are history.
import { signal } from "../reactive.js";

const AGAIN_MS = 4_000;

export class Timeline {
  constructor({ api, path, later = (action) => setTimeout(action, AGAIN_MS) }) {
    Object.assign(this, { api, path, later });
    this.events = signal([]);
    this.wanted = 0;
  }

  get seen() {
    return this.events.peek().at(-1)?.number ?? 0;
  }

  /** Fetches until the event of this number is known. Asking again while it fetches is free. */
  async reach(number) {
    this.wanted = Math.max(this.wanted, number);
    if (this.fetching) return;
    this.fetching = true;
    try {
      while (this.seen < this.wanted && !this.closed) if (!(await this.page())) break;
    } catch {
      if (!this.closed) this.later(() => this.reach(this.wanted)); // the banner says what is wrong
    }
    this.fetching = false;
  }

  async page() {
    const { events } = await this.api.get(this.path, { since: this.seen });
    const fresh = events.filter(({ number }) => number > this.seen);
    this.events.value = [...this.events.peek(), ...fresh];
    return fresh.length > 0;
  }

  close() {
    this.closed = true;
  }
}
