"""Clients as people have them: one asks by HTTP and repeats with its key, one talks by socket."""

from __future__ import annotations

import asyncio
import json
import random
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from littoral import wire
from tests.fakes.paced_ai import ADD
from tests.worker.load.account import Counts, Said, SessionAccount

ANSWER_SECONDS = 60.0
TRIES = 40
GIVES_UP = 0.15
ADDS_A_TASK = 0.4

_CUT = (ConnectionClosed, InvalidHandshake, OSError, httpx.TransportError, EOFError)


@dataclass(kw_only=True)
class Shore:
    """What all clients share: where the server is, whether it is up, what was counted."""

    url: str
    up: asyncio.Event
    counts: Counts
    random: random.Random
    ended: asyncio.Condition
    turns_ended: int = 0

    async def turn_ended(self) -> None:
        async with self.ended:
            self.turns_ended += 1
            self.ended.notify_all()

    async def until_turns(self, number: int) -> None:
        """Waits until so many turns have ended, whatever became of them."""
        async with self.ended:
            await self.ended.wait_for(lambda: self.turns_ended >= number)

    def gives_up(self) -> bool:
        return self.random.random() < GIVES_UP

    def next_text(self, client: str, number: int) -> str:
        add = self.random.random() < ADDS_A_TASK
        return f"{ADD if add else ''}{client} number {number}"


class Client(ABC):
    """Says one thing after the other in one session."""

    def __init__(self, name: str, shore: Shore, session: SessionAccount) -> None:
        self.name = name
        self.shore = shore
        self.session = session

    async def talk(self, turns: int) -> None:
        for number in range(turns):
            said = Said(client=self.name, text=self.shore.next_text(self.name, number))
            self.session.said.append(said)
            await self.say(said, number)
            await self.shore.turn_ended()

    @abstractmethod
    async def say(self, said: Said, number: int) -> None:
        """Says it until it is answered, or gives up after a cut."""


class HttpClient(Client):
    """`POST /api/chat`; a request that was cut is repeated with the same Idempotency-Key."""

    streams = False

    async def say(self, said: Said, number: int) -> None:
        for _ in range(TRIES):
            await self.shore.up.wait()
            try:
                await self._ask(said, f"{self.name}-{number}")
                return
            except _CUT:
                self.shore.counts.requests_cut += 1
                if self.shore.gives_up():
                    self.shore.counts.given_up += 1
                    said.given_up = True
                    return
        raise AssertionError(f"{said.text!r} was cut {TRIES} times")

    async def _ask(self, said: Said, key: str) -> None:
        accept = {"accept": "text/event-stream"} if self.streams else {}
        async with httpx.AsyncClient(timeout=ANSWER_SECONDS) as http:
            answer = await http.post(
                f"{self.shore.url}/api/chat",
                json={"message": said.text, "sessionId": self.session.session_id},
                headers={"idempotency-key": key, "cookie": self.session.cookie, **accept},
            )
        body = _last_event(answer.text) if self.streams else answer.json()
        if answer.status_code == 503 or body.get("status") == 503:
            said.failure = str(body.get("detail"))
        else:
            assert answer.status_code == 200, f"{answer.status_code}: {answer.text[:500]}"
            said.answer = body["content"]
        said.acknowledged = True


class StreamingHttpClient(HttpClient):
    """The same with `Accept: text/event-stream`."""

    streams = True


def _last_event(text: str) -> dict[str, Any]:
    """The body of the event `answer` or `problem`; EOFError when the stream broke off before it."""
    for event in text.split("\n\n"):
        name, _, rest = event.partition("\n")
        if name in ("event: answer", "event: problem"):
            return dict(json.loads(rest.removeprefix("data: ")))
    raise EOFError


class SocketClient(Client):
    """The agent's socket. After a cut it asks for the stream, as the clients of the SDK do."""

    def __init__(self, name: str, shore: Shore, session: SessionAccount) -> None:
        super().__init__(name, shore, session)
        self._socket: ClientConnection | None = None
        self._probes = 0

    async def say(self, said: Said, number: int) -> None:
        turn = _Turn(said=said, message_id=f"msg-{self.name}-{number}")
        for attempt in range(TRIES):
            await self.shore.up.wait()
            try:
                socket = await self._open()
                if attempt:
                    await self._probe(socket)
                else:
                    await self._send(socket, turn, f"req-{self.name}-{number}")
                await self._listen(socket, turn, f"req-{self.name}-{number}-{attempt}")
                return
            except _CUT:
                self._socket = None
                turn.was_cut = True
                self.shore.counts.streams_cut += said.acknowledged
                if self.shore.gives_up():
                    self.shore.counts.given_up += 1
                    said.given_up = True
                    return
        raise AssertionError(f"{said.text!r} was cut {TRIES} times")

    async def close(self) -> None:
        if self._socket is not None:
            await self._socket.close()

    async def _open(self) -> ClientConnection:
        if self._socket is None:
            path = f"/agents/task-agent/{self.session.session_id}?_pk={self.name}"
            self._socket = await connect(
                "ws" + self.shore.url.removeprefix("http") + path,
                additional_headers={"cookie": self.session.cookie},
                open_timeout=ANSWER_SECONDS,
                max_size=None,
            )
        return self._socket

    async def _send(self, socket: ClientConnection, turn: _Turn, request_id: str) -> None:
        part = {"type": "text", "text": turn.said.text}
        message = {"id": turn.message_id, "role": "user", "parts": [part]}
        body = {"messages": [message], "trigger": "submit-message"}
        turn.request_id = turn.request_id or request_id
        turn.sent_as = request_id
        init = {"method": "POST", "body": json.dumps(body)}
        frame = {"type": wire.CHAT_REQUEST, "id": request_id, "init": init}
        await socket.send(json.dumps(frame))

    async def _probe(self, socket: ClientConnection) -> None:
        self._probes += 1
        frame = {"type": wire.STREAM_RESUME_REQUEST, "probeId": f"probe-{self._probes}"}
        await socket.send(json.dumps(frame))

    async def _listen(self, socket: ClientConnection, turn: _Turn, next_id: str) -> None:
        """Reads until the turn has ended; sends the message again when the server is idle."""
        while not turn.ended:
            frame = json.loads(await asyncio.wait_for(socket.recv(), ANSWER_SECONDS))
            match frame["type"]:
                case wire.STREAM_RESUMING:
                    ack = {"type": wire.STREAM_RESUME_ACK, "id": frame["id"]}
                    await socket.send(json.dumps(ack))
                    if frame["id"] == turn.request_id:
                        turn.resumed = True
                case wire.STREAM_RESUME_NONE:
                    self.shore.counts.sent_again += 1
                    await self._send(socket, turn, next_id)
                case wire.CHAT_MESSAGES:
                    turn.read_transcript(frame["messages"])
                case wire.QUEUED if frame["id"] == turn.request_id:
                    turn.said.acknowledged = True
                case wire.CHAT_RESPONSE:
                    turn.read(frame)
                    if frame["done"] and frame["id"] not in turn.ids and turn.was_cut:
                        await self._probe(socket)
        self.shore.counts.streams_resumed += turn.was_cut and turn.resumed
        self.shore.counts.streams_ended_meanwhile += turn.was_cut and not turn.resumed


@dataclass(kw_only=True)
class _Turn:
    """What a socket client knows of the turn that it waits for.

    `request_id` named the stream that answers it first; `sent_as` the last request that carried it.
    """

    said: Said
    message_id: str
    request_id: str = ""
    sent_as: str = ""
    was_cut: bool = False
    resumed: bool = False
    ended: bool = False
    shown: list[str] | None = None
    stored: str | None = None

    @property
    def ids(self) -> set[str]:
        return {self.request_id, self.sent_as}

    def read_transcript(self, messages: list[dict[str, Any]]) -> None:
        ids = [message["id"] for message in messages]
        if self.message_id in ids:
            self.said.acknowledged = True

    def read(self, frame: dict[str, Any]) -> None:
        """Takes in a frame of a stream; other turns' frames are passed over."""
        if frame["id"] not in self.ids:
            return
        self.said.acknowledged = True
        if frame.get("error"):
            self.said.failure = frame["body"]
        elif frame["body"]:
            self._fold(json.loads(frame["body"]))
        self.ended = frame["done"]
        if self.ended and self.shown is not None and not frame.get("error"):
            self.said.answer = "".join(self.shown)

    def _fold(self, chunk: dict[str, Any]) -> None:
        if chunk["type"] == "start":
            self.shown = []
        elif chunk["type"] == "text-delta" and self.shown is not None:
            self.shown.append(chunk["delta"])
