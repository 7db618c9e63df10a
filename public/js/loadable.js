// Something that is fetched: not yet asked for, loading, ready or failed. components/loaded.js draws it.
import { batch, signal } from "./reactive.js";

export class Loadable {
  constructor(fetchIt) {
    this.fetch = fetchIt;
    this.status = signal("idle"); // idle, loading, ready, failed
    this.value = signal(null);
    this.error = signal(null);
    this.asked = 0;
  }

  /** Fetches it, again if need be; what was there stays until the answer. The last call wins. */
  async load() {
    const asked = ++this.asked;
    if (this.status.peek() !== "ready") this.status.value = "loading";
    let settled;
    try {
      settled = { value: await this.fetch(), status: "ready", error: null };
    } catch (error) {
      settled = { value: this.value.peek(), status: "failed", error };
    }
    if (asked !== this.asked) return;
    batch(() => {
      for (const [name, value] of Object.entries(settled)) this[name].value = value;
    });
  }

  clear() {
    this.asked += 1;
    batch(() => {
      this.status.value = "idle";
      this.value.value = null;
      this.error.value = null;
    });
  }
}
