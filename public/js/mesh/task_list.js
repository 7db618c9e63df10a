// The tasks of the mesh, newest first, in pages and narrowed to one state. Fresh pages replace what is known of a task.
import { signal } from "../reactive.js";
import { Listing } from "./listing.js";

export class TaskList extends Listing {
  constructor(api) {
    super(() => this.firstPage());
    this.api = api;
    this.filter = signal("");
    this.cursor = signal(null);
  }

  async firstPage() {
    const filter = this.filter.peek();
    const { tasks, cursor } = await this.api.get("/api/mesh/tasks", { status: filter || null });
    const known = this.shownFor === filter ? (this.value.peek() ?? []) : [];
    if (known.length <= tasks.length || this.shownFor !== filter) this.cursor.value = cursor ?? null;
    this.shownFor = filter;
    return merged(tasks, filter ? known.filter((each) => each.status === filter) : known);
  }

  narrow(status) {
    this.filter.value = status;
    this.clear();
    return this.load();
  }

  async more() {
    const { tasks, cursor } = await this.api.get("/api/mesh/tasks", { status: this.filter.peek() || null, cursor: this.cursor.peek() });
    this.value.value = merged(this.value.peek(), tasks);
    this.cursor.value = cursor ?? null;
  }
}

/** Each task once; what stands first wins. */
function merged(first, second) {
  const known = new Set(first.map(({ taskId }) => taskId));
  const all = [...first, ...second.filter(({ taskId }) => !known.has(taskId))];
  return all.sort((a, b) => b.createdAt.localeCompare(a.createdAt) || b.taskId.localeCompare(a.taskId));
}
