// Starting a task: what is being filled in, and asking for it so that asking again after a lost answer starts nothing
// twice.
import { signal } from "../reactive.js";
import { EMPTY, toRequest } from "./start_draft.js";

export class Starter {
  constructor({ api, newId }) {
    Object.assign(this, { api, newId });
    this.draft = signal(EMPTY);
    this.busy = signal(false);
    this.key = null; // stays until there is an answer
  }

  change(values) {
    this.draft.value = { ...this.draft.peek(), ...values };
    this.key = null; // another task than the one before
  }

  /** Starts what was filled in; its id. */
  async start() {
    this.busy.value = true;
    try {
      this.key ??= this.newId();
      const { taskId } = await this.api.post("/api/mesh/tasks", toRequest(this.draft.peek()), { "idempotency-key": this.key });
      this.change(EMPTY);
      return taskId;
    } finally {
      this.busy.value = false;
    }
  }
}
