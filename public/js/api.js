// Calls of the HTTP API: a deadline on each, and failures as one kind of error whose message a person
// can read and whose `nextStep` says what to do. Retrying is the caller's decision (`retryable`).
import { at, credentials } from "./server.js";
import { text } from "./text.js";

const DEADLINE_MS = 15_000;

export class ApiError extends Error {
  constructor({ detail, code, status = 0, retryable = false, nextStep = "", requestId = "", errors = [] }) {
    super(detail);
    Object.assign(this, { code, status, retryable, nextStep, requestId, errors });
  }
}

export class Api {
  constructor(fetchIt = (path, request) => fetch(at(path), { credentials, ...request })) {
    this.fetch = fetchIt;
    this.onUnauthorized = () => {}; // told of the failure
  }

  get = (path, query) => this.call("GET", withQuery(path, query));
  post = (path, body, headers) => this.call("POST", path, { body, headers });
  patch = (path, body) => this.call("PATCH", path, { body });
  /** `keepalive` lets the call finish after the page was left. */
  delete = (path, { keepalive = false } = {}) => this.call("DELETE", path, { keepalive });

  async call(method, path, { body, headers = {}, keepalive = false } = {}) {
    const request = { method, headers: { accept: "application/json", ...headers }, keepalive };
    if (body !== undefined) {
      request.body = JSON.stringify(body);
      request.headers["content-type"] = "application/json";
    }
    const response = await this.reach(path, { ...request, signal: AbortSignal.timeout(DEADLINE_MS) });
    if (response.status === 204) return null;
    const answer = await response.json().catch(() => null);
    if (response.ok && answer !== null) return answer;
    const failure = problem(response, answer);
    if (response.status === 401) this.onUnauthorized(failure);
    throw failure;
  }

  async reach(path, request) {
    try {
      return await this.fetch(path, request);
    } catch (failure) {
      const late = failure.name === "TimeoutError";
      throw new ApiError({
        detail: late ? text.api.timeout : text.api.unreachable,
        code: late ? "deadline" : "unreachable",
        retryable: true,
        nextStep: late ? text.api.timeoutNext : text.api.unreachableNext,
      });
    }
  }
}

function problem(response, answer) {
  const seconds = Number(response.headers.get("retry-after"));
  return new ApiError({
    detail: answer?.detail || answer?.title || text.api.unexpected(response.status),
    code: answer?.code ?? "unexpected",
    status: response.status,
    retryable: answer?.retryable ?? response.status >= 500,
    nextStep: seconds > 0 ? text.api.waitNext(seconds) : (answer?.nextStep ?? text.api.unexpectedNext),
    requestId: answer?.requestId,
    errors: answer?.errors, // [{field, message}] of input that is wrong
  });
}

function withQuery(path, query = {}) {
  const present = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  return present.length ? `${path}?${new URLSearchParams(present)}` : path;
}
