import assert from "node:assert/strict";
import { test } from "node:test";
import { asCurl } from "../../../public/js/functions/commands.js";
import { signal } from "../../../public/js/reactive.js";
import { draftOf, EMPTY, findings, fromServer, toRequest, withLocation } from "../../../public/js/registry/agent_draft.js";
import { Launch } from "../../../public/js/registry/launch.js";
import { findings as launchFindings, fromServer as launchPlaces, EMPTY as NOTHING, toRequest as toLaunch, variablesOf } from "../../../public/js/registry/launch_draft.js";
import { List } from "../../../public/js/registry/list.js";
import { Live } from "../../../public/js/registry/live.js";
import { documentOf, Memory } from "../../../public/js/registry/memory.js";
import { OpenAgent } from "../../../public/js/registry/open_agent.js";
import { OpenExecution } from "../../../public/js/registry/open_execution.js";
import { Registry } from "../../../public/js/registry/registry.js";
import { eventsOf, Lines } from "../../../public/js/registry/sse.js";
import { pointsOf } from "../../../public/js/registry/sparkline.js";
import { readTemplate } from "../../../public/js/registry/template.js";
import { changesOf } from "../../../public/js/registry/versions_view.js";
import { Api } from "../../../public/js/api.js";
import { LINK } from "../../../public/js/socket.js";
import { settled } from "./world.mjs";

test("a template's variables are found, each once, in their order", () => {
  const { variables, faults, parts } = readTemplate("For {{who}} and {{ who }}:\n{{input}} { one } }} \\{{braces}}");
  assert.deepEqual(variables, ["who", "input"]);
  assert.deepEqual(faults, []);
  assert.equal(parts.map(({ text }) => text).join(""), "For {{who}} and {{ who }}:\n{{input}} { one } }} \\{{braces}}");
  assert.deepEqual(parts.filter(({ kind }) => kind === "variable").length, 3);
});

test("what is wrong in a template is told with line and column", () => {
  const told = (template) => readTemplate(template).faults.map(({ kind, line, column }) => [kind, line, column]);
  assert.deepEqual(told("{{input}}\nDear {{na me}}"), [["name", 2, 6]]);
  assert.deepEqual(told("{{}} {{input}}"), [["empty", 1, 1]]);
  assert.deepEqual(told("é𝄞{{input"), [["open", 1, 3]]);
  assert.deepEqual(told("{{a {{input}}"), [["open", 1, 1]]);
  assert.deepEqual(told("Summarise."), [["input", 1, 11]]);
  assert.deepEqual(told(Array.from({ length: 33 }, (_, at) => `{{v${at}}}`).join("") + "{{input}}").map(([kind]) => kind), ["many"]);
  assert.deepEqual(told(`{{${"n".repeat(65)}}}{{input}}`).map(([kind]) => kind), ["name"]);
});

test("an agent's form says what is wrong, and becomes the request", () => {
  assert.deepEqual(findings(EMPTY), { name: "name" });
  const wrong = { ...EMPTY, name: "a".repeat(121), promptTemplate: "{{", temperature: "2.5", maxTokens: "1.5", cacheSeconds: "0", passages: "21" };
  assert.deepEqual(Object.keys(findings(wrong)).sort(), ["cacheSeconds", "maxTokens", "name", "passages", "promptTemplate", "temperature"]);
  const request = toRequest({ ...EMPTY, name: " Tides ", temperature: "0,5", gatewayCacheTtl: "60", gatewayCollectLog: "no" });
  assert.equal(request.name, "Tides");
  assert.equal(request.temperature, 0.5);
  assert.equal(toRequest({ ...EMPTY, name: "x" }, "@cf/a/b").model, "@cf/a/b");
  assert.deepEqual(request.gateway, { cacheTtl: 60, collectLog: false });
  assert.deepEqual(request.memory, { enabled: false, passages: 4 });
  assert.equal(toRequest({ ...EMPTY, name: "x" }).gateway, null);
});

test("an agent that is read into the form comes out as it was", () => {
  const agent = {
    name: "Tides",
    description: "",
    model: "@cf/a/b",
    promptTemplate: "{{input}}",
    systemPrompt: "Be short.",
    temperature: 0,
    maxTokens: 64,
    edgeLocations: ["weur", "me"],
    outputFilter: { secrets: false, personalData: true },
    cache: "always",
    cacheSeconds: 60,
    memory: { enabled: true, passages: 3 },
    gateway: { id: "g", skipCache: true, collectLog: true },
  };
  assert.deepEqual(toRequest(draftOf(agent)), agent);
});

test("automatic and places exclude each other", () => {
  assert.deepEqual(withLocation(["auto"], "weur"), ["weur"]);
  assert.deepEqual(withLocation(["weur"], "wnam"), ["wnam", "weur"]);
  assert.deepEqual(withLocation(["weur"], "weur"), ["auto"]);
  assert.deepEqual(withLocation(["weur", "me"], "auto"), ["auto"]);
});

test("the server's findings come to the fields of the form", () => {
  const placed = fromServer([{ field: "promptTemplate", message: "line 1" }, { field: "gateway.cacheTtl", message: "too long" }, { field: "edgeLocations.0", message: "no place" }, { field: "sun", message: "?" }]);
  assert.deepEqual(placed, { promptTemplate: "line 1", gatewayCacheTtl: "too long", edgeLocations: "no place", "": "?" });
  const agent = { promptTemplate: "{{who}} {{input}}" };
  assert.deepEqual(launchPlaces([{ field: "variables.who", message: "needed" }, { field: "edgeLocation", message: "no" }, { field: "variables.sun", message: "odd" }], agent), { "variables.who": "needed", location: "no", "": "odd" });
});

test("a call asks for the input and each variable, and sends no others", () => {
  const agent = { promptTemplate: "{{who}}: {{input}}" };
  assert.deepEqual(variablesOf(agent), ["who"]);
  assert.deepEqual(launchFindings(NOTHING, agent), { input: "input", "variables.who": "variable" });
  const draft = { ...NOTHING, input: "x", variables: { who: "Ada", gone: "1" }, location: "weur", temperature: "0,1", cache: "never", mode: "async" };
  assert.deepEqual(launchFindings(draft, agent), {});
  assert.deepEqual(toLaunch(draft, agent), { input: "x", variables: { who: "Ada" }, mode: "async", edgeLocation: "weur", cache: "never", temperature: 0.1 });
  assert.ok(asCurl("https://o", { input: "it's" }, "/api/agents/agt_1/execute").includes("'https://o/api/agents/agt_1/execute'"));
});

test("lines of a stream are cut the same wherever its pieces end", () => {
  const whole = "data: 1\r\n\r\ndata: 2\rid: x\n\n";
  for (let at = 0; at <= whole.length; at++) {
    const lines = new Lines();
    assert.deepEqual([...lines.take(whole.slice(0, at)), ...lines.take(whole.slice(at))], ["data: 1", "", "data: 2", "id: x", ""], at);
  }
});

test("events of a stream are read whole; a half one at its end is none", async () => {
  const body = new Blob([": ok\n\nid: 1\ndata: {\"a\":\ndata: 1}\n\ndata:é\n\ndata: half"]).stream();
  const found = [];
  for await (const data of eventsOf(body)) found.push(data);
  assert.deepEqual(found, ['{"a":\n1}', "é"]);
});

const AGENT = { id: "agt_1", name: "Tides", version: 1, promptTemplate: "{{input}}", edgeLocations: ["auto"], createdAt: "2030-01-01T00:00:00Z" };
const execution = (values = {}) => ({ id: "exe_1", agentId: "agt_1", input: "x", output: null, status: "completed", createdAt: "2030-01-01T00:00:00Z", ...values });
const event = (number, type, data = {}) => ({ number, type: `execution.${type}`, at: "2030-01-01T00:00:00Z", data });
const told = (execution, type = execution.status) => ({ type: `execution.${type}`, execution });
const sse = (...events) => new Response(events.map((each) => `data: ${JSON.stringify(each)}\n\n`).join(""), { headers: { "content-type": "text/event-stream" } });

/** A launch whose server answers with `answers(path, request)`. */
function launch(answers) {
  const calls = [];
  let ids = 0;
  const api = new Api(async (path, request) => {
    calls.push({ path, ...request });
    return answers(path, request);
  });
  return { calls, launch: new Launch({ api, newId: () => `id-${++ids}`, agentId: "agt_1" }) };
}

test("a streamed answer is shown as it is written and ends as the server tells", async () => {
  const world = launch((path) =>
    path.endsWith("/execute")
      ? sse(told(execution({ status: "running" }), "started"), { type: "text-delta", delta: "Low " }, { type: "text-delta", delta: "water" }, told(execution({ output: "Low water" })))
      : null,
  );
  world.launch.change({ input: "When?" });
  const found = await world.launch.run(AGENT);
  assert.equal(world.launch.written.value, "Low water");
  assert.equal(found.output, "Low water");
  assert.equal(world.launch.execution.value.status, "completed");
  assert.equal(world.calls[0].headers.accept, "text/event-stream");
  assert.deepEqual(JSON.parse(world.calls[0].body), { input: "When?", mode: "stream" });
});

test("pieces that come within one frame are shown once", () => {
  const frames = [];
  const open = new Launch({ api: null, newId: null, agentId: "agt_1", schedule: (callback) => frames.push(callback) });
  for (const delta of ["Low ", "wat", "er"]) open.heard({ type: "text-delta", delta });
  assert.equal(open.written.value, "");
  assert.equal(frames.length, 1);
  frames[0]();
  assert.equal(open.written.value, "Low water");
});

test("a stream that breaks is no end: the execution is asked how it is", async () => {
  const world = launch((path) => (path.endsWith("/execute") ? sse(told(execution({ status: "running" }), "started")) : Response.json(execution({ status: "running" }))));
  const found = await world.launch.run(AGENT);
  assert.equal(found.status, "running");
});

test("an execution that goes on by itself is asked for when it moved", async () => {
  let status = "running";
  const world = launch((path) => (path.endsWith("/execute") ? Response.json(execution({ status }), { status: 202 }) : Response.json(execution({ status, output: "Low water" }))));
  world.launch.change({ input: "x", mode: "sync" });
  await world.launch.run(AGENT);
  world.launch.learn([execution({ status: "running" })]);
  assert.equal(world.calls.length, 1);
  status = "completed";
  world.launch.learn([execution({ id: "exe_2" }), execution()]);
  await settled();
  assert.equal(world.launch.execution.value.output, "Low water");
  world.launch.learn([execution()]);
  assert.equal(world.calls.length, 2);
});

test("a stream that breaks before its first word is asked for again with the same key", async () => {
  const answers = [sse(), sse(told(execution({ output: "Low water" })))];
  const world = launch(() => answers.shift());
  assert.equal((await world.launch.run(AGENT)).output, "Low water");
  assert.deepEqual(world.calls.map(({ headers }) => headers["idempotency-key"]), ["id-1", "id-1"]);
  const silent = launch(() => sse());
  await assert.rejects(silent.launch.run(AGENT), { code: "unreachable" });
  assert.equal(silent.calls.length, 2);
});

test("a stream that never began keeps its key, a refused one does not", async () => {
  const world = launch(() => {
    throw new TypeError("no network");
  });
  await assert.rejects(world.launch.run(AGENT), { code: "unreachable" });
  await assert.rejects(world.launch.run(AGENT), { code: "unreachable" });
  const keys = world.calls.map(({ headers }) => headers["idempotency-key"]);
  assert.equal(keys[0], keys[1]);
  const refused = launch(() => Response.json({ status: 422, detail: "No.", errors: [{ field: "input", message: "long" }] }, { status: 422 }));
  await assert.rejects(refused.launch.run(AGENT), ({ status, errors }) => status === 422 && errors.length === 1);
  await assert.rejects(refused.launch.run(AGENT));
  assert.notEqual(refused.calls[0].headers["idempotency-key"], refused.calls[1].headers["idempotency-key"]);
});

test("stopping before the execution is known stops it as soon as it is", async () => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const world = launch(async (path) => {
    if (path.endsWith("/cancel")) return Response.json(execution({ status: "cancelled" }));
    if (!path.endsWith("/execute")) return Response.json(execution({ status: "cancelled" }));
    await held;
    return sse(told(execution({ status: "running" }), "started"), told(execution({ status: "cancelled" })));
  });
  const running = world.launch.run(AGENT);
  world.launch.stop();
  release();
  assert.equal((await running).status, "cancelled");
  assert.deepEqual(world.calls.map(({ path }) => path.split("/").at(-1)), ["execute", "cancel"]);
});

const list = (pages) => new List({ none: { q: "" }, lets: ({ q }, each, isKnown) => isKnown || each.id.includes(q), page: async (_filter, cursor) => pages[cursor ?? 0] });

test("a list has each entry once, newest first, and takes what comes live", async () => {
  const at = (minute) => `2030-01-01T00:0${minute}:00Z`;
  const found = list([{ entries: [{ id: "b", createdAt: at(2), x: 1 }], cursor: 1 }, { entries: [{ id: "a", createdAt: at(1) }], cursor: null }]);
  found.receive([{ id: "z", createdAt: at(9) }]);
  assert.equal(found.entries.value.length, 0);
  await found.load();
  await found.more();
  found.receive([{ id: "c", createdAt: at(3) }, { id: "b", createdAt: at(2), y: 2 }]);
  assert.deepEqual(found.entries.value.map(({ id }) => id), ["c", "b", "a"]);
  assert.deepEqual(found.entries.value[1], { id: "b", createdAt: at(2), x: 1, y: 2 });
  found.filter.value = { q: "d" };
  found.receive([{ id: "e", createdAt: at(4) }, { id: "dd", createdAt: at(5) }]);
  assert.deepEqual(found.entries.value.map(({ id }) => id), ["dd", "c", "b", "a"]);
  assert.ok(found.isNarrowed);
});

function line() {
  const made = { status: signal(LINK.closed), connect: () => (made.status.value = LINK.connecting), close: () => (made.status.value = LINK.closed) };
  return made;
}

test("without the socket the registry is asked for, and only then", async () => {
  let asked = 0;
  let tick = null;
  const socket = line();
  const api = { get: async () => (asked++, { agents: [], executions: [] }) };
  const live = new Live({ api, openSocket: () => socket, every: (action) => ((tick = action), null) });
  live.start();
  assert.equal(tick, null);
  socket.status.value = LINK.waiting;
  await tick();
  assert.equal(asked, 2);
  live.receive({ type: "cf_agent_state", state: { agents: [AGENT], executions: [execution()] } });
  assert.equal(live.agents.value[0].name, "Tides");
});

test("what comes live moves figures, lists and the agent that is open", async () => {
  const api = { get: async (path) => (path === "/api/agents" ? { agents: [AGENT] } : path === "/api/executions" ? { executions: [] } : path.endsWith("/versions") ? { versions: [] } : { ...AGENT, stats: { executions: 0 } }) };
  const live = new Live({ api, openSocket: line });
  const registry = new Registry({ api, newId: () => "id", live });
  await Promise.all([registry.agents.load(), registry.executions.load()]);
  registry.showAgent("agt_1");
  await settled();
  live.receive({ type: "cf_agent_state", state: { agents: [{ ...AGENT, stats: { executions: 3 } }], executions: [execution()] } });
  assert.equal(registry.open.value.agent.value.stats.executions, 3);
  assert.deepEqual(registry.executions.entries.value.map(({ id }) => id), ["exe_1"]);
  assert.deepEqual(registry.open.value.executions.entries.value.map(({ id }) => id), ["exe_1"]);
  live.receive({ type: "cf_agent_state", state: { agents: [] } });
  assert.deepEqual(registry.shown.value, [], "one that was archived elsewhere is not said any more");
});

test("an edit names the version that it was begun from, also when another came meanwhile", async () => {
  const sent = [];
  let version = 1;
  const api = { get: async () => ({ ...AGENT, version }), patch: async (_path, body) => (sent.push(body), { ...AGENT, version: 3 }) };
  const open = new OpenAgent({ api, id: "agt_1", executions: { load() {} } });
  await open.start();
  open.edit({ name: "Ebb" });
  version = 2;
  open.hear({ ...AGENT, version });
  await settled();
  open.edit({ name: "Ebb and flow" });
  await open.save({ name: "Ebb and flow" });
  assert.deepEqual(sent, [{ name: "Ebb and flow", version: 1 }]);
  assert.equal(open.draft.value, null);
  await open.save({ name: "Again" });
  assert.equal(sent[1].version, 3);
});

test("an execution that is open takes its events in order and asks again at its end", async () => {
  let status = "running";
  const api = { get: async (path) => (path.endsWith("/events") ? { events: [], next: 0, ended: false } : execution({ status, output: status === "completed" ? "Low water" : null })) };
  const world = { openLine: () => ({ close() {} }), setTimeout: () => 1, clearTimeout() {} };
  const open = new OpenExecution({ api, id: "exe_1", world });
  await open.start();
  open.take([event(2, "output", { text: "too early" })]);
  assert.equal(open.events.value.length, 0);
  open.take([event(1, "started", {}), event(2, "output", { text: "Low " }), event(2, "output", { text: "twice" }), event(3, "output", { text: "water" })]);
  assert.equal(open.written.value, "Low water");
  status = "completed";
  open.take([event(4, "completed", { status })]);
  assert.ok(open.isOver());
  await settled();
  assert.equal(open.execution.value.output, "Low water");
  open.receive(execution({ status: "running" }));
  assert.equal(open.execution.value.status, "completed", "an old word changes nothing");
});

test("a memory is looked at again until every document is ready", async () => {
  const answers = [[{ documentId: "d", status: "embedding" }], [{ documentId: "d", status: "ready" }]];
  const later = [];
  const memory = new Memory({ api: { get: async () => ({ documents: answers.shift() }) }, path: "/m", later: (action) => later.push(action) });
  await memory.documents.load();
  assert.equal(later.length, 1);
  later[0]();
  await settled();
  assert.equal(memory.documents.value.value[0].status, "ready");
  assert.equal(later.length, 1);
});

test("a file becomes a document when it is text of at most a megabyte", async () => {
  assert.deepEqual(await documentOf(new File(["höhe"], "tide table.md")), { title: "tide table", text: "höhe" });
  assert.deepEqual(await documentOf(new File([new Uint8Array([0xff, 0xfe, 0x41])], "a.txt")), { wrong: "kind" });
  assert.deepEqual(await documentOf(new File(["a\0b"], "a.txt")), { wrong: "kind" });
  assert.deepEqual(await documentOf(new File(["a".repeat(1_048_577)], "a.txt")), { wrong: "size" });
});

test("the changes between two versions are told field by field", () => {
  const before = { name: "A", promptTemplate: "one\ntwo", edgeLocations: ["auto"], memory: { enabled: false } };
  const after = { ...before, promptTemplate: "one\n2", memory: { enabled: true } };
  assert.deepEqual(changesOf(before, after), [
    { field: "promptTemplate", lines: [{ kind: "same", text: "one" }, { kind: "out", text: "two" }, { kind: "in", text: "2" }] },
    { field: "memory", lines: [{ kind: "out", text: "enabled: false" }, { kind: "in", text: "enabled: true" }] },
  ]);
  assert.deepEqual(changesOf(before, { ...before }), []);
});

test("a sparkline stays in its box, the newest last", () => {
  const points = pointsOf([0, 50, 100]);
  assert.deepEqual(points, [[2, 22], [50, 12], [98, 2]]);
  assert.deepEqual(pointsOf([0, 0]).map(([, y]) => y), [22, 22]);
});
