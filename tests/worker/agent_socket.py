"""Owns a plain client of the agent socket and a guest to be: what socket tests are written with."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from littoral import wire

ANSWER_SECONDS = 30.0

Frame = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Guest:
    """Somebody with a cookie of the server; `cookie` is a whole header, `owner` their id."""

    url: str
    cookie: str
    owner: str

    async def begin_session(self) -> str:
        async with self._http() as http:
            return str((await http.post("/api/sessions", json={})).json()["id"])

    async def get(self, path: str) -> httpx.Response:
        async with self._http() as http:
            return await http.get(path)

    def socket(self, session_id: str) -> AgentSocket:
        return AgentSocket(self.url, session_id, cookie=self.cookie)

    def object_name(self, session_id: str) -> str:
        """The name of the Durable Object behind a session of this guest."""
        return f"{self.owner}/{session_id}"

    def _http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, headers={"cookie": self.cookie}, timeout=60)


async def new_guest(url: str) -> Guest:
    """A guest whom nobody has seen before."""
    async with httpx.AsyncClient(base_url=url, timeout=60) as http:
        me = (await http.get("/api/me")).json()
        cookie = "; ".join(f"{name}={value}" for name, value in http.cookies.items())
    return Guest(url=url, cookie=cookie, owner=me["user"]["id"])


class AgentSocket:
    """One socket, as an `async with`. Everything that came is in `frames`, oldest first."""

    def __init__(
        self, url: str, session_id: str, *, cookie: str = "", origin: str | None = None
    ) -> None:
        path = f"/agents/task-agent/{session_id}?_pk=tests"
        self._address = "ws" + url.removeprefix("http") + path
        self._headers = {"cookie": cookie} if cookie else {}
        if origin is not None:
            self._headers["origin"] = origin
        self._numbers = itertools.count(1)
        self.frames: list[Frame] = []
        self.raw: ClientConnection

    async def __aenter__(self) -> AgentSocket:
        self.raw = await connect(
            self._address,
            additional_headers=self._headers,
            open_timeout=ANSWER_SECONDS,
            max_size=None,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.raw.close()

    async def send(self, kind: str, **fields: Any) -> None:
        """Sends one frame of that type."""
        await self.raw.send(json.dumps({"type": kind, **fields}))

    async def receive(self) -> Frame:
        """The next frame. Raises `ConnectionClosed` when there will be none."""
        text = await asyncio.wait_for(self.raw.recv(), ANSWER_SECONDS)
        frame: Frame = json.loads(text)
        self.frames.append(frame)
        return frame

    async def until(self, fits: Callable[[Frame], Any]) -> Frame:
        """Reads on to the first frame that fits."""
        while True:
            frame = await self.receive()
            if fits(frame):
                return frame

    async def until_type(self, kind: str) -> Frame:
        return await self.until(lambda frame: frame["type"] == kind)

    async def call(self, method: str, *arguments: Any) -> Frame:
        """The reply to a call; also the one of a call that failed."""
        call_id = f"call-{next(self._numbers)}"
        await self.send(wire.RPC, id=call_id, method=method, args=list(arguments))
        return await self.until(
            lambda frame: frame["type"] == wire.RPC and frame.get("id") == call_id
        )

    async def ask(self, text: str, *, message_id: str = "", request_id: str = "") -> str:
        """Sends a message and does not wait; gives the request's id."""
        number = next(self._numbers)
        request_id = request_id or f"req-{number}"
        await self.send(
            wire.CHAT_REQUEST, **chat_request(text, message_id or f"msg-{number}", request_id)
        )
        return request_id

    async def until_done(self, request_id: str) -> Frame:
        """The frame that ends a request."""
        return await self.until(
            lambda frame: (
                frame["type"] == wire.CHAT_RESPONSE and frame["id"] == request_id and frame["done"]
            )
        )

    async def say(self, text: str) -> str:
        """Sends a message and gives the words of the answer."""
        request_id = await self.ask(text)
        await self.until_done(request_id)
        return self.words(request_id)

    def chunks(self, request_id: str) -> list[Frame]:
        """The chunks of a request that came, in order."""
        return [
            json.loads(frame["body"])
            for frame in self.frames
            if frame["type"] == wire.CHAT_RESPONSE
            and frame["id"] == request_id
            and frame["body"]
            and not frame.get("error")
        ]

    def words(self, request_id: str) -> str:
        """The text that the chunks of a request make."""
        return "".join(c["delta"] for c in self.chunks(request_id) if c["type"] == "text-delta")


def chat_request(text: str, message_id: str, request_id: str) -> Frame:
    """The fields of a `cf_agent_use_chat_request` with one message."""
    message = {"id": message_id, "role": "user", "parts": [{"type": "text", "text": text}]}
    body = {"messages": [message], "trigger": "submit-message"}
    return {"id": request_id, "init": {"method": "POST", "body": json.dumps(body)}}
