// The line to a terminal: a ticket for every connection, reconnecting without a limit, and the place in
// the output, so that nothing is shown twice and what was missed is said. Knows no DOM; `view` is given
// what is to be seen.
import { signal } from "../reactive.js";
import { PING, PONG } from "../wire.js";
import { CLOSE, KIND, SUBPROTOCOL, inputFrames, read, resizeFrame, seenFrame } from "./frames.js";

export const LINE = Object.freeze({
  connecting: "connecting",
  open: "open",
  waiting: "waiting",
  nothingHere: "nothingHere",
  refused: "refused",
  ended: "ended",
});

const SEEN_EVERY_BYTES = 64 * 1024;
const OPEN_WITHIN_MS = 30_000;
const PING_EVERY_MS = 25_000;
const PONG_WITHIN_MS = 10_000;
const FIRST_DELAY_MS = 400;
const LONGEST_DELAY_MS = 15_000;
const LOOK_AGAIN_MS = 4_000;

const WORLD = {
  open: (url) => new WebSocket(url, SUBPROTOCOL),
  random: () => Math.random(),
  setTimeout: (action, delay) => setTimeout(action, delay),
  clearTimeout: (timer) => clearTimeout(timer),
};

export class TerminalLine {
  /**
   * `tickets.next()` resolves to `{url, readOnly}`; `view` has write, reset, mark and follow. `world` has
   * what tests bring along themselves.
   */
  constructor({ tickets, view, world = WORLD }) {
    Object.assign(this, { tickets, view, world });
    this.status = signal(LINE.connecting);
    this.reason = signal("");
    this.readOnly = signal(tickets.readOnly);
    this.viewers = signal(0);
    this.exit = signal(null);
    this.note = signal("");
    this.position = 0;
    this.shell = "";
    this.attempts = 0;
    this.size = { columns: 80, rows: 24 };
  }

  /** Connects, whatever was before; `restart` begins a new shell where one has ended. */
  async connect({ restart = false } = {}) {
    this.drop();
    const connection = (this.connection = {});
    this.status.value = LINE.connecting;
    try {
      const ticket = await this.tickets.next();
      if (this.connection !== connection) return;
      this.readOnly.value = ticket.readOnly;
      this.join(this.world.open(this.addressed(ticket.url, restart)));
    } catch (error) {
      if (this.connection === connection) this.failed(error);
    }
  }

  join(socket) {
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onopen = () => this.later(PING_EVERY_MS, () => this.ping());
    socket.onmessage = (event) => this.received(event.data);
    socket.onclose = (event) => this.closed(event.code, event.reason);
    this.opening = this.world.setTimeout(() => this.lost(), OPEN_WITHIN_MS);
  }

  type(words) {
    if (this.status.peek() !== LINE.open || this.readOnly.peek()) return;
    for (const frame of inputFrames(words)) this.socket.send(frame);
  }

  resize(size) {
    this.size = size;
    if (this.status.peek() === LINE.open && !this.readOnly.peek()) this.socket.send(resizeFrame(size));
  }

  /** A sign of life at once, as after a laptop woke up; or no more waiting. */
  check() {
    if (this.status.peek() === LINE.open) this.ping();
    else if (this.status.peek() === LINE.waiting) this.connect();
  }

  close() {
    this.connection = null;
    this.drop();
  }

  addressed(url, restart) {
    const { columns, rows } = this.size;
    const place = this.shell ? `&since=${this.position}&shell=${this.shell}` : "";
    return `${url}&cols=${columns}&rows=${rows}${place}${restart ? "&restart=1" : ""}`;
  }

  // --- what comes -------------------------------------------------------------------------------

  received(data) {
    this.heard = true;
    if (data === PONG) return;
    const { kind, body } = read(data);
    if (kind === KIND.output) this.show(body);
    else if (kind === KIND.position) this.placed(body);
    else if (kind === KIND.state) this.told(body);
    else if (kind === KIND.exit) this.exit.value = body;
    else if (kind === KIND.error) this.note.value = body.message;
  }

  /** The server says where its next byte belongs: go on, begin anew, or say what is missing. */
  placed({ position, skipped, shell }) {
    if (this.shell !== shell || position < this.position) {
      if (this.shell) this.view.reset();
      this.exit.value = null;
      if (skipped) this.view.mark({ older: true });
    } else if (position > this.position) {
      this.view.mark({ skipped });
    }
    Object.assign(this, { position, shell, seen: position });
    this.socket.send(seenFrame(position));
    this.opened();
  }

  show(bytes) {
    const end = (this.position += bytes.length);
    const { socket } = this;
    this.view.write(bytes, () => {
      if (socket !== this.socket || end - this.seen < SEEN_EVERY_BYTES) return;
      this.seen = end;
      socket.send(seenFrame(end));
    });
  }

  told({ columns, rows, viewers }) {
    this.viewers.value = viewers;
    this.view.follow({ columns, rows });
  }

  opened() {
    this.world.clearTimeout(this.opening);
    this.attempts = 0;
    this.note.value = "";
    this.status.value = LINE.open;
  }

  // --- its end ----------------------------------------------------------------------------------

  closed(code, reason) {
    this.drop();
    this.reason.value = reason;
    if (code === CLOSE.normal && this.exit.peek()) this.status.value = LINE.ended;
    else if (code === CLOSE.nothingHere) this.lookAgain();
    else if (code === CLOSE.refused || (code >= 4000 && code !== CLOSE.away)) this.status.value = LINE.refused;
    else this.lost();
  }

  /** No ticket was given: a mistake of ours ends it, anything else is tried again. */
  failed(error) {
    this.reason.value = [error.message, error.nextStep].filter(Boolean).join(" ");
    if (error.retryable || error.status === 429) this.lost();
    else this.status.value = LINE.refused;
  }

  lookAgain() {
    this.status.value = LINE.nothingHere;
    this.later(LOOK_AGAIN_MS, () => this.connect());
  }

  lost() {
    this.drop();
    const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(this.attempts++, 10));
    this.status.value = LINE.waiting;
    this.later(ceiling / 2 + (this.world.random() * ceiling) / 2, () => this.connect());
  }

  ping() {
    this.heard = false;
    this.socket.send(PING);
    this.later(PONG_WITHIN_MS, () => {
      if (!this.heard) this.lost();
      else this.later(PING_EVERY_MS - PONG_WITHIN_MS, () => this.ping());
    });
  }

  later(delay, action) {
    this.world.clearTimeout(this.timer);
    this.timer = this.world.setTimeout(action, delay);
  }

  drop() {
    this.world.clearTimeout(this.timer);
    this.world.clearTimeout(this.opening);
    const { socket } = this;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
