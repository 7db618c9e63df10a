// The task that is looked at: as the server knows it, its events (all that share its correlation id), and cancelling.
import { announce } from "../announcer.js";
import { signal } from "../reactive.js";
import { EventList } from "./event_list.js";
import { Listing } from "./listing.js";
import { taskHasEnded } from "./states.js";
import { text } from "./text.js";

export class OpenTask {
  constructor({ api, id }) {
    Object.assign(this, { api, id });
    this.path = `/api/mesh/tasks/${encodeURIComponent(id)}`;
    this.busy = signal(false);
    this.tab = signal("parts");
    this.story = signal(null); // its events, once they are looked at
    this.task = new Listing(async () => this.heard(await api.get(this.path)));
  }

  refresh() {
    this.story.peek()?.catchUp();
    return this.task.load();
  }

  heard(task) {
    const before = this.task.value.peek();
    if (before && taskHasEnded(before.status) && !taskHasEnded(task.status)) return before; // rows follow a moment behind
    if (before && before.status !== task.status) announce(text.said(task.status));
    return task;
  }

  /** Its events are fetched when they are first looked at. */
  tell(correlationId) {
    if (this.story.peek()) return;
    this.story.value = new EventList(this.api, { filter: { correlationId }, whole: true });
    this.story.peek().load();
  }

  receive(events) {
    const task = this.task.value.peek();
    if (!task || !events.some(({ correlationId }) => correlationId === task.correlationId)) return;
    this.task.soon();
    this.story.peek()?.receive(events);
  }

  async cancel() {
    this.busy.value = true;
    try {
      await this.api.post(`${this.path}/cancel`, {});
      await this.task.load();
    } finally {
      this.busy.value = false;
    }
  }
}
