// Folds the chunks of one answer into the parts of one message. Pure data: no signals, no DOM.
// A part is replaced, never changed, so an unchanged part is the same object from flush to flush.
// Who the message is, and when the parts are shown, is the business of turns.js.
import { CHUNK, TOOL_STATE } from "./wire.js";

const TERMINAL = new Set([TOOL_STATE.outputAvailable, TOOL_STATE.outputError, TOOL_STATE.outputDenied]);

export const isTool = (part) => part.type.startsWith("tool-") || part.type === "dynamic-tool";
export const isTerminalTool = (part) => isTool(part) && TERMINAL.has(part.state);
export const toolName = (part) => part.toolName ?? part.type.slice("tool-".length);

export class Fold {
  constructor(parts = []) {
    this.parts = [...parts];
    this.metadata = {};
    this.aborted = false;
    this.errorText = null;
    this.open = new Map(); // chunk id of a text or reasoning part → its index
  }

  /** Applies one chunk; unknown kinds are ignored, so that a newer server does not break an older page. */
  apply(chunk) {
    const step = STEPS[chunk.type];
    if (step) step(this, chunk);
    else if (chunk.type?.startsWith("data-") && !chunk.transient) this.putData(chunk);
    if (chunk.messageMetadata) Object.assign(this.metadata, chunk.messageMetadata);
  }

  /** Adopts what the server says about tool calls; a settled call keeps its first outcome. */
  adoptTools(parts) {
    for (const part of parts.filter(isTool)) this.putTool(part.toolCallId, part);
  }

  startText(type, id) {
    this.open.set(`${type}:${id}`, this.parts.length);
    this.parts.push({ type, text: "", state: "streaming" });
  }

  growText(type, { id, delta }) {
    if (!this.open.has(`${type}:${id}`)) this.startText(type, id);
    const index = this.open.get(`${type}:${id}`);
    this.parts[index] = { ...this.parts[index], text: this.parts[index].text + delta };
  }

  endText(type, id) {
    const index = this.open.get(`${type}:${id}`);
    if (index === undefined) return;
    this.open.delete(`${type}:${id}`);
    this.parts[index] = { ...this.parts[index], state: "done" };
  }

  putTool(toolCallId, change) {
    const index = this.parts.findIndex((part) => part.toolCallId === toolCallId);
    if (index < 0) {
      const name = change.toolName ?? "unknown";
      this.parts.push({ type: `tool-${name}`, toolCallId, input: {}, ...without(change, "toolName") });
    } else if (!isTerminalTool(this.parts[index])) {
      this.parts[index] = { ...this.parts[index], ...without(change, "toolName", "type") };
    }
  }

  putData({ type, id, data }) {
    const index = id === undefined ? -1 : this.parts.findIndex((p) => p.type === type && p.id === id);
    if (index < 0) this.parts.push({ type, id, data });
    else this.parts[index] = { type, id, data };
  }

  /** Ends text that was still open when the stream ended. */
  close() {
    for (const key of [...this.open.keys()]) {
      const [type, ...id] = key.split(":");
      this.endText(type, id.join(":"));
    }
  }
}

function without(object, ...names) {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

const STEPS = {
  [CHUNK.startStep]: (fold) => fold.parts.push({ type: "step-start" }),
  [CHUNK.textStart]: (fold, { id }) => fold.startText("text", id),
  [CHUNK.textDelta]: (fold, chunk) => fold.growText("text", chunk),
  [CHUNK.textEnd]: (fold, { id }) => fold.endText("text", id),
  [CHUNK.reasoningStart]: (fold, { id }) => fold.startText("reasoning", id),
  [CHUNK.reasoningDelta]: (fold, chunk) => fold.growText("reasoning", chunk),
  [CHUNK.reasoningEnd]: (fold, { id }) => fold.endText("reasoning", id),
  [CHUNK.toolInputStart]: (fold, { toolCallId, toolName: name }) =>
    fold.putTool(toolCallId, { toolName: name, state: TOOL_STATE.inputStreaming }),
  [CHUNK.toolInputAvailable]: (fold, { toolCallId, toolName: name, input }) =>
    fold.putTool(toolCallId, { toolName: name, input: input ?? {}, state: TOOL_STATE.inputAvailable }),
  [CHUNK.toolInputError]: (fold, { toolCallId, toolName: name, input, errorText }) =>
    fold.putTool(toolCallId, { toolName: name, input: input ?? {}, errorText, state: TOOL_STATE.outputError }),
  [CHUNK.toolApprovalRequest]: (fold, { toolCallId, approvalId }) =>
    fold.putTool(toolCallId, { approval: { id: approvalId }, state: TOOL_STATE.approvalRequested }),
  [CHUNK.toolOutputAvailable]: (fold, { toolCallId, output }) =>
    fold.putTool(toolCallId, { output, state: TOOL_STATE.outputAvailable }),
  [CHUNK.toolOutputError]: (fold, { toolCallId, errorText }) =>
    fold.putTool(toolCallId, { errorText, state: TOOL_STATE.outputError }),
  [CHUNK.toolOutputDenied]: (fold, { toolCallId }) =>
    fold.putTool(toolCallId, { state: TOOL_STATE.outputDenied }),
  [CHUNK.sourceUrl]: (fold, { sourceId, url, title }) =>
    fold.parts.push({ type: "source-url", sourceId, url, title }),
  [CHUNK.error]: (fold, { errorText }) => {
    fold.errorText = errorText;
  },
  [CHUNK.abort]: (fold) => {
    fold.aborted = true;
  },
};
