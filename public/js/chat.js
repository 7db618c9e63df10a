// One open session: what the person can do in it, and how it agrees with the server again after every
// (re)connect. A plain class without DOM. Its parts: transcript (messages), turns (running answers),
// courier (delivery), socket (connection); what a frame does is in frames.js.
import { batch, computed, signal } from "./reactive.js";
import { Courier } from "./courier.js";
import { isTool } from "./fold.js";
import { receive } from "./frames.js";
import { DELIVERY, Message, userMessage } from "./message.js";
import { Outbox } from "./outbox.js";
import { LINK } from "./socket.js";
import { Transcript } from "./transcript.js";
import { PHASE, Turns } from "./turns.js";
import { FRAME, TOOL_STATE, TRIGGER } from "./wire.js";

const PAGE = 50;
const ANSWER_WITHIN_MS = 5_000; // a server that does not answer the handshake must not hold messages back

export class Chat {
  /**
   * `openSocket(handlers)` gives an AgentSocket, `history(before)` a page `{messages, before}`.
   * `onState(state)` takes the agent's state, `onNotice(notice)` what is no part of the talk.
   */
  constructor({ sessionId, openSocket, history, storage, newId, schedule, onState, onNotice }) {
    Object.assign(this, { sessionId, history, newId, onState, onNotice });
    this.transcript = new Transcript();
    this.turns = new Turns(this.transcript, schedule);
    this.outbox = new Outbox(storage, `littoral.outbox.${sessionId}`);
    this.loading = signal("loading"); // loading, ready, failed
    this.loadError = signal(null);
    this.loadingOlder = signal(false);
    this.catchingUp = signal(true);
    this.recovering = signal(false);
    this.answering = signal(new Set()); // tool calls whose approval was answered here
    this.approvals = computed(() => this.pendingApprovals());
    this.socket = openSocket({ onFrame: (frame) => receive(this, frame), onOpen: () => this.opened() });
    this.courier = new Courier({
      sessionId,
      newId,
      outbox: this.outbox,
      transcript: this.transcript,
      turns: this.turns,
      send: (frame) => this.socket.send(frame),
    });
    for (const { message } of this.outbox.entries) this.transcript.append(new Message(message, DELIVERY.waiting));
  }

  get live() {
    return this.socket.status.value === LINK.open;
  }

  start() {
    this.caughtUp = this.load();
    this.socket.connect();
  }

  close() {
    this.closed = true;
    this.socket.close();
  }

  // What the person does

  send(text) {
    const message = userMessage(this.newId(), text, new Date().toISOString());
    this.transcript.append(message);
    this.courier.post({ message: message.toWire(), trigger: TRIGGER.submit });
  }

  /** Asks for the last answer again, or sends the last message again when it was refused. */
  regenerate() {
    const question = this.transcript.last("user");
    if (!question || !this.live) return;
    const refused = question.delivery.peek() === DELIVERY.failed;
    this.transcript.cutFrom(question.id);
    this.transcript.append(question);
    this.courier.post({ message: question.toWire(), trigger: refused ? TRIGGER.submit : TRIGGER.regenerate });
  }

  /** Replaces a message of the person and everything after it: the same id with other words. */
  edit(messageId, text) {
    this.transcript.cutFrom(messageId);
    const message = userMessage(messageId, text, new Date().toISOString());
    this.transcript.append(message);
    this.courier.post({ message: message.toWire(), trigger: TRIGGER.submit });
  }

  stop() {
    const turn = this.turns.current.peek();
    if (!turn || turn.phase.peek() === PHASE.stopping) return;
    turn.phase.value = PHASE.stopping;
    this.socket.send({ type: FRAME.chatCancel, id: turn.requestId });
  }

  /** Answers one approval; a second answer to the same call is not sent. */
  approve(toolCallId, approved) {
    if (this.answering.peek().has(toolCallId)) return;
    if (!this.socket.send({ type: FRAME.toolApproval, toolCallId, approved, autoContinue: true })) return;
    this.answering.value = new Set(this.answering.peek()).add(toolCallId);
  }

  async older() {
    const before = this.transcript.before.peek();
    if (!before || this.loadingOlder.peek()) return;
    this.loadingOlder.value = true;
    try {
      const page = await this.history(before, PAGE);
      this.transcript.prepend(page.messages, page.before);
    } finally {
      this.loadingOlder.value = false;
    }
  }

  // Connection

  async load() {
    try {
      const page = await this.history(null, PAGE);
      if (this.closed) return;
      batch(() => {
        const first = this.loading.peek() !== "ready";
        this.merge(page.messages);
        if (first || this.transcript.messages.peek()[0]?.id === page.messages[0]?.id) {
          this.transcript.before.value = page.before;
        }
        this.loading.value = "ready";
        this.loadError.value = null;
      });
    } catch (error) {
      if (this.loading.peek() === "ready") return;
      this.loading.value = "failed";
      this.loadError.value = error;
    }
  }

  /** After every (re)connect: first the history, then the stream that may be running, then the outbox. */
  async opened() {
    this.catchingUp.value = true;
    this.answering.value = new Set(); // an answer that was lost on the way may be given again
    this.courier.pause();
    this.offered = false;
    if (this.hasOpened) this.caughtUp = this.load();
    this.hasOpened = true;
    await this.caughtUp;
    if (this.closed) return;
    if (!this.offered) this.socket.send({ type: FRAME.streamResumeRequest, probeId: this.newId() });
    setTimeout(() => this.synchronised(), ANSWER_WITHIN_MS);
  }

  /** The resume handshake is answered: what is still in the outbox is sent now. */
  synchronised() {
    if (!this.catchingUp.peek()) return;
    this.catchingUp.value = false;
    this.courier.resume();
  }

  /** What we believed to be running and the server does not run ended while we were away: read it. */
  settle(running) {
    if (this.turns.settle(new Set([...running, ...this.courier.waiting()]))) this.load();
  }

  merge(messages) {
    this.outbox.settle(messages);
    this.transcript.merge(messages);
  }

  pendingApprovals() {
    const parts = this.transcript.messages.value.flatMap((message) => message.parts.value);
    return parts.filter((part) => isTool(part) && part.state === TOOL_STATE.approvalRequested);
  }
}
