// The revisions of a build, newest first: asked for when somebody looks at them, and again when there is a
// newer one.
import { signal } from "../reactive.js";

export class Revisions {
  constructor({ api, path }) {
    this.api = api;
    this.path = `${path}/revisions`;
    this.list = signal(null);
    this.error = signal(null);
    this.newest = 0;
    this.wanted = false;
  }

  look() {
    if (this.wanted) return undefined;
    this.wanted = true;
    return this.load();
  }

  async load() {
    try {
      this.list.value = (await this.api.get(this.path)).revisions;
      this.error.value = null;
    } catch (error) {
      this.error.value = error;
    }
  }

  reach(revision) {
    const isNew = revision !== this.newest;
    this.newest = revision;
    if (isNew && this.wanted) this.load();
  }
}
