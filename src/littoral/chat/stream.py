"""One answer while it is being given: its chunks, and who is listening.

A stream lives as long as its turn runs. Chunks go to every connected socket as they come, but to a
socket that was offered the stream and has not acknowledged yet they go only with the replay, so
that no word comes twice. The protocol's rules for this are in ``docs/socket-protocol.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from littoral import wire
from littoral.agent.connection import Connection, Connections
from littoral.chat.fold import Chunk, MessageFold
from littoral.jsontext import dumps, quoted

Listener = Callable[[Chunk], None]


class LiveStream:
    """The chunks of one request, in order, and the message that they make.

    ``seq`` of a frame is the chunk's position. A continuation goes on with a message that clients
    have already: its ``start`` carries no id and its frames say so. ``cancelled`` is set when
    somebody stops the turn, ``journaled`` when chunks of it were written to the journal.
    """

    def __init__(
        self,
        *,
        request_id: str,
        turn: int,
        connections: Connections,
        message: dict[str, Any] | None = None,
        listener: Listener | None = None,
    ) -> None:
        self.request_id = request_id
        self.turn = turn
        self.continuation = message is not None
        self.fold = MessageFold(message=message)
        self.chunks: list[Chunk] = []
        self.cancelled = False
        self.journaled = False
        self.waiting_for_ack: set[str] = set()
        self._bodies: list[str] = []
        self._connections = connections
        self._listener = listener
        self._end = ""
        mark = ',"continuation":true' if self.continuation else ""
        self._head = f'{{"type":"{wire.CHAT_RESPONSE}","id":{quoted(request_id)}{mark}'

    def emit(self, chunk: Chunk) -> None:
        """Adds a chunk and sends it to whoever listens."""
        self.fold.apply(chunk)
        self.chunks.append(chunk)
        if self._listener is not None:
            self._listener(chunk)
        listening = self._listening()
        if listening:
            seq = len(self.chunks) - 1
            self._write_bodies()
            body = quoted(self._bodies[seq])
            frame = f'{self._head},"body":{body},"done":false,"seq":{seq}}}'
            for connection in listening:
                connection.send(frame)

    def _listening(self) -> Collection[Connection]:
        everybody = self._connections.all()
        if not self.waiting_for_ack:
            return everybody
        return [each for each in everybody if each.id not in self.waiting_for_ack]

    def restore(self, chunks: Sequence[Chunk]) -> None:
        """Puts journaled chunks back after a kill; they are replayed to whoever asks."""
        for chunk in chunks:
            self.fold.apply(chunk)
            if self._listener is not None:
                self._listener(chunk)
        self.chunks.extend(chunks)

    def close_open_texts(self) -> None:
        """Ends every text that was begun, as a stream must before it finishes."""
        for kind, key in self.fold.open_ids():
            self.emit({"type": f"{kind}-end", "id": key})

    def bodies(self, first: int = 0) -> list[str]:
        """The chunks from ``first`` on as JSON texts."""
        self._write_bodies()
        return self._bodies[first:]

    def _write_bodies(self) -> None:
        for chunk in self.chunks[len(self._bodies) :]:
            self._bodies.append(dumps(chunk))

    def replay(self, connection: Connection) -> None:
        """Sends everything so far to one socket, which then is a listener like the others.

        There is no await in here: a live chunk cannot slip in between. Of a stream that has ended
        meanwhile the end is sent too.
        """
        self.waiting_for_ack.discard(connection.id)
        for seq, body in enumerate(self.bodies()):
            connection.send(
                f'{self._head},"body":{quoted(body)},"done":false,"seq":{seq},"replay":true}}'
            )
        if self._end:
            self.replay_end(connection)
        else:
            connection.send(
                f'{self._head},"body":"","done":false,"replay":true,"replayComplete":true}}'
            )

    @property
    def has_ended(self) -> bool:
        """Whether the end was told."""
        return bool(self._end)

    def replay_end(self, connection: Connection) -> None:
        """Sends the end alone to one socket, of a stream that has ended."""
        self.waiting_for_ack.discard(connection.id)
        connection.send(f'{self._end[:-1]},"replay":true}}')

    def finish(self, outcome: str) -> None:
        """Tells every listener that the stream ended; the message is stored by then."""
        self._tell_end(f'{self._head},"body":"","done":true,"outcome":{quoted(outcome)}}}')

    def fail(self, problem: dict[str, Any]) -> None:
        """Tells every listener that the stream ended with an error."""
        extra = {"continuation": True} if self.continuation else {}
        self._tell_end(error_frame(self.request_id, problem, **extra))

    def _tell_end(self, frame: str) -> None:
        self._end = frame
        for connection in self._listening():
            connection.send(frame)


def done_frame(request_id: str, **extra: Any) -> str:
    """The frame that ends a request which has no stream (any more)."""
    return dumps({"type": wire.CHAT_RESPONSE, "id": request_id, "body": "", "done": True, **extra})


def error_frame(request_id: str, problem: dict[str, Any], **extra: Any) -> str:
    """The frame that ends a request with an error. ``body`` is for people; no stack trace in it."""
    return dumps(
        {
            "type": wire.CHAT_RESPONSE,
            "id": request_id,
            "body": problem["detail"],
            "done": True,
            "error": True,
            "outcome": "error",
            "code": problem["code"],
            "retryable": problem["retryable"],
            "nextStep": problem["nextStep"],
            **extra,
        }
    )
