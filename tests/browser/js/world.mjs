// Small real stand-ins for what a session is handed: a connection that a test opens, cuts and speaks
// through, a clock that moves when told, a storage. Nothing of the code under test is replaced.
import { Chat } from "../../../public/js/chat.js";
import { signal } from "../../../public/js/reactive.js";
import { LINK } from "../../../public/js/socket.js";
import { CHUNK, FRAME } from "../../../public/js/wire.js";

export class MemoryStorage {
  values = new Map();
  getItem = (key) => this.values.get(key) ?? null;
  setItem = (key, value) => this.values.set(key, value);
  removeItem = (key) => this.values.delete(key);
}

/** What AgentSocket is to a session, with the server's side in the test's hands. */
export class Line {
  constructor({ onFrame, onOpen }) {
    Object.assign(this, { onFrame, onOpen, sent: [], status: signal(LINK.closed) });
  }

  connect() {
    this.status.value = LINK.connecting;
  }

  send(frame) {
    if (this.status.peek() !== LINK.open) return false;
    this.sent.push(structuredClone(frame));
    return true;
  }

  close() {
    this.status.value = LINK.closed;
  }

  async open() {
    this.status.value = LINK.open;
    this.onOpen();
    await settled();
  }

  cut() {
    this.status.value = LINK.waiting;
  }

  say(type, values = {}) {
    this.onFrame({ type, ...values });
  }

  chunk(id, chunk, more = {}) {
    this.say(FRAME.chatResponse, { id, body: JSON.stringify(chunk), done: false, ...more });
  }

  done(id, more = {}) {
    this.say(FRAME.chatResponse, { id, body: "", done: true, ...more });
  }

  /** The requests of chat turns that were sent, with their bodies read. */
  get requests() {
    const frames = this.sent.filter(({ type }) => type === FRAME.chatRequest);
    return frames.map(({ id, init }) => ({ ...JSON.parse(init.body), id }));
  }
}

/** Lets every promise that is ready run. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));

export function session({ pages = [], messages = [], storage = new MemoryStorage() } = {}) {
  const ids = counter();
  const frames = [];
  const server = { messages, asked: 0 };
  const history = async (before) => {
    server.asked += 1;
    return before ? pages[Number(before)] : { messages: server.messages, before: pages.length ? "0" : null };
  };
  let line;
  const notices = [];
  const chat = new Chat({
    sessionId: "s1",
    openSocket: (handlers) => (line = new Line(handlers)),
    history,
    storage,
    newId: () => `id-${ids()}`,
    schedule: (callback) => frames.push(callback),
    onState: () => {},
    onNotice: (notice) => notices.push(notice),
  });
  chat.start();
  const paint = () => frames.splice(0).forEach((callback) => callback());
  return { chat, line, server, paint, notices, storage };
}

/** A session whose history is loaded and whose line is open, with nothing running. */
export async function openSession(options = {}) {
  const world = session(options);
  await world.line.open();
  world.line.say(FRAME.streamResumeNone, { reason: "idle" });
  return world;
}

/** The chunks of a plain answer. */
export function answer(messageId, ...words) {
  return [
    { type: CHUNK.start, messageId },
    { type: CHUNK.textStart, id: "t" },
    ...words.map((delta) => ({ type: CHUNK.textDelta, id: "t", delta })),
    { type: CHUNK.textEnd, id: "t" },
    { type: CHUNK.finish, messageMetadata: { outcome: "completed" } },
  ];
}

export const user = (id, text) => ({ id, role: "user", parts: [{ type: "text", text }] });
export const assistant = (id, text) => ({ id, role: "assistant", parts: [{ type: "text", text }] });

export const spoken = (chat) => chat.transcript.messages.value.map((message) => `${message.role}: ${message.text}`);

function counter() {
  let last = 0;
  return () => ++last;
}
