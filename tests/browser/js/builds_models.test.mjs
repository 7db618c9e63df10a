import assert from "node:assert/strict";
import { test } from "node:test";
import * as plan from "../../../public/js/builds/blueprint_draft.js";
import { BuildList } from "../../../public/js/builds/build_list.js";
import { EMPTY, findings, toRequest } from "../../../public/js/builds/draft.js";
import { FileShelf } from "../../../public/js/builds/file_shelf.js";
import { treeOf } from "../../../public/js/builds/file_tree.js";
import { diffLines, hunks } from "../../../public/js/builds/line_diff.js";
import { Pieces } from "../../../public/js/builds/pieces.js";
import { firstPart, progress, shownPhases } from "../../../public/js/builds/states.js";
import { Timeline } from "../../../public/js/builds/timeline.js";

const tides = () => ({
  title: "Tides",
  description: "",
  kind: "static",
  features: [],
  phases: [{ name: "Page", description: "", files: [{ path: "index.html", purpose: "page" }, { path: "css/style.css", purpose: "" }] }],
});

const pieces = () => new Pieces((show) => show());

test("pieces of a file are joined; one that was there before changes nothing", () => {
  const growing = pieces();
  growing.take({ path: "a", offset: 0, text: "one " });
  growing.take({ path: "a", offset: 4, text: "two " });
  growing.take({ path: "a", offset: 4, text: "two " });
  growing.take({ path: "a", offset: 6, text: "o three" });
  assert.deepEqual(growing.read("a"), { text: "one two three", start: 0 });
});

test("offsets count code points, not halves of them", () => {
  const growing = pieces();
  growing.take({ path: "a", offset: 0, text: "🌊🌊" });
  growing.take({ path: "a", offset: 2, text: " sea" });
  assert.equal(growing.read("a").text, "🌊🌊 sea");
});

test("who comes in the middle is told that the beginning is missing", () => {
  const growing = pieces();
  growing.take({ path: "a", offset: 40, text: "end" });
  assert.deepEqual(growing.read("a"), { text: "end", start: 40 });
});

test("a file that is begun anew replaces what was there, and a saved one has no pieces", () => {
  const growing = pieces();
  growing.take({ path: "a", offset: 0, text: "wrong" });
  growing.take({ path: "a", offset: 0, text: "right" });
  assert.equal(growing.read("a").text, "right");
  growing.keepOnly((path) => path !== "a");
  assert.equal(growing.read("a"), null);
  assert.equal(growing.newest, null);
});

test("the difference of two texts is what was taken out and put in", () => {
  const lines = diffLines("a\nb\nc", "a\nx\nc\nd");
  assert.deepEqual(lines.map(({ kind, text }) => `${kind} ${text}`), ["same a", "out b", "in x", "same c", "in d"]);
  assert.deepEqual(diffLines("", ""), []);
});

test("long stretches without a change are folded", () => {
  const many = Array.from({ length: 30 }, (_, at) => `line ${at}`);
  const changed = many.with(29, "new");
  assert.deepEqual(hunks(diffLines(many.join("\n"), changed.join("\n")))[0], { kind: "gap", count: 26 });
});

test("texts without a common line are told as one replaced by the other, however long", () => {
  const long = (word) => Array.from({ length: 3_000 }, (_, at) => `${word} ${at}`).join("\n");
  const lines = diffLines(long("old"), long("new"));
  assert.equal(lines.filter(({ kind }) => kind === "out").length, 3_000);
});

test("files are a tree: folders first, each by name", () => {
  const rows = treeOf([{ path: "b.txt" }, { path: "a/z/deep.txt" }, { path: "a/one.txt" }]);
  assert.deepEqual(rows.map(({ path, depth }) => `${path} ${depth}`), ["a/ 0", "a/z/ 1", "a/z/deep.txt 2", "a/one.txt 1", "b.txt 0"]);
});

test("a plan is right, and each kind of wrong path is named at its place", () => {
  assert.deepEqual(plan.findings(tides()), {});
  const with_ = (path) => plan.findings(plan.changeFile(tides(), 0, 1, { path }))["0.1.path"];
  const wrong = { "": "empty", "/etc/passwd": "outside", "a/../b": "outside", "a b": "letters", ".env": "letters", "INDEX.html": "caseClash", "index.html": "twice", "a/b/c/d/e/f/g": "deep" };
  for (const [path, key] of Object.entries(wrong)) assert.equal(with_(path), key, path);
  assert.equal(plan.findings(plan.changeFile(tides(), 0, 1, { path: "index.html/x" }))["0.0.path"], "folder");
  assert.equal(plan.findings(plan.removePhase(tides(), 0)).phases, "noPhase");
});

test("steps of editing leave the plan before them as it was", () => {
  const before = tides();
  const after = plan.movePhase(plan.addFile(plan.addPhase(before, "More"), 1), 1, -1);
  assert.deepEqual(after.phases.map(({ name }) => name), ["More", "Page"]);
  assert.deepEqual(before, tides());
  assert.equal(plan.movePhase(before, 0, -1), before);
});

test("a later phase may write a file anew", () => {
  const again = plan.changeFile(plan.addPhase(tides(), "Again"), 1, 0, { path: "index.html" });
  assert.deepEqual(plan.findings(again), {});
});

test("the form asks for what was filled in, and for nothing else", () => {
  assert.deepEqual(findings(EMPTY), { query: "empty" });
  assert.deepEqual(findings({ ...EMPTY, query: "x", tokens: "many" }), { tokens: "budget" });
  assert.deepEqual(findings({ ...EMPTY, query: "x".repeat(20_001) }), { query: "long" });
  const asked = toRequest({ ...EMPTY, query: " a page ", look: false, credits: "5" });
  assert.deepEqual(asked, { query: "a page", mode: "deterministic", start: true, budget: { credits: 5 } });
});

const state = (more) => ({ status: "building", blueprint: tides(), generatedPhases: [], generatedFilesMap: {}, currentPhase: null, ...more });
const begun = (more) => ({ index: 0, ...tides().phases[0], status: "running", ...more });

test("phases are the planned ones until they begin, then those that messages added too", () => {
  assert.deepEqual(shownPhases(state()).map(({ status }) => status), ["pending"]);
  const current = begun({ files: [{ path: "index.html", purpose: "", status: "saved" }, { path: "css/style.css", purpose: "", status: "pending" }] });
  const files = { "css/style.css": { status: "writing" } };
  const shown = shownPhases(state({ generatedPhases: [current, begun({ index: 1, name: "Blue", status: "pending" })], currentPhase: current, generatedFilesMap: files }));
  assert.deepEqual(shown.map(({ name, status }) => `${name} ${status}`), ["Page running", "Blue pending"]);
  assert.deepEqual(shown[0].files.map(({ status }) => status), ["saved", "writing"]);
  assert.deepEqual(progress(shown.slice(0, 1)), { done: 1, total: 2 });
  assert.deepEqual(progress(shown), { done: 0, total: 2 }, "both are written anew by the second phase");
});

test("a phase of a build that has stopped is not shown as going on", () => {
  const stopped = shownPhases(state({ status: "cancelled", generatedPhases: [begun()] }));
  assert.equal(stopped[0].status, "stopped");
});

test("what is looked at first follows the state", () => {
  assert.equal(firstPart({ status: "waiting" }), "plan");
  assert.equal(firstPart({ status: "building" }), "files");
  assert.equal(firstPart({ status: "completed", mvpGenerated: true }), "preview");
  const stopped = { status: "failed", mvpGenerated: false, revision: null };
  assert.equal(firstPart({ ...stopped, generatedFilesMap: { a: {} } }), "files");
  assert.equal(firstPart(stopped), "plan");
});

test("a saved file is fetched once for each content, and the one before is kept for comparison", async () => {
  const texts = { one: "first", two: "second" };
  let now = "one";
  let fetched = 0;
  const shelf = new FileShelf(async (path) => (fetched++, { path, hash: now, content: texts[now] }));
  shelf.read({ path: "a", hash: "one" });
  await Promise.resolve();
  await Promise.resolve();
  assert.equal(shelf.read({ path: "a", hash: "one" }).value.content, "first");
  now = "two";
  shelf.read({ path: "a", hash: "two" });
  await Promise.resolve();
  await Promise.resolve();
  assert.equal(shelf.read({ path: "a", hash: "two" }).value.content, "second");
  assert.equal(shelf.before({ path: "a", hash: "two" }), "first");
  assert.equal(shelf.before({ path: "a", hash: "one" }), null);
  assert.equal(fetched, 2);
});

test("history is fetched page by page until it is complete, each event once", async () => {
  const all = Array.from({ length: 5 }, (_, at) => ({ number: at + 1, type: "file.saved", at: "", data: {} }));
  const api = { get: async (_, { since }) => ({ events: all.slice(Math.max(0, since - 1), since + 2) }) };
  const timeline = new Timeline({ api, path: "/events" });
  await Promise.all([timeline.reach(3), timeline.reach(5)]);
  assert.deepEqual(timeline.events.value.map(({ number }) => number), [1, 2, 3, 4, 5]);
});

test("the list shows a build that is looked at as it is now, and narrows by words and state", async () => {
  const summary = { id: "bld_1", title: "Tides", query: "", status: "building", mode: "deterministic", createdAt: "", updatedAt: "", files: 0 };
  const list = new BuildList({ get: async () => ({ builds: [summary], cursor: null }) });
  await list.load();
  list.receive({ ...summary, sessionId: "bld_1", status: "completed", generatedFilesMap: { a: { status: "saved" } } });
  assert.deepEqual(list.shown.value.map(({ status, files }) => [status, files]), [["completed", 1]]);
  list.narrow({ status: "failed" });
  assert.deepEqual(list.shown.value, []);
  list.narrow({ status: "", q: "tid" });
  assert.equal(list.shown.value.length, 1);
});
