"""Names of everything that travels over an agent's socket.

The types that begin with ``cf_agent`` and ``rpc`` are those of Cloudflare's Agents SDK, so that its
unmodified clients work; those that begin with ``littoral.`` are ours. ``public/js/wire.js`` holds
the same names for the browser, and a fitness test compares the two.
"""

from __future__ import annotations

from typing import Final

IDENTITY: Final = "cf_agent_identity"
STATE: Final = "cf_agent_state"
STATE_ERROR: Final = "cf_agent_state_error"
MCP_SERVERS: Final = "cf_agent_mcp_servers"
RPC: Final = "rpc"

CHAT_REQUEST: Final = "cf_agent_use_chat_request"
CHAT_RESPONSE: Final = "cf_agent_use_chat_response"
CHAT_CANCEL: Final = "cf_agent_chat_request_cancel"
CHAT_CLEAR: Final = "cf_agent_chat_clear"
CHAT_MESSAGES: Final = "cf_agent_chat_messages"
MESSAGE_UPDATED: Final = "cf_agent_message_updated"
CHAT_RECOVERING: Final = "cf_agent_chat_recovering"

STREAM_RESUME_REQUEST: Final = "cf_agent_stream_resume_request"
STREAM_RESUME_ACK: Final = "cf_agent_stream_resume_ack"
STREAM_RESUMING: Final = "cf_agent_stream_resuming"
STREAM_RESUME_NONE: Final = "cf_agent_stream_resume_none"
STREAM_PENDING: Final = "cf_agent_stream_pending"

TOOL_RESULT: Final = "cf_agent_tool_result"
TOOL_APPROVAL: Final = "cf_agent_tool_approval"

NOTICE: Final = "littoral.notice"
QUEUED: Final = "littoral.queued"
ERROR: Final = "littoral.error"
FILE_PIECE: Final = "file-piece"

HEARTBEAT_REQUEST: Final = "ping"
HEARTBEAT_RESPONSE: Final = "pong"

CLOSE_NOT_ALLOWED: Final = 1008
"""Close code that tells every SDK client to stop reconnecting; never for a passing fault."""
