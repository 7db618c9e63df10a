// Executing an agent: what is filled in, the request, the answer while it is written, stopping, and what came of it.
// Leaving the screen stops nothing: an execution is stopped by saying so.
import { ApiError } from "../api.js";
import { patientPost } from "../functions/patient_api.js";
import { signal } from "../reactive.js";
import { eventsOf } from "./sse.js";
import { hasEnded } from "./states.js";
import { INPUT, readTemplate } from "./template.js";

export const MODES = ["stream", "sync", "async"];
export const LONGEST_INPUT = 32_000;
export const EMPTY = Object.freeze({ input: "", variables: Object.freeze({}), mode: "stream", location: "", cache: "", temperature: "" });

export class Launch {
  constructor({ api, newId, agentId, onExecution = () => {} }) {
    Object.assign(this, { api, newId, agentId, onExecution });
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
    const response = await this.opened(request, headers);
    if (!response.headers.get("content-type")?.includes("event-stream")) return response.json();
    let last = null;
    try {
      for await (const data of eventsOf(response.body)) last = this.heard(JSON.parse(data)) ?? last;
    } catch (failure) {
      if (!this.execution.peek()) throw lost(failure);
    }
    if (last) return last;
    const { id } = this.execution.peek() ?? {};
    if (!id) throw lost();
    return this.api.get(`/api/executions/${encodeURIComponent(id)}`);
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
    this.written.value += delta;
    if (!execution) return null;
    this.receive(execution);
    if (this.stopping.peek()) this.cancel();
    return hasEnded(execution.status) ? execution : null;
  }

  receive(execution) {
    this.execution.value = execution;
    this.onExecution(execution);
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

const lost = (failure) => new ApiError({ detail: failure?.message ?? "", code: "unreachable", retryable: true });

/** The names that must be given besides the input. */
export const variablesOf = (agent) => readTemplate(agent.promptTemplate ?? "").variables.filter((name) => name !== INPUT);

/** What is asked of POST /api/agents/<id>/execute. */
export function toRequest({ input, variables, mode, location, cache, temperature }, agent) {
  const names = variablesOf(agent);
  return {
    input,
    ...(names.length ? { variables: Object.fromEntries(names.map((name) => [name, variables[name] ?? ""])) } : {}),
    mode,
    ...(location ? { edgeLocation: location } : {}),
    ...(cache ? { cache } : {}),
    ...(temperature.trim() ? { temperature: Number(temperature.replace(",", ".")) } : {}),
  };
}

/** `{field: key of text.execute.wrong}`; variables as "variables.<name>". */
export function findings(draft, agent) {
  const wrong = {};
  if (!draft.input.trim()) wrong.input = "input";
  else if (draft.input.length > LONGEST_INPUT) wrong.input = "long";
  for (const name of variablesOf(agent)) if (!(draft.variables[name] ?? "").trim()) wrong[`variables.${name}`] = "variable";
  const temperature = draft.temperature.trim() && Number(draft.temperature.replace(",", "."));
  if (temperature !== "" && !(temperature >= 0 && temperature <= 2)) wrong.temperature = "temperature";
  return wrong;
}

/** The server's findings `[{field, message}]` as `{field of the form: message}`; "" for any other. */
export function fromServer(errors, agent) {
  const fields = ["input", "temperature", ...variablesOf(agent).map((name) => `variables.${name}`)];
  const placed = {};
  for (const { field, message } of errors) placed[fields.includes(field) ? field : { edgeLocation: "location" }[field] ?? ""] ??= message;
  return placed;
}
