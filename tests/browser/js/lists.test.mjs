import assert from "node:assert/strict";
import { test } from "node:test";
import { Api, ApiError } from "../../../public/js/api.js";
import { ageGroup, daysFromToday, isOverdue } from "../../../public/js/dates.js";
import { parse } from "../../../public/js/router.js";
import { Sessions } from "../../../public/js/sessions.js";
import { Tasks } from "../../../public/js/tasks.js";
import { Toasts } from "../../../public/js/toasts.js";

const reply = (status, body, headers = {}) => new Response(body === null ? null : JSON.stringify(body), { status, headers });

/** A server that answers `METHOD /path` from a table and notes what it was asked. */
function serve(table) {
  const asked = [];
  const api = new Api(async (path, { method, body }) => {
    const key = `${method} ${path.split("?")[0]}`;
    asked.push([key, body && JSON.parse(body)]);
    const answer = table[key];
    return typeof answer === "function" ? answer(body && JSON.parse(body)) : reply(200, answer);
  });
  return { api, asked };
}

test("a problem becomes an error that a person can read, with its next step", async () => {
  const problem = { detail: "There is no such session.", code: "not_found", nextStep: "Check the id.", retryable: false };
  const { api } = serve({ "GET /x": () => reply(404, problem) });
  await assert.rejects(api.get("/x"), (error) => {
    assert.ok(error instanceof ApiError);
    assert.deepEqual([error.message, error.nextStep, error.status], ["There is no such session.", "Check the id.", 404]);
    return true;
  });
});

test("an answer that is no problem document still says what to do", async () => {
  const { api } = serve({ "GET /x": () => new Response("<html>", { status: 502 }) });
  await assert.rejects(api.get("/x"), ({ status, retryable, nextStep }) => status === 502 && retryable && nextStep !== "");
});

test("a server out of reach is said so", async () => {
  const api = new Api(async () => {
    throw new TypeError("fetch failed");
  });
  await assert.rejects(api.get("/x"), ({ code, retryable }) => code === "unreachable" && retryable);
});

test("a busy server says how long to wait", async () => {
  const { api } = serve({ "GET /x": () => reply(429, { detail: "Too many." }, { "retry-after": "3" }) });
  await assert.rejects(api.get("/x"), ({ nextStep }) => nextStep.includes("3 seconds"));
});

test("a task shows at once and is taken back when the server refuses it", async () => {
  const { api } = serve({ "POST /api/sessions/s/tasks": () => reply(422, { detail: "Too long." }) });
  const tasks = new Tasks(api, "s");
  tasks.receive([]);
  const added = tasks.add({ title: "Milk" });
  assert.equal(tasks.list.value[0].title, "Milk");
  await assert.rejects(added);
  assert.deepEqual(tasks.list.value, []);
});

test("open tasks come by urgency: priority, then due date, then age", () => {
  const tasks = new Tasks(null, "s");
  const task = (id, priority, dueAt) => ({ id, title: `${id}`, status: "pending", priority, dueAt });
  tasks.receive([task(1, "low", null), task(2, "normal", null), task(3, "normal", "2030-01-01T00:00:00Z"), task(4, "high", null)]);
  assert.deepEqual(tasks.shown.value.map(({ id }) => id), [4, 3, 2, 1]);
});

test("a deleted session leaves the list at once and the server only when it is confirmed", async () => {
  const session = { id: "a", title: "A", updatedAt: "2030-01-01T00:00:00Z" };
  const { api, asked } = serve({ "GET /api/sessions": { sessions: [session], cursor: null }, "DELETE /api/sessions/a": () => reply(204, null) });
  const sessions = new Sessions(api);
  await sessions.load();
  sessions.hide("a");
  assert.deepEqual(sessions.list.value, []);
  await sessions.load();
  assert.deepEqual(sessions.list.value, [], "not even a fresh list brings it back");
  assert.ok(!asked.some(([call]) => call.startsWith("DELETE")));
  sessions.restore("a");
  assert.deepEqual(sessions.list.value, [session]);
  sessions.hide("a");
  await sessions.confirmDelete("a");
  assert.ok(asked.some(([call]) => call === "DELETE /api/sessions/a"));
});

test("a note whose action was chosen does not do what it does when it leaves", () => {
  const toasts = new Toasts();
  const done = [];
  const note = { text: "gone", shownMs: 0, action: { label: "Undo", run: () => done.push("undo") }, onGone: () => done.push("gone") };
  toasts.act(toasts.show(note));
  toasts.dismiss(toasts.show(note));
  assert.deepEqual(done, ["undo", "gone"]);
});

test("addresses become screens, strange ones a screen that says so", () => {
  assert.deepEqual(parse("#/s/abc-1_2"), { name: "chat", place: "chat", id: "abc-1_2", sessionId: "abc-1_2" });
  assert.deepEqual(parse("#/runs/run_1"), { name: "run", place: "runs", id: "run_1", sessionId: null });
  assert.deepEqual(parse("#/runs"), { name: "runs", place: "runs", id: null, sessionId: null });
  assert.equal(parse("#/terminal/box_1").place, "runs");
  assert.equal(parse("#/account").name, "account");
  assert.equal(parse("").name, "new");
  assert.equal(parse("#/s/../../api").name, "missing");
  assert.equal(parse("#/nowhere").name, "missing");
});

test("days are counted by the calendar, not by 24 hours", () => {
  const now = new Date(2030, 4, 10, 23, 30);
  const iso = (...when) => new Date(...when).toISOString();
  assert.equal(daysFromToday(iso(2030, 4, 11, 0, 30), now), 1);
  assert.equal(ageGroup(iso(2030, 4, 9, 23, 59), now), "yesterday");
  assert.ok(isOverdue({ dueAt: iso(2030, 4, 9), dueHasTime: false, status: "pending" }, now));
  assert.ok(!isOverdue({ dueAt: iso(2030, 4, 10), dueHasTime: false, status: "pending" }, now));
  assert.ok(!isOverdue({ dueAt: iso(2030, 4, 9), dueHasTime: true, status: "completed" }, now));
});
