// Everything about builds that the page holds while it is open: the list, the build that is looked at, and
// what is being filled in. Another account gets its own.
import { signal } from "../reactive.js";
import { BuildList } from "./build_list.js";
import { EMPTY, toRequest } from "./draft.js";
import { OpenBuild } from "./open_build.js";

export class Builds {
  constructor({ api, newId, schedule }) {
    Object.assign(this, { api, newId, schedule });
    this.list = new BuildList(api);
    this.open = signal(null);
    this.draft = signal(EMPTY);
    this.starting = signal(false);
  }

  /** Looks at a build, or at none (null). */
  show(id) {
    if (this.open.peek()?.id === id) return;
    this.open.peek()?.close();
    const { api, schedule } = this;
    this.open.value = id ? new OpenBuild({ api, id, schedule, onBuild: (build) => this.list.receive(build) }) : null;
    this.open.peek()?.start();
  }

  change(values) {
    this.draft.value = { ...this.draft.peek(), ...values };
    this.key = null; // another request than the one before
  }

  /** Begins what was filled in; the build's id. Calling again after a failure begins no second one. */
  async begin() {
    this.starting.value = true;
    try {
      this.key ??= this.newId();
      const { sessionId } = await this.api.post("/agents", toRequest(this.draft.peek()), { "idempotency-key": this.key });
      this.key = null;
      this.draft.value = EMPTY;
      this.list.load();
      return sessionId;
    } finally {
      this.starting.value = false;
    }
  }
}

const known = new WeakMap();

/** The builds of the person who is signed in. */
export function buildsOf(app) {
  const owner = app.me.peek().user.id;
  if (known.get(app)?.owner !== owner) {
    known.get(app)?.show(null);
    const { api, newId, schedule } = app;
    known.set(app, Object.assign(new Builds({ api, newId, schedule }), { owner }));
  }
  return known.get(app);
}
