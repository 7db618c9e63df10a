// Everything about functions that the page holds while it is open: the history, the live line, the job that is looked
// at, what is being filled in and what came of it, answers that are being written. Another account gets its own.
import { Loadable } from "../loadable.js";
import { effect, signal } from "../reactive.js";
import { EMPTY, toQuestion, toRequest } from "./draft.js";
import { JobList } from "./job_list.js";
import { Live } from "./live.js";
import { OpenJob } from "./open_job.js";
import { patientPost } from "./patient_api.js";

export class Functions {
  constructor({ api, newId, live = new Live({ api }) }) {
    Object.assign(this, { api, newId, live });
    this.list = new JobList(api);
    this.open = signal(null);
    this.draft = signal(EMPTY);
    this.busy = signal(null); // "run" or "explain", while it is asked for
    this.outcome = signal(null); // {answer, request} of the last call
    this.explained = signal(null); // {answer, question}
    this.overrides = new Loadable(async () => (await api.get("/fn/overrides")).overrides);
    this.ended = new Loadable(async () => (await api.get("/fn/human-tasks")).tasks.filter((task) => task.status !== "waiting"));
    this.answers = new Map(); // task id → what is being written
    this.openTask = signal(null);
    effect(() => {
      const jobs = live.jobs.value;
      if (this.list.status.value === "ready") this.list.receive(jobs);
      const open = this.open.peek();
      const summary = open && jobs.find((job) => job.jobId === open.id);
      if (summary) open.hear(summary);
    });
  }

  /** Looks at a job, or at none (null). */
  show(id) {
    if (this.open.peek()?.id === id) return;
    this.open.peek()?.close();
    const { api } = this;
    this.open.value = id ? new OpenJob({ api, id, onJob: (job) => this.list.receive([job]) }) : null;
    this.open.peek()?.start();
  }

  change(values) {
    this.draft.value = { ...this.draft.peek(), ...values };
    this.key = null; // another request than the one before
  }

  /** Calls what was filled in; the answer. Calling again after a lost answer does nothing twice. */
  async run() {
    const request = toRequest(this.draft.peek());
    this.outcome.value = null;
    this.stopper = new AbortController();
    return this.doing("run", async () => {
      this.key ??= this.newId();
      const headers = { "idempotency-key": this.key };
      try {
        const answer = await patientPost(this.api, "/fn", request, headers, this.stopper.signal);
        this.key = null;
        this.outcome.value = { answer, request };
        return answer;
      } catch (error) {
        if (error.jobId) this.key = null; // it was done, and failed
        throw error;
      }
    });
  }

  /** Stops waiting for the answer; the job goes on and is in the history. */
  stopWaiting() {
    this.stopper?.abort();
  }

  /** Asks what kind of function the words describe; runs nothing. */
  async explain() {
    const question = toQuestion(this.draft.peek());
    this.explained.value = null;
    this.stopper = null; // nobody stops waiting for this one
    return this.doing("explain", async () => {
      const answer = await this.api.post("/fn/classify", question);
      this.explained.value = { answer, question };
    });
  }

  async doing(what, action) {
    this.busy.value = what;
    try {
      return await action();
    } finally {
      this.busy.value = null;
    }
  }

  /** From now on these words mean this type. */
  async remember(description, type) {
    await this.api.post("/fn/overrides", { description, type });
    this.overrides.load();
  }

  async forget(key) {
    await this.api.delete(`/fn/overrides/${encodeURIComponent(key)}`);
    this.overrides.load();
  }

  /** "complete" {answer} or "reject" {reason}; the task as it is now. */
  async settle(taskId, action, body) {
    const task = await this.api.post(`/fn/human-tasks/${encodeURIComponent(taskId)}/${action}`, body);
    this.answers.delete(taskId);
    this.live.forget(taskId);
    this.ended.load();
    return task;
  }

  stop() {
    this.show(null);
    this.live.stop();
  }
}

const known = new WeakMap();

/** The functions of the person who is signed in. */
export function functionsOf(app) {
  const owner = app.me.peek().user.id;
  if (known.get(app)?.owner !== owner) {
    known.get(app)?.stop();
    const { api, newId } = app;
    known.set(app, Object.assign(new Functions({ api, newId }), { owner }));
  }
  return known.get(app);
}
