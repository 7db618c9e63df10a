// Everything about runs that the page holds while it is open: the list, the live line, the run that is
// looked at, and what is being filled in. Made when somebody first opens the runs.
import { effect, signal } from "../reactive.js";
import { EMPTY, toRequest } from "./draft.js";
import { liveFor } from "./live.js";
import { OpenRun } from "./open_run.js";
import { RunList } from "./run_list.js";
import { progress } from "./states.js";

export class Runs {
  constructor({ api, live, newId, schedule }) {
    Object.assign(this, { api, live, newId, schedule });
    this.list = new RunList(api);
    this.open = signal(null);
    this.draft = signal(EMPTY);
    this.starting = signal(false);
    effect(() => {
      if (this.list.status.value === "ready") this.list.receive(live.runs.value);
    });
  }

  /** Looks at a run, or at none (null). */
  show(id) {
    if (this.open.peek()?.id === id) return;
    this.open.peek()?.close();
    const { api, schedule } = this;
    this.open.value = id ? new OpenRun({ api, id, schedule, onRun: (run) => this.list.receive([summary(run)]) }) : null;
    this.open.peek()?.start();
  }

  change(values) {
    this.draft.value = { ...this.draft.peek(), ...values };
    this.key = null; // another request than the one before
  }

  /** Starts what was filled in; the run's id. Calling again after a failure starts no second run. */
  async begin() {
    this.starting.value = true;
    try {
      this.key ??= this.newId();
      const request = toRequest(this.draft.peek());
      const { runId } = await this.api.post("/api/orchestrator", request, { "idempotency-key": this.key });
      this.key = null;
      this.draft.value = EMPTY;
      this.list.load();
      return runId;
    } finally {
      this.starting.value = false;
    }
  }

  /** Answers an approval of any run, also of one that is not open. */
  async decide(approval, action, reason) {
    const path = `/api/orchestrator/runs/${encodeURIComponent(approval.runId)}/${action}`;
    const run = await this.api.post(path, { approvalId: approval.id, ...(reason ? { reason } : {}) });
    this.live.forget(approval.id);
    const open = this.open.peek();
    if (open?.id === approval.runId) open.receive(run), open.feed.check();
    this.list.receive([summary(run)]);
  }

  async createSession({ name, network }) {
    const made = await this.api.post("/api/orchestrator/session", { name, ...(network.length ? { network } : {}) });
    await this.live.refresh();
    return made;
  }

  async stopSession(id) {
    await this.api.delete(`/api/orchestrator/session/${encodeURIComponent(id)}`);
    await this.live.refresh();
  }
}

/** What lists show of a run. */
const summary = (run) => ({ ...run, steps: progress(run.steps), waiting: run.status === "waiting_for_approval" });

const known = new WeakMap();

/** The runs of the person who is signed in; another account gets its own. */
export function runsOf(app) {
  const live = liveFor(app);
  if (known.get(app)?.live !== live) {
    const { api, newId, schedule } = app;
    known.set(app, new Runs({ api, live, newId, schedule }));
  }
  return known.get(app);
}
