// What each frame of the agent does to an open session. Frames that are not named here are ignored, so
// that a newer server does not break an older page.
import { DELIVERY } from "./message.js";
import { PHASE } from "./turns.js";
import { FRAME } from "./wire.js";

export function receive(chat, frame) {
  HANDLERS[frame.type]?.(chat, frame);
}

const HANDLERS = {
  [FRAME.state]: (chat, { state }) => chat.onState(state),
  [FRAME.chatMessages]: (chat, { messages }) => chat.merge(messages),
  [FRAME.messageUpdated]: (chat, { message }) => {
    chat.turns.updateTools(message);
    chat.transcript.update(message);
  },
  [FRAME.chatClear]: (chat) => chat.transcript.clear(),
  [FRAME.chatRecovering]: (chat, { recovering }) => {
    chat.recovering.value = recovering;
  },
  [FRAME.chatResponse]: (chat, frame) => {
    const refused = frame.error && !frame.replay && !chat.turns.find(frame.id)?.message;
    chat.courier.accepted(frame.id, refused ? DELIVERY.failed : DELIVERY.sent);
    chat.turns.receive(frame);
    if (refused) chat.load();
    if (frame.replayComplete || (frame.done && frame.replay)) chat.synchronised();
  },
  [FRAME.streamResuming]: async (chat, { id }) => {
    chat.offered = true;
    await chat.caughtUp; // a replay needs the message that it continues
    chat.settle([id]);
    chat.turns.begin(id);
    chat.socket.send({ type: FRAME.streamResumeAck, id });
  },
  [FRAME.streamPending]: (chat, { id }) => {
    if (id) {
      chat.courier.accepted(id);
      chat.turns.begin(id);
    }
    chat.synchronised();
  },
  [FRAME.streamResumeNone]: (chat) => {
    chat.settle([]);
    chat.synchronised();
  },
  [FRAME.queued]: (chat, { id }) => {
    chat.courier.accepted(id);
    chat.turns.begin(id).phase.value = PHASE.queued;
  },
  [FRAME.notice]: (chat, notice) => chat.onNotice(notice),
  [FRAME.error]: (chat, error) => chat.onNotice({ kind: "error", text: error.message, ...error }),
};
