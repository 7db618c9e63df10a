// Executing an agent: the answer while it is written, stopping, and what came of it. What is filled in is launch_draft.js.
// Leaving the screen stops nothing: an execution is stopped by saying so.
import { ApiError } from "../api.js";
import { patientPost } from "../functions/patient_api.js";
import { signal } from "../reactive.js";
import { EMPTY, toRequest } from "./launch_draft.js";
import { eventsOf } from "./sse.js";
import { hasEnded } from "./states.js";
import { text } from "./text.js";

const MOST_TRIES = 2;

export class Launch {
  /** `schedule` calls back before the next paint: words are shown once a frame, however many pieces came. */
  constructor({ api, newId, agentId, schedule = (callback) => callback(), onExecution = () => {} }) {
    Object.assign(this, { api, newId, agentId, schedule, onExecution });
    this.heardWords = "";
    this.path = `/api/agents/${encodeURIComponent(agentId)}/execute`;
    this.draft = signal(EMPTY);
    this.busy = signal(null); // the mode that is being executed
    this.written = signal(""); // of the answer that is being written
    this.execution = signal(null); // the last one, as far as it is known
    this.stopping = signal(false);
  }

  change(values) {
    this.draft.value = { ...this.draft.peek(), ...values };
    this.key = null; // another request than the one before
  }

  /** The execution as it is in the end, or as it was queued. ApiError when the server refuses. */
  async run(agent) {
    const request = toRequest(this.draft.peek(), agent);
    this.execution.value = null;
    this.written.value = "";
    this.stopping.value = false;
    this.busy.value = request.mode;
    this.abort = new AbortController();
    try {
      this.key ??= this.newId();
      const headers = { "idempotency-key": this.key };
      const answer = await (request.mode === "stream" ? this.stream(request, headers) : patientPost(this.api, this.path, request, headers, this.abort.signal));
      this.key = null;
      this.receive(answer);
      return answer;
    } catch (error) {
      if (error.status >= 400 && error.status < 500) this.key = null; // it was refused: the next one is another
      throw error;
    } finally {
      this.busy.value = null;
      this.stopping.value = false;
    }
  }

  /** Reads the answer as it is written. A line that breaks is no end: the execution is asked how it is. */
  async stream(request, headers) {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const last = await this.read(await this.opened(request, headers));
      if (last) return last;
      const { id } = this.execution.peek() ?? {};
      if (id) return this.api.get(`/api/executions/${encodeURIComponent(id)}`);
    } // it broke before its first word: asking again with the same key is the same execution
    throw new ApiError({ detail: text.execute.lost, code: "unreachable", retryable: true, nextStep: text.execute.lostNext });
  }

  /** The execution at the end of a response; null when that was cut off. */
  async read(response) {
    if (!response.headers.get("content-type")?.includes("event-stream")) return response.json();
    let last = null;
    this.written.value = this.heardWords = "";
    try {
      for await (const data of eventsOf(response.body)) last = this.heard(JSON.parse(data)) ?? last;
    } catch {
      return last; // the line is gone; what was heard stays
    }
    return last;
  }

  /** The response of a stream that has begun; a refusal comes as it does to every other call. */
  async opened(request, headers) {
    let response = null;
    const asking = Object.assign(Object.create(Object.getPrototypeOf(this.api)), this.api);
    const ask = { method: "POST", headers: { ...headers, accept: "text/event-stream", "content-type": "application/json" }, body: JSON.stringify(request), signal: this.abort.signal };
    asking.fetch = async (path) => {
      const answer = await this.api.fetch(path, ask);
      if (!answer.ok) return answer;
      response = answer;
      return new Response(null, { status: 204 });
    };
    await asking.call("POST", this.path);
    return response;
  }

  /** Takes one event; the execution when it is the last one. */
  heard({ delta = "", execution = null }) {
    if (delta) this.hear(delta);
    if (!execution) return null;
    this.receive(execution);
    if (this.stopping.peek()) this.cancel();
    return hasEnded(execution.status) ? execution : null;
  }

  hear(words) {
    const isAsked = this.heardWords !== this.written.peek();
    this.heardWords += words;
    if (!isAsked) this.schedule(() => (this.written.value = this.heardWords));
  }

  receive(execution) {
    this.execution.value = execution;
    this.onExecution(execution);
  }

  /** News of executions came live: one that goes on by itself is asked for when it moved. */
  learn(executions) {
    const { id, status } = this.execution.peek() ?? {};
    const news = !this.busy.peek() && executions.find((each) => each.id === id);
    if (!news || news.status === status || hasEnded(status)) return;
    this.api.get(`/api/executions/${encodeURIComponent(id)}`).then((execution) => this.execution.peek()?.id === id && this.receive(execution), () => {});
  }

  /** Stops the execution once it is known which one it is; where nothing is told before the end, the waiting. */
  stop() {
    this.stopping.value = true;
    if (this.execution.peek()) this.cancel();
    else if (this.busy.peek() === "sync") this.abort.abort();
  }

  cancel() {
    if (hasEnded(this.execution.peek().status)) return;
    const path = `/api/executions/${encodeURIComponent(this.execution.peek().id)}/cancel`;
    this.api.post(path, {}).then((execution) => this.busy.peek() || this.receive(execution), () => (this.stopping.value = false));
  }
}
