// The links by which others watch a session's terminal: a list from the server, one more, one less.
import { signal } from "../reactive.js";

export class Shares {
  constructor(api, sessionId) {
    this.api = api;
    this.path = `/api/orchestrator/session/${encodeURIComponent(sessionId)}/shares`;
    this.list = signal(null);
    this.error = signal(null);
    this.busy = signal(false);
  }

  load = () => this.attempt(async () => this.receive(await this.api.get(this.path)));

  add = (name, expiresInSeconds) =>
    this.attempt(async () => {
      await this.api.post(this.path, { ...(name && { name }), expiresInSeconds });
      this.receive(await this.api.get(this.path));
    });

  revoke = (id) =>
    this.attempt(async () => {
      await this.api.delete(`${this.path}/${id}`);
      this.receive(await this.api.get(this.path));
    });

  receive({ shares }) {
    this.list.value = shares.filter((share) => share.good);
  }

  /** Whether it worked; a failure stays to be read until the next attempt. */
  async attempt(action) {
    this.busy.value = true;
    this.error.value = null;
    try {
      await action();
      return true;
    } catch (error) {
      this.error.value = error;
      return false;
    } finally {
      this.busy.value = false;
    }
  }
}
