import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { chartOf, fitting, placeOf, roundTop, strokes, treeOf } from "../../../public/js/operations/figures.js";

const point = (atMs, more = {}) => ({ atMs, perSecond: 1, failed: 0, p50Ms: 5, p95Ms: null, p99Ms: null, ...more });
const series = (...lines) => ({ stepMs: 60_000, lines: lines.map(([name, ...points]) => ({ name, points })) });

test("a chart of times has a line for each percentile of everything, broken where nothing was measured", () => {
  const chart = chartOf("times", series(["", point(0), point(60_000, { p50Ms: 90 }), point(120_000, { p50Ms: null })]), series());
  assert.deepEqual(chart.lines.map(({ name }) => name), ["p50Ms", "p95Ms", "p99Ms"]);
  assert.deepEqual(chart.lines[0].values, [5, 90, null]);
  assert.deepEqual(chart.most, { value: 90, atMs: 60_000 });
  assert.equal(chart.top, 100);
  assert.equal(strokes([5, null, 10, 20], 20), "M0.0 75.00h.01M666.7 50.00L1000.0 0.00");
});

test("a chart of rates has a line for each part", () => {
  const parts = series(["/a", point(0, { perSecond: 3 })], ["/b", point(0)]);
  const chart = chartOf("rate", series(["", point(0)]), parts);
  assert.deepEqual(chart.lines, [{ name: "/a", values: [3] }, { name: "/b", values: [1] }]);
  assert.equal(chartOf("rate", series(), parts), null);
});

test("the top of a scale is a round number that nothing exceeds", () => {
  for (const [value, top] of [[0, 1], [0.03, 0.05], [7, 10], [1_001, 2_000], [250, 250]]) assert.equal(roundTop(value), top);
});

test("a trace is a tree, and a span whose parent is not there begins one", () => {
  const span = (spanId, parentId, begunMs = 0, durationMs = 1) => ({ spanId, parentId, begunMs, durationMs });
  const rows = treeOf([span("a", "gone"), span("b", "a"), span("c", "b"), span("d", "a"), span("e", "e"), span("f", "g"), span("g", "f")]);
  assert.deepEqual(rows.map(({ part, depth }) => [part.spanId, depth]), [["a", 0], ["b", 1], ["c", 2], ["d", 1], ["e", 0], ["f", 0], ["g", 0]]);
});

test("a bar lies where its span lies and is never outside", () => {
  const trace = { begunMs: 1_000, durationMs: 200 };
  assert.deepEqual(placeOf({ begunMs: 1_050, durationMs: 100 }, trace), { left: 0.25, width: 0.5 });
  assert.deepEqual(placeOf({ begunMs: 900, durationMs: 9_000 }, trace), { left: 0, width: 1 });
  assert.deepEqual(placeOf({ begunMs: 1_100, durationMs: 0 }, { begunMs: 1_100, durationMs: 0 }), { left: 0, width: 0.004 });
});

test("lines of the log are found by all words, wherever they stand", () => {
  const lines = [{ route: "/api/chat", status: 503 }, { route: "/api/chat", status: 200 }];
  assert.deepEqual(fitting(lines, " CHAT 503 "), [lines[0]]);
  assert.equal(fitting(lines, "").length, 2);
});

test("no module of the operations is found later than in the third round of fetching", () => {
  const folder = new URL("../../../public/js/operations/", import.meta.url);
  const rounds = new Map([["screen.js", 1]]);
  for (const [name, round] of rounds) {
    const source = readFileSync(new URL(name, folder), "utf8");
    for (const [, found] of source.matchAll(/(?:from|import) "\.\/([\w.]+)"/g)) if (!rounds.has(found)) rounds.set(found, round + 1);
  }
  assert.ok(rounds.size > 15);
  assert.deepEqual([...rounds].filter(([, round]) => round > 3), []);
});
