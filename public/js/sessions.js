// The person's sessions: the list, its search, and renaming, deleting (with a way back) and creating.
// The open session itself is chat.js's.
import { batch, signal } from "./reactive.js";
import { at } from "./server.js";

const PAGE = 30;
const path = (id, rest = "") => `/api/sessions/${encodeURIComponent(id)}${rest}`;

export class Sessions {
  constructor(api) {
    this.api = api;
    this.list = signal([]);
    this.cursor = signal(null);
    this.status = signal("loading"); // loading, ready, failed
    this.error = signal(null);
    this.results = signal(null); // of a search: null when none is asked for
    this.searching = signal(false);
    this.leaving = new Map(); // id → session, deleted here and not yet there
    this.asked = 0;
  }

  find(id) {
    return this.list.value.find((session) => session.id === id);
  }

  async load() {
    try {
      const { sessions, cursor } = await this.api.get("/api/sessions", { limit: PAGE });
      batch(() => {
        const shown = new Set(sessions.map((session) => session.id));
        const rest = cursor ? this.list.peek().filter((session) => !shown.has(session.id)) : [];
        this.list.value = this.visible([...sessions, ...rest]);
        if (rest.length === 0) this.cursor.value = cursor;
        this.status.value = "ready";
        this.error.value = null;
      });
    } catch (error) {
      this.error.value = error;
      if (this.status.peek() !== "ready") this.status.value = "failed";
    }
  }

  async more() {
    const { sessions, cursor } = await this.api.get("/api/sessions", { cursor: this.cursor.peek(), limit: PAGE });
    batch(() => {
      const known = new Set(this.list.peek().map((session) => session.id));
      this.list.value = this.visible([...this.list.peek(), ...sessions.filter((session) => !known.has(session.id))]);
      this.cursor.value = cursor;
    });
  }

  /** `key` makes repeating safe: the same key gives the same session. */
  async create(key) {
    const session = await this.api.post("/api/sessions", {}, { "idempotency-key": key });
    if (!this.find(session.id)) this.list.value = [session, ...this.list.peek()];
    return session;
  }

  async rename(id, title) {
    const before = this.find(id);
    this.change(id, { title });
    try {
      this.change(id, await this.api.patch(path(id), { title }));
    } catch (error) {
      if (before) this.change(id, before);
      throw error;
    }
  }

  change(id, values) {
    this.list.value = this.list.peek().map((session) => (session.id === id ? { ...session, ...values } : session));
  }

  /** Takes a session off the list. It is gone for good only after `confirmDelete`. */
  hide(id) {
    const session = this.list.peek().find((candidate) => candidate.id === id);
    this.leaving.set(id, session);
    this.list.value = this.list.peek().filter((candidate) => candidate.id !== id);
    const results = this.results.peek();
    if (results) this.results.value = results.filter((result) => result.sessionId !== id);
  }

  restore(id) {
    const session = this.leaving.get(id);
    this.leaving.delete(id);
    if (!session) return;
    const newestFirst = (a, b) => b.updatedAt.localeCompare(a.updatedAt);
    this.list.value = [...this.list.peek(), session].sort(newestFirst);
  }

  async confirmDelete(id) {
    if (!this.leaving.has(id)) return;
    try {
      await this.api.delete(path(id), { keepalive: true });
      this.leaving.delete(id);
    } catch (error) {
      this.restore(id);
      throw error;
    }
  }

  /** The page is being left: what was deleted is deleted now. */
  confirmAll() {
    for (const id of this.leaving.keys()) this.api.delete(path(id), { keepalive: true }).catch(() => {});
    this.leaving.clear();
  }

  async search(query) {
    const asked = ++this.asked;
    if (!query.trim()) {
      this.results.value = null;
      this.searching.value = false;
      return;
    }
    this.searching.value = true;
    try {
      const { results } = await this.api.get("/api/search", { q: query, limit: 30 });
      if (asked !== this.asked) return; // a later search was begun
      this.results.value = results.filter((result) => !this.leaving.has(result.sessionId));
      this.error.value = null;
    } catch (error) {
      if (asked === this.asked) this.error.value = error;
    }
    if (asked === this.asked) this.searching.value = false;
  }

  exportAddress(id, format) {
    return at(path(id, `/export?format=${format}`));
  }

  visible(sessions) {
    return sessions.filter((session) => !this.leaving.has(session.id));
  }
}
