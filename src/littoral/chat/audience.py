"""The clients of one conversation: what they are shown, and which stream they are offered."""

from __future__ import annotations

from typing import Any

from littoral import wire
from littoral.agent.connection import Connection, Connections, broadcast
from littoral.chat.stream import LiveStream
from littoral.chat.transcript import Transcript
from littoral.jsontext import dumps

HISTORY_TURNS = 100
"""Turns that a transcript frame holds; older ones are read page by page."""


class Audience:
    """Shows messages to clients and offers them the stream that is running."""

    def __init__(self, connections: Connections, transcript: Transcript) -> None:
        self.connections = connections
        self._transcript = transcript
        self._probes: dict[str, tuple[Connection, str | None]] = {}
        self._ended: LiveStream | None = None
        self.stream: LiveStream | None = None

    # --- messages --------------------------------------------------------------------------------

    def transcript_frame(self) -> str:
        """The newest messages as a frame."""
        messages = self._transcript.messages_json(HISTORY_TURNS)
        return f'{{"type":"{wire.CHAT_MESSAGES}","messages":[{messages}]}}'

    def show_transcript(self, without: str = "") -> None:
        """Sends the newest messages to every client but the one of that id."""
        listening = [c for c in self.connections.all() if c.id != without]
        if listening:
            broadcast(listening, self.transcript_frame())

    def show_ending(self, reply: dict[str, Any], *, asked: str) -> None:
        """Shows how the running stream's answer was stored, but not to the client that ``asked``.

        Who heard the stream has built that message from its chunks and is sent it alone; who was
        offered the stream and has not taken it yet is sent the newest messages. After a
        continuation everybody is: a client may have made a message of its own of it (npm's ai 7
        does).
        """
        if self.stream is None or self.stream.continuation:
            self.show_transcript()
            return
        others = [c for c in self.connections.all() if c.id != asked]
        behind = [c for c in others if c.id in self.stream.waiting_for_ack]
        if len(behind) < len(others):
            frame = dumps({"type": wire.MESSAGE_UPDATED, "message": reply})
            broadcast(others, frame, without=self.stream.waiting_for_ack)
        if behind:
            broadcast(behind, self.transcript_frame())

    def show_message(self, message: dict[str, Any]) -> None:
        """Sends one message whose tool parts changed."""
        listening = self.connections.all()
        if listening:
            broadcast(listening, dumps({"type": wire.MESSAGE_UPDATED, "message": message}))

    # --- streams ---------------------------------------------------------------------------------

    def begins(self, stream: LiveStream, *, again: bool) -> None:
        """A stream begins: it is offered to those who asked before, and ``again`` to everybody."""
        self.stream = stream
        probes, self._probes = self._probes, {}
        if again:
            for connection in self.connections.all():
                self.offer(connection)
        for connection, probe_id in probes.values():
            self.offer(connection, probe_id)

    def ended(self) -> None:
        """The stream has ended; those who were offered it may still ask for it."""
        self._ended = self.stream
        self.stream = None

    def stream_of(self, request_id: str) -> LiveStream | None:
        """The stream of that request: the running one, or the one that ended last."""
        for stream in (self.stream, self._ended):
            if stream is not None and stream.request_id == request_id:
                return stream
        return None

    def offer(self, connection: Connection, probe_id: str | None = None) -> bool:
        """Offers the running stream to a socket, which gets it after it acknowledged."""
        if self.stream is None:
            return False
        self.stream.waiting_for_ack.add(connection.id)
        connection.send(resuming_frame(self.stream.request_id, probe_id))
        return True

    def replay(self, stream: LiveStream, connection: Connection) -> None:
        """Sends a socket everything of a stream that it acknowledged.

        A continuation that has ended is sent as the transcript: a client that was given its chunks
        after the transcript would make a second message of them (npm's ai 7 does).
        """
        if stream.continuation and stream.has_ended:
            connection.send(self.transcript_frame())
            stream.replay_end(connection)
        else:
            stream.replay(connection)

    def expect(self, connection: Connection, probe_id: str | None = None) -> None:
        """A socket waits for a stream that has not begun; it is offered when it begins."""
        self._probes[connection.id] = (connection, probe_id)

    def gone(self, connection: Connection) -> None:
        """A socket was closed; turns go on without it."""
        self._probes.pop(connection.id, None)
        if self.stream is not None:
            self.stream.waiting_for_ack.discard(connection.id)

    def forget(self) -> None:
        """The conversation was cleared: the last stream is not to be had any more."""
        self._ended = None


def resuming_frame(request_id: str, probe_id: str | None) -> str:
    """The frame that offers a stream."""
    extra = {"probeId": probe_id} if probe_id is not None else {}
    return dumps({"type": wire.STREAM_RESUMING, "id": request_id, **extra})
