// What the orchestrator's agent says by itself: the newest runs, the sandboxes, and the approvals that
// wait. One socket for the whole page, opened when somebody first looks at runs. While it is down, HTTP
// brings the same, less often. `waitingApprovals` is for whoever shows a count (the navigation may fetch
// this module when the page is idle).
import { computed, effect, signal } from "../reactive.js";
import { socketAt } from "../server.js";
import { AgentSocket, LINK } from "../socket.js";
import { FRAME } from "../wire.js";

const AGENT = "orchestrator-agent";
const POLL_MS = 5_000;

export class Live {
  constructor({ api, openSocket = openAgent, every = (action) => setInterval(action, POLL_MS) }) {
    Object.assign(this, { api, every });
    this.runs = signal([]);
    this.sessions = signal(null); // null: not known yet
    this.approvals = signal(null);
    this.error = signal(null);
    this.waiting = computed(() => this.approvals.value?.length ?? 0);
    this.socket = openSocket({ onFrame: (frame) => this.receive(frame), onOpen: () => {} });
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

  /** Asked by HTTP: what is there before the socket speaks, or instead of it. */
  async refresh() {
    const [knownApprovals, knownSessions] = [this.approvals.peek(), this.sessions.peek()];
    const [approvals, sessions] = await Promise.allSettled([
      this.api.get("/api/orchestrator/approvals"),
      this.api.get("/api/orchestrator/session"),
    ]);
    // What changed meanwhile is newer than the answer, and stays.
    if (approvals.status === "fulfilled" && this.approvals.peek() === knownApprovals) this.approvals.value = approvals.value.approvals;
    if (sessions.status === "fulfilled" && this.sessions.peek() === knownSessions) this.sessions.value = sessions.value.sessions;
    this.error.value = approvals.reason ?? sessions.reason ?? null;
  }

  receive(frame) {
    if (frame.type !== FRAME.state || !frame.state) return;
    const { runs, sessions, approvals } = frame.state;
    if (runs) this.runs.value = runs;
    if (sessions) this.sessions.value = sessions;
    if (approvals) this.approvals.value = approvals;
    this.error.value = null;
  }

  whenLink(status) {
    clearInterval(this.polling);
    this.polling = status === LINK.open ? null : this.every(() => this.refresh());
  }

  /** An approval that was answered here is gone at once; the agent's next word says the same. */
  forget(approvalId) {
    this.approvals.value = (this.approvals.peek() ?? []).filter((each) => each.id !== approvalId);
  }

  changeSession(session) {
    const others = (this.sessions.peek() ?? []).filter((each) => each.id !== session.id);
    this.sessions.value = [session, ...others];
  }
}

const current = signal(null);

/** How many approvals wait for this person, in all runs; 0 until it is known. */
export const waitingApprovals = computed(() => current.value?.waiting.value ?? 0);

/** The page's one connection. Another account gets another one; nobody who signed out keeps theirs. */
export function liveFor(app) {
  const owner = app.me.peek().user.id;
  if (current.peek()?.owner === owner) return current.peek();
  current.peek()?.stop();
  const live = Object.assign(new Live({ api: app.api }), { owner }).start();
  current.value = live;
  const stopWatching = effect(() => {
    if (app.me.value?.user.id === owner) return;
    live.stop();
    queueMicrotask(() => stopWatching());
    if (current.peek() === live) current.value = null;
  });
  return live;
}

function openAgent(handlers) {
  return new AgentSocket(socketAt(`/agents/${AGENT}/default?_pk=${crypto.randomUUID()}`), handlers);
}
