import assert from "node:assert/strict";
import { test } from "node:test";
import { asCurl, asPython } from "../../../public/js/functions/commands.js";
import { draftOf, EMPTY, findings, fromServer, inView, toQuestion, toRequest } from "../../../public/js/functions/draft.js";
import { check } from "../../../public/js/functions/form_check.js";
import { formOf, schemaOf, spoken } from "../../../public/js/functions/form_fields.js";
import { Functions } from "../../../public/js/functions/functions.js";
import { JobList } from "../../../public/js/functions/job_list.js";
import { read, withAt, write } from "../../../public/js/functions/json_text.js";
import { Live } from "../../../public/js/functions/live.js";
import { OpenJob } from "../../../public/js/functions/open_job.js";
import { patientPost } from "../../../public/js/functions/patient_api.js";
import { rowFindings, rowsOf, schemaOfRows } from "../../../public/js/functions/result_fields.js";
import { actionsFor, ranked, sureness } from "../../../public/js/functions/states.js";
import { LINK } from "../../../public/js/socket.js";
import { signal } from "../../../public/js/reactive.js";
import { settled } from "./world.mjs";

test("a text that is no JSON is told with the place where it stops being JSON", () => {
  const place = (text) => {
    const { fault } = read(text);
    return [fault.line, fault.column, fault.kind];
  };
  assert.deepEqual(place('{"a": 1,\n "b" 2}'), [2, 6, "colon"]);
  assert.deepEqual(place('{"a": 1 "b": 2}'), [1, 9, "comma"]);
  assert.deepEqual(place("{a: 1}"), [1, 2, "name"]);
  assert.deepEqual(place("['x']"), [1, 2, "quotes"]);
  assert.deepEqual(place("[1, 2,]"), [1, 6, "trailing"]);
  assert.deepEqual(place('{"a": [1, 2'), [1, 12, "end"]);
  assert.deepEqual(place('"open'), [1, 6, "end"]);
  assert.deepEqual(place('["open\n]'), [1, 7, "string"]);
  assert.deepEqual(place("1 2"), [1, 3, "extra"]);
  assert.deepEqual(place("[01]"), [1, 3, "comma"]);
  assert.deepEqual(place(`${"[".repeat(300)}`), [1, 202, "deep"]);
});

test("the scanner of faults finds none in what is JSON, whatever it is", () => {
  const values = [0, -1.5e-7, "a\"\\\u0001é\n", [], {}, [[], {}], { a: { b: [null, true, false] } }, "\ud800"];
  for (const value of values) for (const indent of [0, 2]) assert.equal(read(JSON.stringify(value, null, indent)).fault, undefined);
  for (const value of values) assert.deepEqual(read(write(value)).value, value);
  assert.equal(read("  ").value, undefined);
});

test("short lists stay on one line", () => {
  assert.equal(write({ numbers: [3, 1, 4], deep: [{ a: 1 }] }), '{\n  "numbers": [3, 1, 4],\n  "deep": [\n    {\n      "a": 1\n    }\n  ]\n}');
});

test("a value is changed at a path, and nothing else moves", () => {
  const value = { a: 1, b: { c: 2 }, d: [1, 2] };
  assert.deepEqual(withAt(value, ["b", "c"], 3), { a: 1, b: { c: 3 }, d: [1, 2] });
  assert.deepEqual(Object.keys(withAt(value, ["a"], 9)), ["a", "b", "d"]);
  assert.deepEqual(withAt(value, ["a"], undefined), { b: { c: 2 }, d: [1, 2] });
  assert.deepEqual(withAt(undefined, ["x", "y"], 1), { x: { y: 1 } });
  assert.deepEqual(value, { a: 1, b: { c: 2 }, d: [1, 2] });
});

const FORM = {
  type: "object",
  properties: {
    firstName: { type: "string", minLength: 2 },
    age: { type: ["integer", "null"], minimum: 0, maximum: 150 },
    agreed: { type: "boolean" },
    level: { enum: ["low", "high", 3] },
    day: { type: "string", format: "date" },
    story: { type: "string", maxLength: 5_000 },
    tags: { type: "array", items: { type: "string" }, minItems: 1, uniqueItems: true },
    scores: { type: "array", items: { $ref: "#/$defs/score" } },
    picks: { type: "array", items: { enum: ["a", "b"] } },
    address: { type: "object", properties: { city: { type: "string" }, geo: { type: "object", properties: {} } }, required: ["city"] },
    odd: { anyOf: [{ type: "string" }, { type: "number" }] },
  },
  required: ["firstName", "agreed"],
  $defs: { score: { type: "integer", maximum: 10 } },
};

test("a form has a box for each kind of value, and JSON for the rest", () => {
  const { kind, fields } = formOf(FORM);
  assert.equal(kind, "group");
  assert.deepEqual(fields.map((each) => each.kind), ["text", "number", "flag", "choice", "date", "long", "list", "list", "choices", "group", "json"]);
  assert.deepEqual(fields.map((each) => each.required).slice(0, 3), [true, false, true]);
  assert.deepEqual([fields[0].label, fields[1].nullable, fields[7].item], ["First name", true, "integer"]);
  assert.deepEqual(fields[9].fields.map((each) => [each.name, each.kind]), [["city", "text"], ["geo", "json"]]);
  for (const schema of [true, {}, { $ref: "#/a" }, { $ref: "#" }, { type: "string", oneOf: [] }]) assert.equal(formOf(schema).kind, "json");
  assert.deepEqual(["dueDate", "due_date", "URL of page"].map(spoken), ["Due date", "Due date", "URL of page"]);
});

test("what is wrong in a form is told at its field, before anybody is asked", () => {
  const form = formOf(FORM);
  const rules = (value) => Object.fromEntries(Object.entries(check(form, value)).map(([path, { rule }]) => [path, rule]));
  assert.deepEqual(rules({}), { firstName: "required", agreed: "required" });
  const good = { firstName: "Ada", agreed: false };
  assert.deepEqual(rules({ ...good, age: null, level: 3, day: "2030-02-28", tags: ["a"], scores: [1, 10], picks: ["b"], address: { city: "x" }, odd: {} }), {});
  const bad = { firstName: "A", agreed: "yes", age: 1.5, level: "middle", day: "2030-02-30", tags: ["a", "a"], scores: [11], address: {} };
  assert.deepEqual(rules(bad), {
    firstName: "short", agreed: "flag", age: "integer", level: "choice", day: "date", tags: "unique", scores: "most", "address.city": "required",
  });
  assert.deepEqual(rules({ ...good, age: "abc" }), { age: "integer" });
  assert.deepEqual(check(formOf({ type: "string" }), undefined), { "": { rule: "required", limit: null } });
});

test("the form of arguments follows from what they are", () => {
  const fields = (value) => formOf(schemaOf(value)).fields.map((each) => [each.name, each.kind]);
  const value = { n: 5, words: "a", long: "a\nb", on: true, numbers: [3, 1], names: ["a"], none: [], mixed: [1, "a"], deep: { a: 1, b: { c: 1 } }, gone: null };
  assert.deepEqual(fields(value), [
    ["n", "number"], ["words", "text"], ["long", "long"], ["on", "flag"], ["numbers", "list"], ["names", "list"], ["none", "list"], ["mixed", "json"], ["deep", "group"], ["gone", "json"],
  ]);
  assert.deepEqual(check(formOf(schemaOf(value)), value), {});
  assert.equal(formOf(schemaOf([1, 2])).kind, "list");
});

test("rows become a schema and a schema rows, as long as rows can say it", () => {
  const rows = [
    { name: "title", kind: "text", required: true, choices: "" },
    { name: "level", kind: "choice", required: false, choices: "low, high" },
    { name: "days", kind: "numbers", required: true, choices: "" },
  ];
  const schema = schemaOfRows([...rows, { name: " ", kind: "text", required: true, choices: "" }]);
  assert.deepEqual(schema.required, ["title", "days"]);
  assert.deepEqual(schema.properties.level, { type: "string", enum: ["low", "high"] });
  assert.deepEqual(rowsOf(schema), rows);
  assert.equal(rowsOf({ type: "string" }), null);
  assert.equal(rowsOf({ ...schema, minProperties: 2 }), null, "what rows cannot say is not dropped");
  assert.equal(rowsOf({ type: "object", properties: { a: { type: "string", pattern: "x" } } }), null);
  assert.deepEqual(rowFindings([rows[0], rows[0], { ...rows[1], choices: " , " }]), { 1: "twice", 2: "choices" });
  assert.equal(schemaOfRows([]), undefined);
});

test("a schema goes from one view to another and loses nothing", () => {
  const fields = { ...EMPTY, schemaView: "fields", rows: [{ name: "a", kind: "text", required: true, choices: "" }] };
  const json = { ...fields, ...inView(fields, "json") };
  assert.equal(json.schemaView, "json");
  assert.deepEqual(inView(json, "fields"), { schemaView: "fields", rows: fields.rows });
  assert.deepEqual(inView({ ...json, schema: '{"type": "string"}' }, "fields"), {}, "it stays JSON");
  assert.deepEqual(inView({ ...json, schema: "{" }, "fields"), {});
});

test("a form is checked before it is sent, and becomes a request", () => {
  assert.deepEqual(findings(EMPTY), { description: "empty" });
  const draft = { ...EMPTY, description: " Sort ", args: '{"numbers": [3, 1]}', schemaView: "json", schema: '{"type": "array"}', network: "*.a.org\nb.org:8080", deadline: "1.5", deadlineUnit: "hours", examples: '[{"args": 1, "result": 2}]' };
  assert.deepEqual(findings(draft), {});
  assert.deepEqual(toRequest(draft), {
    description: "Sort",
    args: { numbers: [3, 1] },
    schema: { type: "array" },
    examples: [{ args: 1, result: 2 }],
    options: { mode: "sync", network: ["*.a.org", "b.org:8080"], deadlineSeconds: 5_400 },
  });
  assert.deepEqual(toQuestion(draft), { description: "Sort", args: { numbers: [3, 1] }, schema: { type: "array" } });
  const wrong = { ...draft, description: "a".repeat(4_001), args: "{", schema: "3", network: "https://a.org", deadline: "40", deadlineUnit: "days", examples: "[1]" };
  assert.deepEqual(findings(wrong), { description: "long", args: "json", schema: "schema", examples: "examples", network: "host", deadline: "deadline" });
  assert.deepEqual(toRequest({ ...EMPTY, description: "x", args: "[]" }).args, [], "an empty list is an argument");
  assert.equal("args" in toRequest({ ...EMPTY, description: "x" }), false);
});

test("a job becomes a form again that asks for the same", () => {
  const options = { mode: "async", type: "human", network: ["a.org"], deadlineSeconds: 7_200, assignee: "Ada", note: "soon", language: "python" };
  const job = { description: "Ask", args: [1], schema: { type: "string" }, examples: [{ args: 1, result: 1 }], options };
  assert.deepEqual(toRequest(draftOf(job)), { ...job, options });
  const plain = { description: "Ask", args: null, schema: null, examples: [], options: { mode: "sync", type: null, network: [], deadlineSeconds: 604_800, assignee: "" } };
  assert.deepEqual(toRequest(draftOf(plain)), { description: "Ask", options: { mode: "sync" } });
});

test("what the server finds wrong comes to the field it is about", () => {
  const errors = [{ field: "options.network.0", message: "no host" }, { field: "schema", message: "odd" }, { field: "body", message: "hm" }];
  assert.deepEqual(fromServer(errors), { network: "no host", schema: "odd", "": "hm" });
});

test("a call is copied without a key, and quotes in it break nothing", () => {
  const request = { description: "Say 'it\\'s'", args: { on: true, none: null, list: [1, 2] }, options: { mode: "sync" } };
  const curl = asCurl("http://localhost:8787", request);
  assert.match(curl, /Bearer \$LITTORAL_KEY/);
  assert.ok(curl.includes("'\\''it"), curl);
  const python = asPython("http://localhost:8787", request);
  assert.match(python, /os\.environ\['LITTORAL_KEY'\]/);
  assert.match(python, /"on": True,/);
  assert.match(python, /"none": None, "list": \[1, 2\]\},/);
});

test("states say what may be done, types how sure they are", () => {
  assert.deepEqual(actionsFor("waiting"), ["edit", "cancel"]);
  assert.deepEqual(actionsFor("expired"), ["edit", "replay"]);
  assert.deepEqual([0.95, 0.75, 0.5, 0.2].map(sureness), ["very", "enough", "unsure", "guess"]);
  const alternatives = [{ type: "object", confidence: 0.2, why: "" }];
  assert.deepEqual(ranked({ type: "code", confidence: 0.8, alternatives }).map((each) => each.type), ["code", "object"]);
  assert.deepEqual(ranked({ type: null, confidence: 0.4, alternatives }), alternatives);
});

const summary = (number, values = {}) => ({
  jobId: `job_${number}`, title: `t${number}`, type: "code", status: "running", deadLetter: false, attempts: 1, credits: { settled: null }, createdAt: `2030-05-0${number}`, ...values,
});

test("jobs that come live are put where they belong, each once, as far as the filter lets them", async () => {
  const asked = [];
  const list = new JobList({ get: async (_path, query) => (asked.push(query), { jobs: [summary(2), summary(1)], cursor: null }) });
  await list.load();
  list.receive([summary(3), summary(2, { status: "failed" })]);
  assert.deepEqual(list.jobs.value.map(({ jobId, status }) => [jobId, status]), [["job_3", "running"], ["job_2", "failed"], ["job_1", "running"]]);
  await list.narrow({ dead: true, type: "code" });
  assert.deepEqual([asked.at(-1).deadLetter, asked.at(-1).type, asked.at(-1).q], [true, "code", null]);
  list.receive([summary(1, { deadLetter: true }), summary(2), summary(4), summary(5, { deadLetter: true })]);
  assert.deepEqual(list.jobs.value.map(({ jobId }) => jobId), ["job_5", "job_1"]);
});

test("jobs and tasks are asked for by HTTP until the socket says them", async () => {
  const line = { status: signal(LINK.closed), connect() {}, close() {} };
  let handlers;
  let again;
  const live = new Live({
    api: { get: async (path) => (path.endsWith("jobs") ? { jobs: [summary(1)] } : { tasks: [{ taskId: "a" }, { taskId: "b" }] }) },
    openSocket: (given) => ((handlers = given), line),
    every: (action) => ((again = action), 1),
  }).start();
  await settled();
  assert.deepEqual([live.waiting.value, live.jobs.value.length, live.polling], [2, 1, 1]);
  live.forget("a");
  assert.equal(live.waiting.value, 1);
  await again();
  assert.equal(live.waiting.value, 2);
  line.status.value = LINK.open;
  assert.equal(live.polling, null);
  handlers.onFrame({ type: "cf_agent_state", state: { jobs: [], humanTasks: [] } });
  assert.equal(live.waiting.value, 0);
  live.stop();
});

test("an answer that was asked for before the agent spoke takes nothing back", async () => {
  const line = { status: signal(LINK.open), connect() {}, close() {} };
  const late = {};
  let handlers;
  const live = new Live({
    api: { get: (path) => new Promise((answer) => (late[path] = answer)) },
    openSocket: (given) => ((handlers = given), line),
  }).start();
  handlers.onFrame({ type: "cf_agent_state", state: { humanTasks: [{ taskId: "a" }] } });
  late["/fn/human-tasks"]({ tasks: [] });
  late["/fn/jobs"]({ jobs: [summary(1)] });
  await settled();
  assert.deepEqual([live.waiting.value, live.jobs.value.length], [1, 1], "what the agent did not tell is taken");
  live.stop();
});

test("an open job takes each event once and asks for what they do not tell", async () => {
  const events = ["created", "started", "completed"].map((type, at) => ({ number: at + 1, type: `job.${type}`, at: "", data: {} }));
  const server = { job: { ...summary(1), lastEvent: 1 }, asked: 0 };
  const world = { openLine: () => ({ close() {} }), setTimeout: () => 0, clearTimeout() {} };
  const api = { get: async (path) => (path.endsWith("events") ? { events: [] } : (server.asked++, server.job)) };
  const open = new OpenJob({ api, id: "job_1", world });
  await open.start();
  assert.equal(open.take([events[0], events[2]]), 1, "one is missing before it");
  server.job = { ...server.job, status: "completed", lastEvent: 3 };
  assert.equal(open.take([events[0], events[1], events[2]]), 3);
  await settled();
  assert.deepEqual([open.job.value.status, open.isOver(), server.asked], ["completed", true, 2]);
  open.receive({ ...server.job, status: "running", lastEvent: 2 });
  assert.equal(open.job.value.status, "completed", "an older state changes nothing");
  open.hear(summary(1, { status: "completed", credits: { settled: 0.2 } }));
  await settled();
  assert.equal(server.asked, 3, "what was paid is asked for");
  open.close();
});

test("a refusal brings what the words may mean and the job that it became", async () => {
  const problem = { status: 422, code: "needs_clarification", detail: "?", alternatives: [{ type: "human", confidence: 0.4, why: "" }], jobId: "job_1" };
  const response = () => new Response(JSON.stringify(problem), { status: 422 });
  const failure = await patientPost({ fetch: async () => response() }, "/fn", {}).catch((error) => error);
  assert.deepEqual([failure.code, failure.jobId, failure.alternatives.length], ["needs_clarification", "job_1", 1]);
});

test("a call whose answer was lost is repeated under the same key, another call under another", async () => {
  const keys = [];
  let answer = new Response("{}", { status: 502 });
  const api = { get: async () => ({ jobs: [], tasks: [] }), fetch: async (_path, { headers }) => (keys.push(headers["idempotency-key"]), answer) };
  let last = 0;
  const live = { jobs: signal([]), stop() {} };
  const functions = new Functions({ api, live, newId: () => `key-${++last}` });
  functions.change({ description: "Sort" });
  await assert.rejects(functions.run());
  answer = new Response(JSON.stringify({ jobId: "job_1", status: "completed" }));
  await functions.run();
  answer = new Response(JSON.stringify({ jobId: "job_2", status: "completed" }));
  await functions.run();
  assert.deepEqual(keys, ["key-1", "key-1", "key-2"]);
  assert.equal(functions.outcome.value.answer.jobId, "job_2");
});
