// The tasks of one session, as the agent's state has them, changed by hand through the HTTP API.
// A change shows at once and is taken back when the server refuses it. The list itself arrives with
// every `cf_agent_state` frame, so that what the model did and what another tab did look the same.
import { computed, signal } from "./reactive.js";

const RANK = { high: 0, normal: 1, low: 2 };

export class Tasks {
  constructor(api, sessionId) {
    this.api = api;
    this.base = `/api/sessions/${encodeURIComponent(sessionId)}/tasks`;
    this.list = signal(null); // null until the state is known
    this.filter = signal("open"); // open, done, all
    this.busy = signal(0);
    this.temporary = 0;
    this.open = computed(() => (this.list.value ?? []).filter((task) => task.status === "pending"));
    this.done = computed(() => (this.list.value ?? []).filter((task) => task.status === "completed"));
    this.urgent = computed(() => [...this.open.value].sort(byUrgency)[0] ?? null);
    this.shown = computed(() => this.choose());
  }

  choose() {
    const open = [...this.open.value].sort(byUrgency);
    const done = [...this.done.value].sort((a, b) => (b.completedAt ?? "").localeCompare(a.completedAt ?? ""));
    return { open, done, all: [...open, ...done] }[this.filter.value];
  }

  receive(tasks) {
    this.list.value = tasks;
  }

  add(values) {
    const now = new Date().toISOString();
    const blank = { status: "pending", priority: "normal", dueAt: null, recurrence: null, createdAt: now, completedAt: null };
    const task = { id: `new-${++this.temporary}`, ...blank, ...values, unsaved: true };
    return this.change([...(this.list.peek() ?? []), task], () => this.api.post(this.base, values));
  }

  update(id, values) {
    const completedAt = values.status === "completed" ? new Date().toISOString() : null;
    const shown = { ...values, ...(values.status ? { completedAt } : {}) };
    delete shown.due; // words such as "tomorrow at 5" are for the server to understand
    const next = this.list.peek().map((task) => (task.id === id ? { ...task, ...shown } : task));
    return this.change(next, () => this.api.patch(`${this.base}/${id}`, values));
  }

  remove(id) {
    const next = this.list.peek().filter((task) => task.id !== id);
    return this.change(next, () => this.api.delete(`${this.base}/${id}`));
  }

  undo() {
    return this.change(this.list.peek(), () => this.api.post(`${this.base}/undo`, {}));
  }

  /** Shows `next` at once; afterwards the server's list is the truth, also when it refused. */
  async change(next, save) {
    const before = this.list.peek();
    this.list.value = next;
    this.busy.value += 1;
    try {
      await save();
      await this.refresh();
    } catch (error) {
      if (this.list.peek() === next) this.list.value = before;
      throw error;
    } finally {
      this.busy.value -= 1;
    }
  }

  async refresh() {
    const { tasks } = await this.api.get(this.base);
    this.list.value = tasks;
  }
}

function byUrgency(a, b) {
  if (RANK[a.priority] !== RANK[b.priority]) return RANK[a.priority] - RANK[b.priority];
  if (a.dueAt !== b.dueAt) return (a.dueAt ?? "9999").localeCompare(b.dueAt ?? "9999");
  return Number(a.id) - Number(b.id);
}
