// What the mesh says by itself: every event as it is numbered, and notifications. One socket while somebody looks at
// the mesh. While it is down, whoever listens is told to ask by HTTP, less often.
import { effect, signal } from "../reactive.js";
import { socketAt } from "../server.js";
import { AgentSocket, LINK } from "../socket.js";

const AGENT = "mesh-agent";
const POLL_MS = 4_000;
const FLUSH_MS = 60; // events come in hundreds at times: they are handed on together
/** Frames that only the mesh has; the others are in wire.js. */
const MESH_FRAME = Object.freeze({ event: "mesh-event", events: "mesh-events", agent: "mesh-agent", notification: "mesh-notification" });

const WORLD = {
  every: (action) => setInterval(action, POLL_MS),
  later: (action) => setTimeout(action, FLUSH_MS),
};

export class Live {
  /** `onEvents(events)`, `onAgent(agent)`, `onNotification(note)` get what comes; `ask()` is what HTTP is asked for instead. */
  constructor({ onEvents, onAgent, onNotification, ask, openSocket = openAgent, world = WORLD }) {
    Object.assign(this, { onEvents, onAgent, onNotification, ask, world });
    this.gathered = [];
    this.lost = signal(false); // neither the socket nor HTTP gets through
    this.socket = openSocket({ onFrame: (frame) => this.receive(frame), onOpen: () => this.refresh() });
  }

  start() {
    this.socket.connect();
    this.refresh();
    this.stopWatching = effect(() => this.whenLink(this.socket.status.value));
    return this;
  }

  stop() {
    this.stopWatching?.();
    clearInterval(this.polling);
    this.socket.close();
  }

  receive(frame) {
    this.lost.value = false;
    if (frame.type === MESH_FRAME.event) this.gather([frame.event]);
    else if (frame.type === MESH_FRAME.events) this.gather(frame.events);
    else if (frame.type === MESH_FRAME.agent) this.onAgent(frame.agent);
    else if (frame.type === MESH_FRAME.notification) this.onNotification(frame.notification);
  }

  gather(events) {
    this.gathered.push(...events);
    if (this.gathered.length > events.length) return;
    this.world.later(() => this.onEvents(this.gathered.splice(0)));
  }

  async refresh() {
    this.lost.value = !(await this.ask());
  }

  whenLink(status) {
    clearInterval(this.polling);
    this.polling = status === LINK.open || status === LINK.refused ? null : this.world.every(() => this.refresh());
  }

  /** Tries at once what is tried again by itself later. */
  again() {
    this.socket.connect();
    this.refresh();
  }
}

function openAgent(handlers) {
  return new AgentSocket(socketAt(`/agents/${AGENT}/default?_pk=${crypto.randomUUID()}`), handlers);
}
