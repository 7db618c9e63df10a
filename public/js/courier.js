// Takes messages to the server and notes how far each has come. What is sent while there is no
// connection stays in the outbox; after the connection is back it is sent again under the same ids,
// and the server keeps the first of them.
import { DELIVERY } from "./message.js";
import { FRAME } from "./wire.js";

export class Courier {
  /** `send(frame)` says whether there was a connection to send it over. */
  constructor({ sessionId, outbox, transcript, turns, send, newId }) {
    Object.assign(this, { sessionId, outbox, transcript, turns, send, newId });
    this.open = false; // whether history and running stream are known again after a (re)connect
  }

  /** `entry` is {message, trigger}. */
  post(entry) {
    const outgoing = { requestId: this.newId(), ...entry };
    this.turns.failure.value = null;
    this.outbox.add(outgoing);
    if (this.open) this.deliver(outgoing);
  }

  resume() {
    this.open = true;
    for (const entry of this.outbox.entries) this.deliver(entry);
  }

  pause() {
    this.open = false;
  }

  deliver({ requestId, message, trigger }) {
    const init = { method: "POST", body: JSON.stringify({ id: this.sessionId, messages: [message], trigger }) };
    if (!this.send({ type: FRAME.chatRequest, id: requestId, init })) return;
    const shown = this.transcript.get(message.id);
    if (shown) shown.delivery.value = DELIVERY.sending;
    this.turns.begin(requestId);
  }

  /** The server has the request, or has refused it (`DELIVERY.failed`: it may be sent again). */
  accepted(requestId, delivery = DELIVERY.sent) {
    const entry = this.outbox.take(requestId);
    const shown = entry && this.transcript.get(entry.message.id);
    if (shown) shown.delivery.value = delivery;
  }

  /** Requests that the server may not have heard of yet. */
  waiting() {
    return this.outbox.entries.map((entry) => entry.requestId);
  }
}
