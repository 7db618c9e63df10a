import assert from "node:assert/strict";
import { test } from "node:test";
import { causalOrder } from "../../../public/js/mesh/causal_order.js";
import { EventList } from "../../../public/js/mesh/event_list.js";
import { Listing } from "../../../public/js/mesh/listing.js";
import { Live } from "../../../public/js/mesh/live.js";
import { OpenTask } from "../../../public/js/mesh/open_task.js";
import { Replay } from "../../../public/js/mesh/replay.js";
import { fateOf, messagesIn, sequenceOf, windowOf } from "../../../public/js/mesh/sequence.js";
import { Starter } from "../../../public/js/mesh/starter.js";
import * as start from "../../../public/js/mesh/start_draft.js";
import { changesBetween } from "../../../public/js/mesh/state_diff.js";
import { agentState, tally, tone } from "../../../public/js/mesh/states.js";
import * as watch from "../../../public/js/mesh/watch_draft.js";
import { signal } from "../../../public/js/reactive.js";
import { LINK } from "../../../public/js/socket.js";
import { settled } from "./world.mjs";

const event = (position, more = {}) => ({ position, agent: "worker-1", number: position, type: "part.started", at: "2030-01-01T00:00:00Z", body: {}, correlationId: "cor_1", ...more });
const events = (from, to, more) => Array.from({ length: to - from + 1 }, (_, index) => event(from + index, more));
const positions = (list) => list.events.value.map(({ position }) => position);

/** The route of events over `all`, as the server answers: the newest ones, those before, those since. */
function eventsApi(all) {
  const asked = [];
  const get = async (path, { since, before, limit, ...named }) => {
    asked.push({ since, before, ...named });
    const found = all.filter((each) => each.position > (since ?? 0) && each.position < (before ?? Infinity) && Object.entries(named).every(([name, value]) => each[name] === value));
    const events = since === undefined ? found.slice(-limit) : found.slice(0, limit);
    const last = all.at(-1)?.position ?? 0;
    return { events, last, next: since !== undefined && found.length > limit ? events.at(-1).position : last };
  };
  return { get, asked };
}

test("a log shows the newest events and goes back from there", async () => {
  const list = new EventList(eventsApi(events(1, 450)));
  await list.load();
  assert.deepEqual([positions(list)[0], positions(list).at(-1), list.older.value], [251, 450, true]);
  await list.more();
  await list.more();
  assert.deepEqual([positions(list)[0], list.events.value.length, list.older.value], [1, 450, false]);
});

test("events that come live are there once, in order, and only those that the filter lets through", async () => {
  const all = events(1, 3);
  const list = new EventList(eventsApi(all));
  await list.load();
  list.receive([event(5), event(4), event(5), event(3)]);
  assert.deepEqual(positions(list), [1, 2, 3, 4, 5]);
  all.push(event(6, { agent: "data" }));
  await list.narrow({ agent: "data" });
  list.receive([event(7), event(8, { agent: "data" })]);
  assert.deepEqual(positions(list), [6, 8]);
});

test("a log that is held still keeps what comes until it goes on", async () => {
  const list = new EventList(eventsApi(events(1, 2)));
  await list.load();
  list.hold();
  list.receive([event(3)]);
  assert.deepEqual([positions(list), list.held.value.length], [[1, 2], 1]);
  list.release();
  assert.deepEqual(positions(list), [1, 2, 3]);
});

test("after a line was down what came meanwhile is asked for", async () => {
  const all = events(1, 2);
  const list = new EventList(eventsApi(all));
  await list.load();
  all.push(...events(3, 405));
  await list.catchUp();
  assert.deepEqual(positions(list), all.map(({ position }) => position));
});

test("a log that is far behind begins anew with the newest events, without a gap", async () => {
  const all = events(1, 2);
  const api = eventsApi(all);
  const list = new EventList(api, { most: 300 });
  await list.load();
  all.push(...events(3, 5_000));
  await list.catchUp();
  assert.deepEqual([positions(list)[0], positions(list).at(-1), list.older.value, api.asked.length], [4_801, 5_000, true, 3]);
});

test("a log forgets its oldest events, a story takes no newer ones and says so", async () => {
  const log = new EventList(eventsApi(events(1, 10)), { most: 10 });
  await log.load();
  log.receive([event(11)]);
  assert.deepEqual([positions(log)[0], log.older.value], [2, true]);
  const story = new EventList(eventsApi(events(1, 500)), { whole: true, most: 300 });
  await story.load();
  assert.deepEqual([story.events.value.length, positions(story)[0], story.cut.value], [300, 1, true]);
});

test("an answer that comes after the filter was changed is dropped", async () => {
  const answers = [];
  const list = new EventList({ get: () => new Promise((resolve) => answers.push(resolve)) });
  const first = list.load();
  const second = list.narrow({ agent: "data" });
  answers[1]({ events: [event(2, { agent: "data" })] });
  answers[0]({ events: events(1, 9) });
  await Promise.all([first, second]);
  assert.deepEqual(positions(list), [2]);
});

test("many reasons to ask soon become one question, and one more while it is on its way", async () => {
  const later = [];
  let asked = 0;
  const list = new Listing(async () => ++asked, (action) => later.push(action));
  list.soon();
  assert.equal(later.length, 0); // nobody looks at it yet
  await list.load();
  for (let i = 0; i < 5; i++) list.soon();
  assert.equal(later.length, 1);
  later.pop()();
  list.load();
  list.load();
  await settled();
  await settled();
  assert.equal(asked, 3);
});

test("what a person has just changed is not undone by an answer that was on its way", async () => {
  const answers = [];
  const list = new Listing(() => new Promise((resolve) => answers.push(resolve)));
  const asked = list.load();
  answers.shift()(["a", "b"]);
  await asked;
  const again = list.load();
  list.change((known) => known.filter((each) => each !== "a"));
  answers.shift()(["a", "b"]);
  await settled();
  assert.deepEqual(list.value.value, ["b"]);
  answers.shift()(["b", "c"]);
  await again;
  await settled();
  assert.deepEqual(list.value.value, ["b", "c"]);
});

test("events of the socket are handed on together; without it HTTP is asked", async () => {
  const [later, polls, heard] = [[], [], []];
  const socket = { status: signal(LINK.closed), connect: () => {}, close: () => {} };
  const live = new Live({
    onEvents: (found) => heard.push(found),
    onAgent: (agent) => heard.push(agent),
    onNotification: (note) => heard.push(note),
    ask: async () => true,
    openSocket: () => socket,
    world: { later: (action) => later.push(action), every: (action) => polls.push(action) },
  });
  live.start();
  assert.equal(polls.length, 1);
  socket.status.value = LINK.open;
  for (let i = 1; i <= 3; i++) live.receive({ type: "mesh-event", event: event(i) });
  assert.equal(later.length, 1);
  later.pop()();
  assert.deepEqual(heard[0].map(({ position }) => position), [1, 2, 3]);
  live.receive({ type: "mesh-notification", notification: { id: "n" } });
  live.receive({ type: "cf_agent_identity" });
  live.receive({ type: "mesh-agent", agent: { name: "data" } });
  assert.deepEqual(heard.slice(1), [{ id: "n" }, { name: "data" }]);
  live.stop();
});

const say = (position, agent, type, body) => event(position, { agent, type, body });

test("messages are arrows from where they were sent to where they came to something", () => {
  const { lifelines, steps } = sequenceOf([
    say(1, "coordinator", "message.received", { id: "a", from: "user", kind: "task.start" }),
    say(2, "coordinator", "message.sent", { id: "b", to: "worker-10", kind: "part.assign" }),
    say(3, "coordinator", "message.sent", { id: "c", to: "worker-2", kind: "part.assign" }),
    say(4, "worker-10", "message.received", { id: "b", from: "coordinator", kind: "part.assign" }),
    say(5, "worker-10", "part.started", {}),
    say(6, "coordinator", "message.sent", { id: "d", to: "data", kind: "steal" }),
    say(7, "data", "message.refused", { id: "d", from: "coordinator", to: "data", kind: "steal" }),
  ]);
  assert.deepEqual(lifelines, ["user", "coordinator", "worker-2", "worker-10", "data"]);
  assert.deepEqual(steps.map(({ message }) => message && [message.from, message.to]), [
    ["user", "coordinator"], ["coordinator", "worker-10"], ["coordinator", "worker-2"], ["coordinator", "worker-10"], null, ["coordinator", "data"], ["coordinator", "data"],
  ]);
  assert.deepEqual([steps[1].arrival, steps[3].departure, steps[2].arrival], [4, 2, undefined]);
  assert.deepEqual([1, 2, 3, 6].map((number) => fateOf(steps[number - 1])), ["received", "received", "waiting", "refused"]);
  assert.equal(messagesIn(steps), 4);
});

test("a message to whoever can do it goes to the one that was found", () => {
  const { lifelines, steps } = sequenceOf([
    say(1, "coordinator", "message.sent", { id: "a", capability: "text", kind: "part.assign" }),
    say(2, "coordinator", "message.routed", { id: "a", to: "worker-3", capability: "text" }),
  ]);
  assert.equal(steps[0].message.to, "worker-3");
  assert.deepEqual(lifelines, ["coordinator", "worker-3"]);
});

test("events that the mesh heard of in another order are told in one in which they can have happened", () => {
  const at = (second) => `2030-01-01T00:00:0${second}Z`;
  const told = (position, agent, number, second, type, id) => ({ position, agent, number, at: at(second), type, body: { id } });
  const heard = [
    told(1, "worker-1", 1, 2, "message.received", "a"),
    told(2, "worker-1", 2, 2, "message.sent", "b"),
    told(3, "coordinator", 2, 1, "message.received", "b"), // its clock is behind
    told(4, "coordinator", 1, 2, "message.sent", "a"),
    told(5, "data", 1, 0, "page.changed"),
  ];
  assert.deepEqual(causalOrder(heard).map(({ position }) => position), [5, 4, 1, 2, 3]);
  const crossed = [told(1, "a", 1, 1, "message.received", "x"), told(2, "a", 2, 1, "message.sent", "x")];
  assert.deepEqual(causalOrder(crossed).map(({ position }) => position), [1, 2]);
});

test("of many steps those around the current one are drawn", () => {
  const steps = Array.from({ length: 500 });
  assert.deepEqual(windowOf(steps.slice(0, 80), 3, 80), { start: 0, end: 80 });
  assert.deepEqual(windowOf(steps, 0, 80), { start: 0, end: 80 });
  for (const current of [1, 60, 80, 81, 250, 499, 500]) {
    const { start: from, end } = windowOf(steps, current, 80);
    assert.ok(from < current && current <= end && end - from === 80, `${current}: ${from} ${end}`);
  }
});

test("what a step changed in a state is told in its smallest parts", () => {
  assert.deepEqual(changesBetween({ a: 1, b: { c: [1, 2], d: 1 } }, { a: 1, b: { c: [1, 3] }, e: null }), [
    { path: "b.c.1", before: 2, after: 3 },
    { path: "b.d", before: 1, after: undefined },
    { path: "e", before: undefined, after: null },
  ]);
  assert.deepEqual(changesBetween({ a: [1] }, { a: { 0: 1 } }), [{ path: "a", before: [1], after: { 0: 1 } }]);
});

test("a task that has ended stays so while the rows that tell of it are behind", async () => {
  const told = [{ status: "running" }, { status: "completed" }, { status: "running" }, { status: "completed", credits: 1 }];
  const open = new OpenTask({ api: { get: async () => told.shift() }, id: "mtk_1" });
  const seen = [];
  while (told.length) {
    await open.refresh();
    seen.push(open.task.value.value.status);
  }
  assert.deepEqual(seen, ["running", "completed", "completed", "completed"]);
  assert.equal(open.task.value.value.credits, 1);
});

/** A replay of three events, with a clock that moves when told. */
async function replayed() {
  const [asked, timers] = [[], []];
  const api = {
    ...eventsApi(events(1, 3)),
    post: async (path, body) => {
      asked.push(`${path.split("/")[4]} ${body.upTo ?? "all"}`);
      return { state: { upTo: body.upTo }, equal: true };
    },
  };
  const world = { later: (action) => timers.push(action) && action, stop: (timer) => timers.includes(timer) && timers.splice(timers.indexOf(timer), 1) };
  const replay = new Replay({ api, filter: { agent: "worker-1" }, world });
  await replay.load();
  const tick = async () => {
    timers.shift()?.();
    await settled();
  };
  return { replay, asked, tick, timers };
}

test("a replay shows the state after each step, folded once, and proves the whole", async () => {
  const { replay, asked, tick } = await replayed();
  assert.deepEqual(replay.proofs.value["worker-1"].proof.equal, true);
  await tick();
  assert.deepEqual(replay.folded.value, { agent: "worker-1", number: 1, state: { upTo: 1 }, before: { upTo: 0 } });
  replay.step(2);
  await tick();
  assert.deepEqual([replay.folded.value.state, replay.folded.value.before], [{ upTo: 2 }, { upTo: 1 }]);
  replay.step(1);
  await tick();
  assert.deepEqual(asked, ["worker-1 all", "worker-1 1", "worker-1 0", "worker-1 2"]);
  replay.step(99);
  assert.equal(replay.at.value, 3);
  replay.step(-1);
  assert.deepEqual([replay.at.value, replay.folded.value], [0, null]);
});

test("playing goes from step to step and stops at the end; a person's step stops it", async () => {
  const { replay, tick, timers } = await replayed();
  replay.step(3);
  replay.play();
  assert.equal(replay.at.value, 0);
  while (timers.length) await tick();
  assert.deepEqual([replay.at.value, replay.playing.value], [3, false]);
  replay.play();
  replay.step(2);
  assert.equal(replay.playing.value, false);
});

test("a task is asked for with what was filled in, and what is wrong is told at its field", () => {
  const draft = { ...start.EMPTY, goal: " Count ", items: "a\n\n b ", work: "text", deadline: "1.5", retries: "0" };
  assert.deepEqual(start.findings(draft), {});
  assert.deepEqual(start.toRequest(draft), { goal: "Count", items: ["a", "b"], work: "text", deadlineSeconds: 90, retries: 0 });
  assert.deepEqual(start.toRequest({ ...start.EMPTY, goal: "Plan" }), { goal: "Plan" });
  const wrong = (values) => start.findings({ ...start.EMPTY, goal: "x", ...values });
  assert.deepEqual(wrong({ goal: " " }), { goal: "goal" });
  assert.deepEqual(wrong({ work: "fetch" }), { items: "items" });
  assert.deepEqual(wrong({ work: "fetch", items: "ftp://a" }), { items: "address" });
  assert.deepEqual(wrong({ items: "a\n".repeat(1_001) }), { items: "many" });
  assert.deepEqual(wrong({ deadline: "0", parallel: "1.5", retries: "9" }), { deadline: "deadline", parallel: "parallel", retries: "retries" });
});

test("starting a task again after a lost answer uses the same key; another task has another", async () => {
  const keys = [];
  let lost = true;
  const post = async (_path, _body, headers) => {
    keys.push(headers["idempotency-key"]);
    if (lost) throw new Error("lost");
    return { taskId: "mtk_1" };
  };
  let ids = 0;
  const starter = new Starter({ api: { post }, newId: () => `key-${++ids}` });
  starter.change({ goal: "One" });
  await assert.rejects(starter.start());
  lost = false;
  assert.equal(await starter.start(), "mtk_1");
  starter.change({ goal: "Two" });
  await starter.start();
  assert.deepEqual(keys, ["key-1", "key-1", "key-2"]);
  assert.equal(starter.draft.value.goal, "");
});

test("a watch is asked for in seconds and read back in the largest unit that fits", () => {
  const draft = { ...watch.EMPTY, url: " https://example.com/a ", every: "1.5", unit: "minutes" };
  assert.deepEqual(watch.toRequest(draft), { url: "https://example.com/a", everySeconds: 90 });
  assert.deepEqual(watch.findings({ ...draft, url: "example.com", every: "-1" }), { url: "url", every: "every" });
  for (const [everySeconds, every, unit] of [[7_200, "2", "hours"], [300, "5", "minutes"], [90, "90", "seconds"]]) {
    const read = watch.draftOf({ url: "https://a.b", everySeconds });
    assert.deepEqual([read.every, read.unit, watch.toChange(read).everySeconds], [every, unit, everySeconds]);
  }
});

test("parts are counted from a list or from counts, and an agent is what its lease says", () => {
  const parts = ["completed", "failed", "running", "waiting", "cancelled"].map((status) => ({ status }));
  const counted = { done: 1, failed: 1, over: 1, going: 1, waiting: 1, all: 5 };
  assert.deepEqual(tally({ parts }), counted);
  assert.deepEqual(tally({ counts: { completed: 1, failed: 1, running: 1, waiting: 1, cancelled: 1 } }), counted);
  const [leaseUntil, later] = ["2030-01-01T00:00:00Z", Date.parse("2030-01-01T00:00:01Z")];
  assert.equal(agentState({ status: "active", leaseUntil }, later - 2_000), "active");
  assert.equal(agentState({ status: "active", leaseUntil }, later), "idle");
  assert.equal(agentState({ status: "active", leaseUntil, inbox: 1 }, later), "silent");
  assert.equal(agentState({ status: "new", leaseUntil: null }, later), "new");
  assert.deepEqual([tone("half_open"), tone("open"), tone("unheard")], ["ask", "bad", "still"]);
});
