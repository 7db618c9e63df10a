// The ordered list of messages of one session, agreed with the server's. It knows nothing of sockets:
// chat.js hands it pages of history and whole transcripts, turns.js the answers that are being streamed.
import { batch, signal } from "./reactive.js";
import { DELIVERY, Message } from "./message.js";
import { OUTCOME } from "./wire.js";

export class Transcript {
  constructor() {
    this.messages = signal([]);
    this.before = signal(null); // cursor of the next older page, null when the beginning is shown
    this.byId = new Map();
  }

  get(id) {
    return this.byId.get(id);
  }

  last(role) {
    return this.messages.peek().findLast((message) => !role || message.role === role);
  }

  /** The message with this id, created at the end of the list when it is new. */
  ensure(id, role) {
    if (!this.byId.has(id)) this.append(new Message({ id, role }));
    return this.byId.get(id);
  }

  append(message) {
    this.byId.set(message.id, message);
    this.messages.value = [...this.messages.peek(), message];
  }

  update(wire) {
    const message = this.byId.get(wire.id);
    if (message && !message.streaming.peek()) message.receive(wire);
  }

  /**
   * Agrees with the newest messages of the server. Older pages already shown stay, messages on their
   * way (being sent, being streamed) stay in their place; others that the server no longer has go.
   */
  merge(newest) {
    batch(() => {
      const old = this.messages.peek();
      const names = new Set(newest.map((wire) => wire.id));
      const firstShared = old.findIndex((message) => names.has(message.id));
      const older = firstShared > 0 && old[firstShared].id === newest[0].id ? old.slice(0, firstShared) : [];
      const next = [...older, ...newest.map((wire) => this.adopt(wire))];
      for (const [index, message] of old.entries()) {
        if (names.has(message.id) || !isUnderWay(message) || older.includes(message)) continue;
        const previous = index === 0 ? -1 : next.indexOf(old[index - 1]);
        next.splice(previous < 0 ? next.length : previous + 1, 0, message);
      }
      this.replace(next);
    });
  }

  /** Puts a page of older messages in front. */
  prepend(older, before) {
    batch(() => {
      const fresh = older.filter((wire) => !this.byId.has(wire.id));
      this.replace([...fresh.map((wire) => this.adopt(wire)), ...this.messages.peek()]);
      this.before.value = before;
    });
  }

  /** Removes this message and everything after it; returns what was removed. */
  cutFrom(id) {
    const index = this.messages.peek().findIndex((message) => message.id === id);
    if (index < 0) return [];
    const cut = this.messages.peek().slice(index);
    this.replace(this.messages.peek().slice(0, index));
    return cut;
  }

  remove(id) {
    this.replace(this.messages.peek().filter((message) => message.id !== id));
  }

  clear() {
    this.replace([]);
    this.before.value = null;
  }

  adopt(wire) {
    const known = this.byId.get(wire.id);
    if (!known) return new Message(wire);
    const streaming = known.streaming.peek();
    if (!isUnderWay(known) || (streaming ? isFinal(wire) : sameWords(known, wire))) known.receive(wire);
    return known;
  }

  replace(messages) {
    const old = this.messages.peek();
    this.byId = new Map(messages.map((message) => [message.id, message]));
    const same = old.length === messages.length && old.every((message, index) => message === messages[index]);
    if (!same) this.messages.value = messages;
  }
}

function isUnderWay(message) {
  return message.streaming.peek() || message.delivery.peek() !== DELIVERY.sent;
}

const FINAL = new Set([OUTCOME.completed, OUTCOME.failed, OUTCOME.cancelled, OUTCOME.interrupted]);

/** Whether the server's version is the end of the answer, whatever was streamed here so far. */
export function isFinal({ metadata }) {
  return FINAL.has(metadata?.outcome);
}

/** Whether the server has this message as it was sent, and not as it was before an edit. */
function sameWords(message, { parts }) {
  const texts = (list) => JSON.stringify(list.map((part) => part.text));
  return texts(message.parts.peek()) === texts(parts);
}
