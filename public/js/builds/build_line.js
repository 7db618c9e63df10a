// What the agent of one build says by itself: its state, and pieces of files that grow. While the socket is
// down the state is asked for by HTTP, less often; pieces are then not seen, saved files are.
import { effect, signal } from "../reactive.js";
import { socketAt } from "../server.js";
import { AgentSocket, LINK } from "../socket.js";
import { FRAME } from "../wire.js";

const AGENT = "code-generator-agent";
const POLL_MS = 2_500;
const WORLD = {
  open: (id, handlers) => new AgentSocket(socketAddress(id), handlers),
  every: (action) => setInterval(action, POLL_MS),
  stop: (timer) => clearInterval(timer),
};

export class BuildLine {
  /**
   * `ask()` fetches the state by HTTP and rejects when the server is away; `onState`, `onPiece` get what comes.
   */
  constructor({ id, ask, onState, onPiece, world = WORLD }) {
    Object.assign(this, { ask, onState, onPiece, world });
    this.lost = signal(false); // neither the socket nor HTTP gets through
    this.socket = world.open(id, { onFrame: (frame) => this.receive(frame), onOpen: () => {} });
  }

  get isLive() {
    return this.socket.status.value === LINK.open;
  }

  start() {
    this.socket.connect();
    this.stopWatching = effect(() => this.whenLink(this.socket.status.value));
  }

  stop() {
    this.stopWatching?.();
    this.world.stop(this.polling);
    this.socket.close();
  }

  /** Looks at once whether the connection is what it seems, as after a laptop woke up. */
  check() {
    this.socket.check();
    return this.poll();
  }

  receive(frame) {
    this.lost.value = false;
    if (frame.type === FRAME.state && frame.state) this.onState(frame.state);
    else if (frame.type === FRAME.filePiece) this.onPiece(frame);
  }

  async poll() {
    try {
      await this.ask();
      this.lost.value = false;
    } catch {
      this.lost.value = true;
    }
  }

  whenLink(status) {
    this.world.stop(this.polling);
    this.polling = status === LINK.open ? null : this.world.every(() => this.poll());
  }
}

function socketAddress(id) {
  return socketAt(`/agents/${AGENT}/${encodeURIComponent(id)}?_pk=${crypto.randomUUID()}`);
}
