// One message of the conversation: identity, role, parts and how far its delivery is. No DOM.
import { signal } from "./reactive.js";

export const DELIVERY = Object.freeze({ waiting: "waiting", sending: "sending", sent: "sent", failed: "failed" });

export class Message {
  constructor({ id, role, parts = [], metadata = {} }, delivery = DELIVERY.sent) {
    this.id = id;
    this.role = role;
    this.parts = signal(parts);
    this.metadata = signal(metadata ?? {});
    this.streaming = signal(false);
    this.delivery = signal(delivery);
  }

  /** Takes the server's version. Parts that did not change stay the same objects. */
  receive({ parts, metadata }) {
    const old = this.parts.peek();
    const next = parts.map((part, index) => (sameJson(old[index], part) ? old[index] : part));
    if (next.length !== old.length || next.some((part, index) => part !== old[index])) this.parts.value = next;
    if (!sameJson(this.metadata.peek(), metadata ?? {})) this.metadata.value = metadata ?? {};
    this.delivery.value = DELIVERY.sent;
  }

  /** The words of the message, without tool calls and reasoning. */
  get text() {
    const texts = this.parts.value.filter((part) => part.type === "text").map((part) => part.text);
    return texts.join("\n\n");
  }

  toWire() {
    return { id: this.id, role: this.role, parts: this.parts.peek(), metadata: this.metadata.peek() };
  }
}

export function userMessage(id, text, createdAt) {
  return new Message(
    { id, role: "user", parts: [{ type: "text", text }], metadata: { createdAt } },
    DELIVERY.waiting,
  );
}

function sameJson(a, b) {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
