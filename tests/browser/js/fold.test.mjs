import assert from "node:assert/strict";
import { test } from "node:test";
import { Fold } from "../../../public/js/fold.js";

const folded = (chunks, base = []) => {
  const fold = new Fold(base);
  chunks.forEach((chunk) => fold.apply(chunk));
  return fold;
};

test("text grows under its own id, also when two texts are interleaved", () => {
  const { parts } = folded([
    { type: "text-start", id: "a" },
    { type: "text-start", id: "b" },
    { type: "text-delta", id: "a", delta: "one" },
    { type: "text-delta", id: "b", delta: "two" },
    { type: "text-delta", id: "a", delta: "!" },
    { type: "text-end", id: "a" },
  ]);
  assert.deepEqual(parts.map(({ text, state }) => [text, state]), [["one!", "done"], ["two", "streaming"]]);
});

test("an unchanged part stays the same object", () => {
  const fold = folded([{ type: "text-start", id: "a" }, { type: "text-end", id: "a" }]);
  const [first] = fold.parts;
  fold.apply({ type: "text-delta", id: "b", delta: "more" });
  assert.equal(fold.parts[0], first);
});

test("a tool call goes from its input to its output", () => {
  const { parts } = folded([
    { type: "tool-input-start", toolCallId: "c", toolName: "add_tasks" },
    { type: "tool-input-available", toolCallId: "c", toolName: "add_tasks", input: { titles: ["Milk"] } },
    { type: "tool-output-available", toolCallId: "c", output: { added: 1 } },
  ]);
  const expected = { type: "tool-add_tasks", toolCallId: "c", input: { titles: ["Milk"] }, state: "output-available", output: { added: 1 } };
  assert.deepEqual(parts, [expected]);
});

test("the first outcome of a tool call stands", () => {
  const { parts } = folded([
    { type: "tool-input-available", toolCallId: "c", toolName: "delete_tasks", input: {} },
    { type: "tool-output-denied", toolCallId: "c" },
    { type: "tool-output-available", toolCallId: "c", output: "late" },
  ]);
  assert.equal(parts[0].state, "output-denied");
  assert.equal(parts[0].output, undefined);
});

test("a question waits in the part of its tool call", () => {
  const { parts } = folded([
    { type: "tool-input-available", toolCallId: "c", toolName: "delete_tasks", input: {} },
    { type: "tool-approval-request", toolCallId: "c", approvalId: "p" },
  ]);
  assert.deepEqual([parts[0].state, parts[0].approval], ["approval-requested", { id: "p" }]);
});

test("data with an id is replaced, without one it is added, transient data is not kept", () => {
  const { parts } = folded([
    { type: "data-progress", id: "p", data: 1 },
    { type: "data-progress", id: "p", data: 2 },
    { type: "data-note", data: "a" },
    { type: "data-note", data: "b", transient: true },
  ]);
  assert.deepEqual(parts.map(({ data }) => data), [2, "a"]);
});

test("metadata of start, in between and of the end is put together", () => {
  const { metadata } = folded([
    { type: "start", messageId: "m", messageMetadata: { createdAt: "t" } },
    { type: "message-metadata", messageMetadata: { model: "offline" } },
    { type: "finish", messageMetadata: { outcome: "completed" } },
  ]);
  assert.deepEqual(metadata, { createdAt: "t", model: "offline", outcome: "completed" });
});

test("text that was open when the stream ended is closed", () => {
  const fold = folded([{ type: "text-delta", id: "a:b", delta: "cut" }]);
  fold.close();
  assert.equal(fold.parts[0].state, "done");
});
