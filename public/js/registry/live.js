// What the agent of the registry says by itself: agents and the newest executions. One socket while somebody looks
// at the registry. While it is down, HTTP brings the same, less often.
import { effect, signal } from "../reactive.js";
import { socketAt } from "../server.js";
import { AgentSocket, LINK } from "../socket.js";
import { FRAME } from "../wire.js";

const AGENT = "registry-agent";
const POLL_MS = 4_000;

export class Live {
  constructor({ api, openSocket = openAgent, every = (action) => setInterval(action, POLL_MS) }) {
    Object.assign(this, { api, every });
    this.agents = signal(null); // null: not known yet; those that are not archived
    this.executions = signal([]);
    this.error = signal(null);
    this.socket = openSocket({ onFrame: (frame) => this.receive(frame), onOpen: () => {} });
  }

  start() {
    this.socket.connect();
    this.stopWatching = effect(() => this.whenLink(this.socket.status.value));
  }

  stop() {
    this.stopWatching?.();
    clearInterval(this.polling);
    this.socket.close();
  }

  /** Asked by HTTP instead. What changed meanwhile is newer than the answer, and stays. */
  async refresh() {
    const [knownAgents, knownExecutions] = [this.agents.peek(), this.executions.peek()];
    const [agents, executions] = await Promise.allSettled([this.api.get("/api/agents"), this.api.get("/api/executions")]);
    if (agents.status === "fulfilled" && this.agents.peek() === knownAgents) this.agents.value = agents.value.agents;
    if (executions.status === "fulfilled" && this.executions.peek() === knownExecutions)
      this.executions.value = executions.value.executions;
    this.error.value = agents.reason ?? executions.reason ?? null;
  }

  receive(frame) {
    if (frame.type !== FRAME.state || !frame.state) return;
    const { agents, executions } = frame.state;
    if (agents) this.agents.value = agents;
    if (executions) this.executions.value = executions;
    this.error.value = null;
  }

  whenLink(status) {
    clearInterval(this.polling);
    this.polling = [LINK.open, LINK.refused, LINK.connecting].includes(status) ? null : this.every(() => this.refresh());
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
