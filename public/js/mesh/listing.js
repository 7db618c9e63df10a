// A list of one kind of thing of the mesh, asked for as a whole and kept fresh: many reasons to ask soon become one
// question. While one question is on its way, another follows it only once.
import { Loadable } from "../loadable.js";

const SOON_MS = 400;

export class Listing extends Loadable {
  /** `fetchIt()` resolves to the list; `later(action, ms)` is the clock. */
  constructor(fetchIt, later = (action, delay) => setTimeout(action, delay)) {
    super(fetchIt);
    this.later = later;
  }

  /** Asks in a moment, once for however many call. */
  soon() {
    if (this.waiting || this.status.peek() === "idle") return;
    this.waiting = true;
    this.later(() => {
      this.waiting = false;
      this.load();
    }, SOON_MS);
  }

  /** Asks once at a time; whether there was an answer. */
  async load() {
    if (this.asking) {
      this.again = true;
      return this.asking;
    }
    this.asking = super.load();
    await this.asking;
    this.asking = null;
    if (this.again) {
      this.again = false;
      return this.load();
    }
    return this.status.peek() === "ready";
  }

  /** Changes what is shown until the server says so itself. An answer on its way may not know of it and is dropped. */
  change(make) {
    this.show(make);
    if (!this.asking) return;
    this.asked++;
    this.again = true;
  }

  /** Changes what is shown by what the server itself has said. */
  show(make) {
    this.value.value = make(this.value.peek() ?? []);
  }
}
