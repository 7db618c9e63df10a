import assert from "node:assert/strict";
import { test } from "node:test";
import { FRAME, TRIGGER } from "../../../public/js/wire.js";
import { answer, assistant, MemoryStorage, openSession, session, settled, spoken, user } from "./world.mjs";

test("a message is shown at once and sent with an id of its own", async () => {
  const { chat, line } = await openSession();
  chat.send("Add task: Buy milk");
  assert.deepEqual(spoken(chat), ["user: Add task: Buy milk"]);
  const [request] = line.requests;
  assert.equal(request.trigger, TRIGGER.submit);
  assert.equal(request.messages[0].id, chat.transcript.messages.value[0].id);
});

test("an answer grows with its chunks and ends with what it took", async () => {
  const { chat, line, paint } = await openSession();
  chat.send("hello");
  const { id } = line.requests[0];
  for (const chunk of answer("a1", "Good ", "morning")) line.chunk(id, chunk);
  paint();
  assert.deepEqual(spoken(chat), ["user: hello", "assistant: Good morning"]);
  assert.ok(chat.transcript.get("a1").streaming.value);
  line.done(id);
  assert.ok(!chat.transcript.get("a1").streaming.value);
  assert.equal(chat.transcript.get("a1").metadata.value.outcome, "completed");
  assert.equal(chat.turns.current.value, null);
});

test("chunks of one frame are shown together", async () => {
  const { chat, line, paint } = await openSession();
  chat.send("hello");
  const { id } = line.requests[0];
  const chunks = answer("a1", "one ", "two ");
  for (const chunk of chunks.slice(0, 4)) line.chunk(id, chunk);
  assert.deepEqual(chat.transcript.get("a1").parts.value, []);
  paint();
  assert.equal(chat.transcript.get("a1").text, "one two ");
});

test("a message written while offline is sent once after the connection is back", async () => {
  const { chat, line, server } = await openSession();
  line.cut();
  chat.send("while away");
  assert.equal(line.requests.length, 0);
  await line.open();
  assert.equal(line.requests.length, 0, "nothing is sent before the handshake is answered");
  line.say(FRAME.streamResumeNone, { reason: "idle" });
  assert.equal(line.requests.length, 1);
  line.cut();
  server.messages = [user(line.requests[0].messages[0].id, "while away"), assistant("a1", "ok")];
  await line.open();
  line.say(FRAME.streamResumeNone, { reason: "idle" });
  assert.equal(line.requests.length, 1, "the server has it: it is not sent again");
  assert.deepEqual(spoken(chat), ["user: while away", "assistant: ok"]);
});

test("a message that the server never saw is sent again under the same ids", async () => {
  const { chat, line } = await openSession();
  chat.send("lost on the way");
  line.cut();
  await line.open();
  line.say(FRAME.streamResumeNone, { reason: "idle" });
  const [first, second] = line.requests;
  assert.equal(first.id, second.id);
  assert.deepEqual(first.messages, second.messages);
  assert.deepEqual(spoken(chat), ["user: lost on the way"]);
});

test("a message that was not sent survives a reload of the page", async () => {
  const storage = new MemoryStorage();
  const before = session({ storage });
  before.chat.send("written in a tunnel");
  before.chat.close();
  const after = session({ storage });
  assert.deepEqual(spoken(after.chat), ["user: written in a tunnel"]);
  await after.line.open();
  after.line.say(FRAME.streamResumeNone, { reason: "idle" });
  assert.equal(after.line.requests.length, 1);
});

test("a stream that was cut is replayed without a word lost or twice", async () => {
  const { chat, line, paint, server } = await openSession();
  chat.send("hello");
  const { id, messages } = line.requests[0];
  server.messages = messages;
  const chunks = answer("a1", "one ", "two ", "three");
  for (const chunk of chunks.slice(0, 4)) line.chunk(id, chunk);
  paint();
  line.cut();
  await line.open();
  line.say(FRAME.streamResuming, { id });
  await settled();
  assert.deepEqual(line.sent.at(-1), { type: FRAME.streamResumeAck, id });
  for (const chunk of chunks.slice(0, 4)) line.chunk(id, chunk, { replay: true });
  assert.equal(chat.transcript.get("a1").text, "one two ", "the replay is not shown piece by piece");
  line.say(FRAME.chatResponse, { id, body: "", done: false, replay: true, replayComplete: true });
  for (const chunk of chunks.slice(4)) line.chunk(id, chunk);
  line.done(id);
  assert.deepEqual(spoken(chat), ["user: hello", "assistant: one two three"]);
});

test("a reload in mid-answer picks the stream up in the right message", async () => {
  const { chat, line } = session({ messages: [user("u1", "hello")] });
  await line.open();
  line.say(FRAME.streamResuming, { id: "r1" });
  await settled();
  for (const chunk of answer("a1", "all ", "of it")) line.chunk("r1", chunk, { replay: true });
  line.done("r1", { replay: true });
  assert.deepEqual(spoken(chat), ["user: hello", "assistant: all of it"]);
});

test("another tab's turn is shown as it streams", async () => {
  const { chat, line, paint } = await openSession();
  line.say(FRAME.chatMessages, { messages: [user("u9", "from elsewhere")] });
  for (const chunk of answer("a9", "seen ", "here")) line.chunk("r9", chunk);
  paint();
  line.done("r9");
  assert.deepEqual(spoken(chat), ["user: from elsewhere", "assistant: seen here"]);
});

test("a transcript that arrives in mid-answer does not take the answer away", async () => {
  const { chat, line, paint } = await openSession();
  chat.send("first");
  const { id, messages } = line.requests[0];
  const chunks = answer("a1", "begun");
  for (const chunk of chunks.slice(0, 3)) line.chunk(id, chunk);
  paint();
  line.say(FRAME.chatMessages, { messages: [messages[0], user("u2", "second, from another tab")] });
  assert.deepEqual(spoken(chat), ["user: first", "assistant: begun", "user: second, from another tab"]);
});

test("a continuation adds to the answer before it, also when it is replayed", async () => {
  const { chat, line } = await openSession({ messages: [user("u1", "clear"), assistant("a1", "May I?")] });
  const more = { continuation: true };
  const chunks = answer(undefined, "Done.");
  for (const chunk of chunks) line.chunk("r2", chunk, more);
  line.cut();
  await line.open();
  line.say(FRAME.streamResuming, { id: "r2" });
  await settled();
  for (const chunk of chunks) line.chunk("r2", chunk, { ...more, replay: true });
  line.done("r2", { ...more, replay: true });
  assert.deepEqual(spoken(chat), ["user: clear", "assistant: May I?\n\nDone."]);
});

test("stop cancels the running turn on the server, once", async () => {
  const { chat, line } = await openSession();
  chat.send("hello");
  chat.stop();
  chat.stop();
  const cancels = line.sent.filter(({ type }) => type === FRAME.chatCancel);
  assert.deepEqual(cancels, [{ type: FRAME.chatCancel, id: line.requests[0].id }]);
});

test("answering again replaces the last answer", async () => {
  const { chat, line } = await openSession({ messages: [user("u1", "hello"), assistant("a1", "hm")] });
  chat.regenerate();
  const [request] = line.requests;
  assert.equal(request.trigger, TRIGGER.regenerate);
  assert.deepEqual(request.messages.map(({ id }) => id), ["u1"]);
  for (const chunk of answer("a2", "better")) line.chunk(request.id, chunk);
  line.done(request.id);
  assert.deepEqual(spoken(chat), ["user: hello", "assistant: better"]);
});

test("an edited message keeps its id and drops what came after it", async () => {
  const messages = [user("u1", "helo"), assistant("a1", "?"), user("u2", "I meant hello"), assistant("a2", "Ah.")];
  const { chat, line } = await openSession({ messages });
  chat.edit("u1", "hello");
  assert.deepEqual(spoken(chat), ["user: hello"]);
  assert.equal(line.requests[0].messages[0].id, "u1");
});

test("a request that the server refuses can be sent again", async () => {
  const { chat, line } = await openSession();
  chat.send("one too many");
  const refusal = { error: true, body: "Too much is waiting.", done: true, code: "queue_full", retryable: true };
  line.say(FRAME.chatResponse, { id: line.requests[0].id, ...refusal });
  await settled();
  assert.equal(chat.turns.failure.value.text, "Too much is waiting.");
  assert.equal(chat.transcript.messages.value[0].delivery.value, "failed");
  chat.regenerate();
  assert.equal(line.requests[1].trigger, TRIGGER.submit);
  assert.equal(line.requests[1].messages[0].id, line.requests[0].messages[0].id);
});

test("a turn that failed says why and offers to try again", async () => {
  const { chat, line } = await openSession();
  chat.send("hello");
  const { id } = line.requests[0];
  line.chunk(id, { type: "start", messageId: "a1" });
  line.say(FRAME.chatResponse, { id, error: true, done: true, body: "The model did not answer.", nextStep: "Try again." });
  assert.equal(chat.turns.failure.value.text, "The model did not answer.");
  assert.equal(chat.turns.current.value, null);
  chat.regenerate();
  assert.equal(chat.turns.failure.value, null);
});

test("an approval comes from the state, is answered once, and is gone when the server says so", async () => {
  const part = { type: "tool-delete_tasks", toolCallId: "c1", input: {}, state: "approval-requested", approval: { id: "p" } };
  const asked = { id: "a1", role: "assistant", parts: [part] };
  const { chat, line } = await openSession({ messages: [user("u1", "clear"), asked] });
  assert.deepEqual(chat.approvals.value.map(({ toolCallId }) => toolCallId), ["c1"]);
  chat.approve("c1", true);
  chat.approve("c1", false);
  const answers = line.sent.filter(({ type }) => type === FRAME.toolApproval);
  assert.deepEqual(answers, [{ type: FRAME.toolApproval, toolCallId: "c1", approved: true, autoContinue: true }]);
  line.say(FRAME.messageUpdated, { message: { ...asked, parts: [{ ...part, state: "approval-responded" }] } });
  assert.deepEqual(chat.approvals.value, []);
});

test("older pages go in front and stay when the newest transcript arrives", async () => {
  const pages = [{ messages: [user("u0", "long ago")], before: null }];
  const { chat, line } = await openSession({ pages, messages: [user("u1", "today")] });
  await chat.older();
  line.say(FRAME.chatMessages, { messages: [user("u1", "today"), assistant("a1", "yes")] });
  assert.deepEqual(spoken(chat), ["user: long ago", "user: today", "assistant: yes"]);
  assert.equal(chat.transcript.before.value, null);
});

test("what ran before a lost connection and is over is no longer shown as running", async () => {
  const { chat, line, server } = await openSession();
  chat.send("hello");
  const { id, messages } = line.requests[0];
  for (const chunk of answer("a1", "half").slice(0, 3)) line.chunk(id, chunk);
  line.cut();
  server.messages = [messages[0], assistant("a1", "half and the rest")];
  await line.open();
  line.say(FRAME.streamResumeNone, { reason: "idle" });
  assert.equal(chat.turns.current.value, null);
  await settled();
  assert.deepEqual(spoken(chat), ["user: hello", "assistant: half and the rest"]);
});

test("an answer that ended while we were away is never shown as half an answer that is over", async () => {
  const { chat, line, server } = await openSession();
  chat.send("hello");
  const { id, messages } = line.requests[0];
  for (const chunk of answer("a1", "half").slice(0, 3)) line.chunk(id, chunk);
  line.cut();
  server.messages = [messages[0], { ...assistant("a1", "half and the rest"), metadata: { outcome: "completed" } }];
  await line.open();
  line.say(FRAME.streamResumeNone, { reason: "idle" });
  assert.equal(chat.transcript.get("a1").text, "half and the rest");
  assert.equal(chat.transcript.get("a1").streaming.value, false);
});

test("a notice is no message", async () => {
  const { chat, line, notices } = await openSession();
  line.say(FRAME.notice, { kind: "reminder", text: "Stretch" });
  assert.equal(notices[0].text, "Stretch");
  assert.deepEqual(spoken(chat), []);
});

test("frames of a newer server are ignored", async () => {
  const { chat, line } = await openSession();
  line.say("littoral.something_new", {});
  line.chunk("r1", { type: "start", messageId: "a1" });
  line.chunk("r1", { type: "something-new" });
  line.done("r1");
  assert.equal(chat.transcript.get("a1").streaming.value, false);
});
