// Every name that crosses the agent socket. src/littoral/wire.py has the same names (a test compares
// them); what the frames mean is in docs/socket-protocol.md. Nothing else in public/ spells one out.

export const FRAME = Object.freeze({
  identity: "cf_agent_identity",
  state: "cf_agent_state",
  stateError: "cf_agent_state_error",
  mcpServers: "cf_agent_mcp_servers",
  rpc: "rpc",
  chatRequest: "cf_agent_use_chat_request",
  chatResponse: "cf_agent_use_chat_response",
  chatCancel: "cf_agent_chat_request_cancel",
  chatClear: "cf_agent_chat_clear",
  chatMessages: "cf_agent_chat_messages",
  messageUpdated: "cf_agent_message_updated",
  chatRecovering: "cf_agent_chat_recovering",
  streamResumeRequest: "cf_agent_stream_resume_request",
  streamResumeAck: "cf_agent_stream_resume_ack",
  streamResuming: "cf_agent_stream_resuming",
  streamResumeNone: "cf_agent_stream_resume_none",
  streamPending: "cf_agent_stream_pending",
  toolResult: "cf_agent_tool_result",
  toolApproval: "cf_agent_tool_approval",
  notice: "littoral.notice",
  queued: "littoral.queued",
  error: "littoral.error",
  filePiece: "file-piece",
});

export const CHUNK = Object.freeze({
  start: "start",
  startStep: "start-step",
  textStart: "text-start",
  textDelta: "text-delta",
  textEnd: "text-end",
  reasoningStart: "reasoning-start",
  reasoningDelta: "reasoning-delta",
  reasoningEnd: "reasoning-end",
  toolInputStart: "tool-input-start",
  toolInputDelta: "tool-input-delta",
  toolInputAvailable: "tool-input-available",
  toolInputError: "tool-input-error",
  toolApprovalRequest: "tool-approval-request",
  toolOutputAvailable: "tool-output-available",
  toolOutputError: "tool-output-error",
  toolOutputDenied: "tool-output-denied",
  sourceUrl: "source-url",
  messageMetadata: "message-metadata",
  error: "error",
  abort: "abort",
  finishStep: "finish-step",
  finish: "finish",
});

export const TOOL_STATE = Object.freeze({
  inputStreaming: "input-streaming",
  inputAvailable: "input-available",
  approvalRequested: "approval-requested",
  approvalResponded: "approval-responded",
  outputAvailable: "output-available",
  outputError: "output-error",
  outputDenied: "output-denied",
});

export const TRIGGER = Object.freeze({
  submit: "submit-message",
  regenerate: "regenerate-message",
});

export const OUTCOME = Object.freeze({
  completed: "completed",
  waiting: "waiting",
  failed: "failed",
  cancelled: "cancelled",
  interrupted: "interrupted",
});

export const PING = "ping";
export const PONG = "pong";
export const AGENT_KIND = "task-agent";
