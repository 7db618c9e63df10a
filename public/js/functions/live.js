// What the agent of functions says by itself: the newest jobs and the human tasks that wait. One socket while somebody
// looks at functions. While it is down, HTTP brings the same, less often.
import { computed, effect, signal } from "../reactive.js";
import { socketAt } from "../server.js";
import { AgentSocket, LINK } from "../socket.js";
import { FRAME } from "../wire.js";

const AGENT = "function-agent";
const POLL_MS = 4_000;

export class Live {
  constructor({ api, openSocket = openAgent, every = (action) => setInterval(action, POLL_MS) }) {
    Object.assign(this, { api, every });
    this.jobs = signal([]);
    this.tasks = signal(null); // null: not known yet
    this.error = signal(null);
    this.waiting = computed(() => this.tasks.value?.length ?? 0);
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

  /**
   * Asked by HTTP: what is there before the socket speaks, or instead of it. What changed meanwhile is newer than the
   * answer, and stays.
   */
  async refresh() {
    const [knownTasks, knownJobs] = [this.tasks.peek(), this.jobs.peek()];
    const [tasks, page] = await Promise.allSettled([
      this.api.get("/fn/human-tasks", { status: "waiting" }),
      this.api.get("/fn/jobs", { limit: 50 }),
    ]);
    if (tasks.status === "fulfilled" && this.tasks.peek() === knownTasks) this.tasks.value = tasks.value.tasks;
    if (page.status === "fulfilled" && this.jobs.peek() === knownJobs) this.jobs.value = page.value.jobs;
    this.error.value = tasks.reason ?? page.reason ?? null;
  }

  receive(frame) {
    if (frame.type !== FRAME.state || !frame.state) return;
    const { jobs, humanTasks } = frame.state;
    if (jobs) this.jobs.value = jobs;
    if (humanTasks) this.tasks.value = humanTasks;
    this.error.value = null;
  }

  whenLink(status) {
    clearInterval(this.polling);
    this.polling = status === LINK.open || status === LINK.refused ? null : this.every(() => this.refresh());
  }

  /** A task that was answered here is gone at once; the agent's next word says the same. */
  forget(taskId) {
    this.tasks.value = (this.tasks.peek() ?? []).filter((each) => each.taskId !== taskId);
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
