// One connection to an agent that never gives up: heartbeat, jittered reconnect without a limit, and
// a stop only when the server says "not allowed" (1008, 4000–4999). Frames are JSON in, JSON out;
// what they mean is chat.js's business.
import { signal } from "./reactive.js";
import { PING, PONG } from "./wire.js";

export const LINK = Object.freeze({
  connecting: "connecting",
  open: "open",
  waiting: "waiting",
  refused: "refused",
  closed: "closed",
});

const PING_EVERY_MS = 25_000;
const PONG_WITHIN_MS = 10_000;
const OPEN_WITHIN_MS = 15_000;
const FIRST_DELAY_MS = 400;
const LONGEST_DELAY_MS = 20_000;

const WORLD = {
  open: (url) => new WebSocket(url),
  now: () => Date.now(),
  random: () => Math.random(),
  setTimeout: (action, delay) => setTimeout(action, delay),
  clearTimeout: (timer) => clearTimeout(timer),
};

export class AgentSocket {
  /**
   * `url` already has its `_pk`; it is kept over reconnects. `onFrame(frame)` gets every frame,
   * `onOpen()` is called after every (re)connect. `world` has what tests bring along themselves.
   */
  constructor(url, { onFrame, onOpen, world = WORLD }) {
    Object.assign(this, { url, onFrame, onOpen, world });
    this.status = signal(LINK.closed);
    this.heardAt = 0;
    this.retryAt = signal(0);
    this.attempts = 0;
    this.timers = new Set();
  }

  connect() {
    this.clearTimers();
    this.drop();
    this.status.value = LINK.connecting;
    const socket = this.world.open(this.url);
    this.socket = socket;
    socket.onopen = () => this.opened(socket);
    socket.onmessage = (event) => this.received(socket, event.data);
    socket.onclose = (event) => this.closed(socket, event.code);
    this.later(OPEN_WITHIN_MS, () => this.lost(socket));
  }

  /** Sends one frame; false when there is no open connection. */
  send(frame) {
    if (this.status.peek() !== LINK.open) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  /** Asks the other side for a sign of life at once, as after a laptop woke up. */
  check() {
    if (this.status.peek() === LINK.open) this.ping(this.socket);
    else if (this.status.peek() === LINK.waiting) this.connect();
  }

  close() {
    this.clearTimers();
    this.drop();
    this.status.value = LINK.closed;
  }

  opened(socket) {
    if (socket !== this.socket) return;
    this.clearTimers();
    this.attempts = 0;
    this.status.value = LINK.open;
    this.later(PING_EVERY_MS, () => this.ping(socket));
    this.onOpen();
  }

  received(socket, data) {
    if (socket !== this.socket) return;
    this.heardAt = this.world.now(); // any word is a sign of life
    if (data === PONG || typeof data !== "string") return;
    this.onFrame(JSON.parse(data));
  }

  ping(socket) {
    this.clearTimers();
    const askedAt = this.world.now();
    socket.send(PING);
    this.later(PONG_WITHIN_MS, () => {
      if (this.heardAt < askedAt) this.lost(socket);
      else this.later(PING_EVERY_MS - PONG_WITHIN_MS, () => this.ping(socket));
    });
  }

  closed(socket, code) {
    if (socket !== this.socket) return;
    if (code === 1008 || (code >= 4000 && code <= 4999)) {
      this.clearTimers();
      this.status.value = LINK.refused;
    } else {
      this.lost(socket);
    }
  }

  lost(socket) {
    if (socket !== this.socket) return;
    this.clearTimers();
    this.drop();
    const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(this.attempts++, 10));
    const delay = ceiling / 2 + (this.world.random() * ceiling) / 2;
    this.retryAt.value = this.world.now() + delay;
    this.status.value = LINK.waiting;
    this.later(delay, () => this.connect());
  }

  drop() {
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  later(delay, action) {
    const timer = this.world.setTimeout(() => {
      this.timers.delete(timer);
      action();
    }, delay);
    this.timers.add(timer);
  }

  clearTimers() {
    for (const timer of this.timers) this.world.clearTimeout(timer);
    this.timers.clear();
  }
}
