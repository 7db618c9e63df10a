// The turns that are running: which request streams into which message, and how a broken stream is
// picked up again. Chunks are folded as they come and shown once a frame. No DOM, no socket.
import { batch, computed, signal } from "./reactive.js";
import { CHUNK, OUTCOME } from "./wire.js";
import { Fold } from "./fold.js";
import { isFinal } from "./transcript.js";

export const PHASE = Object.freeze({ waiting: "waiting", queued: "queued", streaming: "streaming", stopping: "stopping" });

class Turn {
  constructor(requestId) {
    this.requestId = requestId;
    this.phase = signal(PHASE.waiting);
    this.message = null;
    this.fold = null;
    this.base = null; // the parts a continuation began with, so that a replay does not double them
  }

  begin(chunk, transcript) {
    const fresh = chunk.messageId !== undefined;
    const message = fresh ? transcript.ensure(chunk.messageId, "assistant") : transcript.last("assistant");
    if (!message) return;
    if (!fresh) this.base ??= message.parts.peek();
    this.message = message;
    this.fold = new Fold(fresh ? [] : this.base);
    this.fold.metadata = { ...message.metadata.peek() };
    message.streaming.value = true;
  }
}

export class Turns {
  /** `schedule(callback)` runs the callback before the next paint; tests hand in their own. */
  constructor(transcript, schedule) {
    this.transcript = transcript;
    this.schedule = schedule;
    this.running = signal([]);
    this.failure = signal(null); // {text, code, retryable, nextStep} of the last turn, or null
    this.ended = signal(null); // {requestId, outcome}: for the announcer
    this.current = computed(() => this.running.value[0] ?? null);
    this.dirty = new Set();
  }

  begin(requestId) {
    const known = this.find(requestId);
    if (known) return known;
    const turn = new Turn(requestId);
    this.running.value = [...this.running.peek(), turn];
    return turn;
  }

  /** One `cf_agent_use_chat_response` frame. */
  receive(frame) {
    if (!this.find(frame.id) && frame.done && !frame.error) return;
    const turn = this.begin(frame.id);
    if (frame.error) return this.finish(turn, { ...frame, outcome: OUTCOME.failed });
    if (frame.body) this.apply(turn, JSON.parse(frame.body), frame.replay);
    if (frame.replayComplete) this.flush();
    if (frame.done) this.finish(turn, frame);
  }

  /** A replay is shown only when it is complete, so that the answer does not shrink and grow again. */
  apply(turn, chunk, replay) {
    if (chunk.type === CHUNK.start) turn.begin(chunk, this.transcript);
    if (!turn.fold) return;
    turn.fold.apply(chunk);
    if (turn.phase.peek() !== PHASE.stopping) turn.phase.value = PHASE.streaming;
    this.dirty.add(turn);
    if (replay || this.scheduled) return;
    this.scheduled = true;
    this.schedule(() => this.flush());
  }

  flush() {
    this.scheduled = false;
    batch(() => {
      for (const { message, fold } of this.dirty) {
        message.parts.value = [...fold.parts];
        message.metadata.value = { ...fold.metadata };
      }
      this.dirty.clear();
    });
  }

  finish(turn, { error, body, code, retryable, nextStep, outcome }) {
    batch(() => {
      turn.fold?.close();
      if (turn.fold) this.dirty.add(turn);
      this.flush();
      if (turn.message) turn.message.streaming.value = false;
      this.running.value = this.running.peek().filter((other) => other !== turn);
      const words = error ? body : turn.fold?.errorText;
      if (words) this.failure.value = { text: words, code, retryable: retryable !== false, nextStep };
      const stopped = turn.fold?.aborted ? OUTCOME.cancelled : OUTCOME.completed;
      const known = Object.values(OUTCOME).includes(outcome) ? outcome : stopped;
      this.ended.value = { requestId: turn.requestId, outcome: words ? OUTCOME.failed : known };
    });
  }

  /** Ends the turns that the server no longer runs; whether the end of one of them is not known here. */
  settle(stillRunning) {
    const over = this.running.peek().filter((turn) => !stillRunning.has(turn.requestId));
    const unknown = over.filter(({ message }) => !message || !isFinal({ metadata: message.metadata.peek() }));
    for (const turn of over) {
      if (!unknown.includes(turn)) this.forget(turn); // the transcript had the whole answer already
      this.finish(turn, { outcome: turn.message?.metadata.peek().outcome ?? OUTCOME.interrupted });
    }
    return unknown.length > 0;
  }

  forget(turn) {
    turn.fold = null;
    this.dirty.delete(turn);
  }

  updateTools(wire) {
    const turn = this.running.peek().find(({ message }) => message?.id === wire.id);
    if (!turn) return;
    turn.fold.adoptTools(wire.parts);
    this.dirty.add(turn);
    this.flush();
  }

  find(requestId) {
    return this.running.peek().find((turn) => turn.requestId === requestId);
  }
}
