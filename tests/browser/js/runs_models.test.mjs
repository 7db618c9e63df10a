import assert from "node:assert/strict";
import { test } from "node:test";
import { EMPTY, draftOf, findings, fromServer, toRequest } from "../../../public/js/runs/draft.js";
import { fold, NOTHING, shownRun, withRun } from "../../../public/js/runs/fold.js";
import { bytes, span } from "../../../public/js/components/measures.js";
import { RunList } from "../../../public/js/runs/run_list.js";
import { Live } from "../../../public/js/runs/live.js";
import { actionsFor, progress } from "../../../public/js/runs/states.js";
import { signal } from "../../../public/js/reactive.js";
import { LINK } from "../../../public/js/socket.js";
import { settled } from "./world.mjs";

const AT = "2030-05-01T10:00:00Z";
const event = (number, type, data = {}) => ({ number, type, at: AT, data });
const RUN = {
  id: "run_1",
  status: "queued",
  steps: [{ index: 0, command: "true", status: "pending", exitCode: null }],
  exitCode: null,
  lastEvent: 1,
};
const STORY = [
  event(1, "run.created"),
  event(2, "run.started"),
  event(3, "step.started", { step: 0 }),
  event(4, "step.output", { step: 0, stream: "stdout", text: "42\n" }),
  event(5, "step.completed", { step: 0, exitCode: 0, status: "completed", reason: "exited" }),
  event(6, "run.completed", { exitCode: 0 }),
];

test("events become the state of the run and its steps", () => {
  const { run, timeline, seen } = STORY.reduce(fold, withRun(NOTHING, RUN));
  assert.deepEqual([run.status, run.exitCode, run.startedAt, run.endedAt], ["completed", 0, AT, AT]);
  assert.deepEqual([run.steps[0].status, run.steps[0].exitCode, run.steps[0].reason], ["completed", 0, "exited"]);
  assert.equal(seen, 6);
  assert.deepEqual(timeline.map((entry) => entry.number), [1, 2, 3, 5, 6], "output is not in the timeline");
});

test("an event that comes twice changes nothing, one that comes early waits for the missing one", () => {
  const view = STORY.slice(0, 3).reduce(fold, withRun(NOTHING, RUN));
  assert.equal(fold(view, STORY[1]), view);
  assert.equal(fold(view, STORY[4]), view);
});

test("any order and repetition in which a feed may bring them gives the same view", () => {
  const expected = STORY.reduce(fold, withRun(NOTHING, RUN));
  const twice = STORY.flatMap((each, at) => [each, ...STORY.slice(0, at)]).reduce(fold, withRun(NOTHING, RUN));
  assert.deepEqual(twice, expected);
});

test("a snapshot is not undone by the events that it already knows, nor by an older snapshot", () => {
  const known = { ...RUN, status: "running", lastEvent: 3 };
  const view = STORY.slice(0, 3).reduce(fold, withRun(NOTHING, known));
  assert.equal(view.run, known);
  assert.equal(withRun(view, { ...RUN, lastEvent: 2 }).run, known);
});

test("an exit code that nobody saw stays unknown", () => {
  const lost = event(4, "step.completed", { step: 0, exitCode: null, status: "unknown", reason: "lost" });
  const { run } = [...STORY.slice(0, 3), lost, event(5, "run.failed", { exitCode: "unknown" })].reduce(fold, withRun(NOTHING, RUN));
  assert.deepEqual([run.steps[0].status, run.steps[0].exitCode, run.exitCode], ["unknown", null, "unknown"]);
});

test("a question comes with its event, and so does its answer", () => {
  const asked = event(2, "run.approval_requested", { approvalId: "a", question: "May I?", step: null });
  const view = [STORY[0], asked].reduce(fold, withRun(NOTHING, RUN));
  assert.deepEqual(view.run.approvals, [{ id: "a", state: "waiting", question: "May I?", step: null }]);
  const answered = fold(view, event(3, "run.approved", { approvalId: "a", note: "go" }));
  assert.deepEqual([answered.run.status, answered.run.approvals[0].state, answered.run.approvals[0].note], ["running", "approved", "go"]);
});

test("a run that was asked to stop is shown as stopping until it has stopped", () => {
  const stopping = fold({ ...NOTHING, run: { ...RUN, status: "running", lastEvent: 0 } }, event(1, "run.cancelling"));
  assert.equal(shownRun(stopping).status, "cancelling");
  assert.equal(shownRun(withRun(stopping, { ...RUN, status: "running", lastEvent: 2 })).status, "cancelling");
  assert.equal(shownRun(fold(stopping, event(2, "run.cancelled"))).status, "cancelled");
});

test("what may be done follows from the state", () => {
  assert.deepEqual(actionsFor("running"), ["pause", "cancel"]);
  assert.deepEqual(actionsFor("waiting_for_approval"), ["cancel"]);
  assert.deepEqual(actionsFor("cancelling"), []);
  assert.deepEqual(actionsFor("expired"), ["rerun", "restart"]);
  assert.deepEqual(progress(RUN.steps), { done: 0, total: 1 });
});

test("a form is checked before it is sent", () => {
  assert.deepEqual(findings(EMPTY), { command: "empty" });
  const draft = { ...EMPTY, command: "true" };
  assert.deepEqual(findings(draft), {});
  assert.deepEqual(findings({ ...draft, time: "0" }), { time: "time" });
  assert.deepEqual(findings({ ...draft, time: "soon" }), { time: "time" });
  assert.deepEqual(findings({ ...draft, time: "25", timeUnit: "hours" }), { time: "timeTooLong" });
  assert.deepEqual(findings({ ...draft, network: "api.example.org *.example.org, localhost:8000" }), {});
  for (const network of ["https://api.example.org", "api.example.org/simple", "*", "-a.org"]) {
    assert.deepEqual(findings({ ...draft, network }), { network: "host" }, network);
  }
});

test("a form becomes a request, and a run a form again", () => {
  const draft = { ...EMPTY, kind: "commands", commands: "a, b\n\n c ", time: "1.5", network: "api.example.org\nexample.org", requireApproval: true };
  const request = toRequest(draft);
  assert.deepEqual(request, { commands: ["a, b", "c"], timeoutSeconds: 90, requireApproval: true, network: ["api.example.org", "example.org"] });
  const again = draftOf({ title: "a", kind: "commands", sessionId: null, input: request });
  assert.deepEqual(toRequest(again), { ...request, title: "a" });
});

test("what the server finds wrong comes to the field it is about", () => {
  const errors = [{ field: "network.0", message: "not a host" }, { field: "timeoutSeconds", message: "too long" }, { field: "body", message: "odd" }];
  assert.deepEqual(fromServer(errors), { network: "not a host", time: "too long", "": "odd" });
});

const summary = (id, values = {}) => ({ id, title: id, status: "running", createdAt: `2030-05-0${id.at(-1)}T00:00:00Z`, ...values });

test("runs that come live are put where they belong, each once, as far as the filter lets them", async () => {
  const list = new RunList({ get: async () => ({ runs: [summary("run_2"), summary("run_1")], cursor: null }) });
  await list.load();
  list.receive([summary("run_3"), summary("run_2", { status: "completed" })]);
  assert.deepEqual(list.runs.value.map(({ id, status }) => [id, status]), [["run_3", "running"], ["run_2", "completed"], ["run_1", "running"]]);
  await list.narrow({ status: "running" });
  list.receive([summary("run_2", { status: "failed" }), summary("run_4", { status: "failed" }), summary("run_5")]);
  assert.deepEqual(list.runs.value.map(({ id }) => id), ["run_5", "run_1"]);
});

test("an answer to an older filter is dropped", async () => {
  const answers = [];
  const list = new RunList({ get: () => new Promise((resolve) => answers.push(resolve)) });
  const first = list.load();
  const second = list.narrow({ q: "b" });
  answers[1]({ runs: [summary("run_2")], cursor: null });
  answers[0]({ runs: [summary("run_1")], cursor: null });
  await Promise.all([first, second]);
  assert.deepEqual(list.runs.value.map(({ id }) => id), ["run_2"]);
});

test("approvals are asked for by HTTP until the socket says them", async () => {
  const line = { status: signal(LINK.closed), connect() {}, close() {} };
  let handlers;
  let again;
  const asked = [];
  const live = new Live({
    api: { get: async (path) => (asked.push(path), { approvals: [{ id: "a" }], sessions: [] }) },
    openSocket: (given) => ((handlers = given), line),
    every: (action) => ((again = action), 0),
  }).start();
  await settled();
  assert.equal(live.waiting.value, 1);
  again();
  assert.equal(asked.length, 4);
  handlers.onFrame({ type: "cf_agent_state", state: { runs: [], sessions: [], approvals: [] } });
  assert.equal(live.waiting.value, 0);
  live.stop();
});

test("sizes and spans are said as people say them", () => {
  assert.deepEqual([bytes(0), bytes(1_536), bytes(5 * 1024 * 1024)], ["0 B", "1.5 KB", "5 MB"]);
  assert.deepEqual([span(420), span(12_700), span(185_000), span(600_000), span(7_800_000)], ["0.4 s", "12 s", "3 min 05 s", "10 min", "2 h 10 min"]);
});
