// Brings the events of one run, each once and in order. What happened so far is fetched in pages; then
// the server sends what comes (SSE); when that line breaks, it is asked again and again (polling), and
// the line is tried anew. Where it goes on is always the number of the last event that was folded.
import { signal } from "../reactive.js";
import { at, elsewhere } from "../server.js";

export const FEED = Object.freeze({ loading: "loading", live: "live", polling: "polling", lost: "lost", ended: "ended" });

const POLL_MS = 1_500;
const SILENCE_MS = 20_000; // a line that says nothing for so long is asked whether it is still one
const LINE_AGAIN_AFTER_POLLS = 6;
const LONGEST_DELAY_MS = 20_000;

const WORLD = {
  openLine: (url) => new EventSource(at(url), { withCredentials: elsewhere }),
  setTimeout: (action, delay) => setTimeout(action, delay),
  clearTimeout: (timer) => clearTimeout(timer),
};

export class RunFeed {
  /**
   * `path` is the address of the run's events. `take(events)` folds what fits and returns the number of the
   * last event it has. `isOver()` says whether the run has ended as far as the folded events tell.
   */
  constructor({ api, path, take, isOver, onRefused = () => {}, world = WORLD }) {
    Object.assign(this, { api, path, take, isOver, onRefused, world });
    this.status = signal(FEED.loading);
    this.seen = 0;
    this.failures = 0;
    this.pollsLeft = 0;
    this.turn = 0; // which start this is: what an older one still awaits is dropped
  }

  start() {
    this.stop();
    this.status.value = FEED.loading;
    return this.catchUp(++this.turn);
  }

  stop() {
    this.turn++;
    this.hangUp();
    this.world.clearTimeout(this.timer);
  }

  /** Looks at once whether the connection is what it seems, as after a laptop woke up. */
  check() {
    if (this.status.peek() === FEED.ended) return undefined;
    return this.catchUp(++this.turn);
  }

  /** Fetches pages until there is nothing more, then opens the line. */
  async catchUp(turn) {
    this.hangUp();
    this.world.clearTimeout(this.timer);
    try {
      while (await this.page(turn)) if (turn !== this.turn) return;
    } catch (error) {
      if (turn === this.turn) this.failed(turn, error);
      return;
    }
    if (turn !== this.turn) return;
    this.failures = 0;
    if (this.isOver()) this.status.value = FEED.ended;
    else if (this.pollsLeft > 0) this.pollAgain(turn);
    else this.openLine(turn);
  }

  /** Whether the page had events that were new. */
  async page(turn) {
    const { events } = await this.api.get(this.path, { since: this.seen });
    if (turn !== this.turn || events.length === 0) return false;
    return this.accept(events);
  }

  accept(events) {
    const before = this.seen;
    this.seen = this.take(events);
    return this.seen > before;
  }

  openLine(turn) {
    const line = this.world.openLine(`${this.path}?since=${this.seen}`);
    this.line = line;
    line.onopen = () => {
      if (line === this.line) this.status.value = FEED.live;
    };
    line.onmessage = ({ data }) => line === this.line && this.heard(turn, JSON.parse(data));
    line.onerror = () => line === this.line && this.lineBroke(turn);
    this.watch(turn);
  }

  heard(turn, event) {
    this.status.value = FEED.live;
    const known = event.number <= this.seen;
    const taken = this.accept([event]);
    if (!known && !taken) return void this.catchUp(turn); // one is missing before it
    if (this.isOver()) return void this.catchUp(turn); // what the server still had to say, then the end
    this.watch(turn);
  }

  watch(turn) {
    this.world.clearTimeout(this.timer);
    this.timer = this.world.setTimeout(() => this.catchUp(turn), SILENCE_MS);
  }

  /** A line may end because all is said, or be cut: a page tells which, and brings what was missed. */
  lineBroke(turn) {
    this.hangUp();
    this.pollsLeft = LINE_AGAIN_AFTER_POLLS;
    this.catchUp(turn);
  }

  pollAgain(turn) {
    this.pollsLeft--;
    this.status.value = FEED.polling;
    this.timer = this.world.setTimeout(() => this.catchUp(turn), POLL_MS);
  }

  failed(turn, error) {
    if (error.status >= 400 && error.status < 500 && error.status !== 429) return this.onRefused(error);
    this.status.value = FEED.lost;
    const delay = Math.min(LONGEST_DELAY_MS, POLL_MS * 2 ** Math.min(this.failures++, 6));
    this.timer = this.world.setTimeout(() => this.catchUp(turn), delay);
  }

  hangUp() {
    const line = this.line;
    this.line = null;
    line?.close();
  }
}
