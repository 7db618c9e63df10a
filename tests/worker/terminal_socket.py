"""Owns a client of the terminal's socket and an account with a sandbox session."""

from __future__ import annotations

import asyncio
import itertools
import json
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.worker.sandbox_world import until

WAIT_SECONDS = 60.0
PAGE = "http://localhost"


@dataclass(frozen=True, kw_only=True)
class Owner:
    """An account, and a session of it that is ready. ``http`` sends the key and no Origin."""

    url: str
    key: str
    http: httpx.AsyncClient
    session_id: str

    @property
    def path(self) -> str:
        return f"/api/orchestrator/session/{self.session_id}"

    async def ticket(self, **wishes: Any) -> str:
        """A ticket's url."""
        headers = wishes.pop("headers", {})
        made = await self.http.post(f"{self.path}/terminal-ticket", json=wishes, headers=headers)
        assert made.status_code == 201, made.text
        return str(made.json()["url"])

    @asynccontextmanager
    async def terminal(
        self, *, query: str = "&restart=1", **wishes: Any
    ) -> AsyncIterator[TerminalSocket]:
        async with opened(await self.ticket(**wishes), query) as socket:
            yield socket

    async def end_shell(self) -> None:
        """Leaves nothing running, so that the next test begins a new shell."""
        async with self.terminal(query="") as socket:
            ended = asyncio.create_task(socket.end())
            for keys in itertools.chain(["\x03"], itertools.repeat("\x15exit\r")):
                try:
                    await socket.type(keys)  # again and again: an interrupt drops what follows it
                except ConnectionClosed:
                    break
                await asyncio.wait({ended}, timeout=0.5)
            await ended


@asynccontextmanager
async def new_account(url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client that sends the key of somebody new."""
    async with httpx.AsyncClient(base_url=url, timeout=WAIT_SECONDS) as http:
        signed = await http.post("/api/signup", json=_somebody())
        assert signed.status_code == 201, signed.text
        http.cookies.clear()
        http.headers["x-api-key"] = signed.json()["apiKey"]
        yield http


@dataclass(frozen=True, kw_only=True)
class Shore:
    """Somebody's key and their session that is ready: made once, used by many tests."""

    url: str
    key: str
    session_id: str

    @classmethod
    def begin(cls, url: str) -> Shore:
        """Signs somebody up and waits for their session."""
        with httpx.Client(base_url=url, timeout=WAIT_SECONDS) as http:
            key = http.post("/api/signup", json=_somebody()).json()["apiKey"]
            http.cookies.clear()
            http.headers["x-api-key"] = key
            begun = http.post("/api/orchestrator/session", json={"name": "shore"})
            assert begun.status_code == 202, begun.text
            session_id = begun.json()["sessionId"]
            path = f"/api/orchestrator/session/{session_id}"
            until(lambda: http.get(path).json()["status"] == "ready")
        return cls(url=url, key=key, session_id=session_id)

    @asynccontextmanager
    async def owner(self) -> AsyncIterator[Owner]:
        headers = {"x-api-key": self.key}
        async with httpx.AsyncClient(base_url=self.url, timeout=60, headers=headers) as http:
            yield Owner(url=self.url, key=self.key, http=http, session_id=self.session_id)


def _somebody() -> dict[str, str]:
    return {"email": f"{uuid.uuid4().hex}@littoral.test", "name": "Ada"}


@asynccontextmanager
async def opened(
    url: str, query: str = "", *, origin: str | None = None, key: str | None = None
) -> AsyncIterator[TerminalSocket]:
    """A socket at a ticket's url; whatever comes of it."""
    headers = {"x-api-key": key} if key else {}
    async with connect(
        url + query,
        subprotocols=["tty"],  # type: ignore[list-item]
        origin=origin,  # type: ignore[arg-type]
        additional_headers=headers,
        open_timeout=WAIT_SECONDS,
        max_size=None,
    ) as raw:
        yield TerminalSocket(raw)


class TerminalSocket:
    """Everything that came, by kind. ``output`` is what the shell wrote."""

    def __init__(self, raw: ClientConnection) -> None:
        self.raw = raw
        self.output = b""
        self.told: dict[str, list[Any]] = {}

    async def type(self, text: str) -> None:
        await self.raw.send(b"0" + text.encode())

    async def receive(self) -> None:
        """Takes one frame in. Raises ``ConnectionClosed`` when there will be none."""
        frame = await asyncio.wait_for(self.raw.recv(), WAIT_SECONDS)
        if isinstance(frame, str):
            self.told.setdefault("text", []).append(frame)
            return
        kind, body = frame[:1].decode(), frame[1:]
        if kind == "0":
            self.output += body
        else:
            value = body.decode() if kind == "1" else json.loads(body)
            self.told.setdefault(kind, []).append(value)

    async def until(self, fits: Callable[[], Any]) -> None:
        while not fits():
            await self.receive()

    async def until_output(self, text: str) -> None:
        await self.until(lambda: text.encode() in self.output)

    async def run(self, command: str, shown: str) -> None:
        """Types a line and waits for what it shows."""
        await self.type(f"{command}\r")
        await self.until_output(shown)

    @property
    def position(self) -> int:
        """Where the next byte belongs."""
        first, *skips = self.told["p"]
        return int(first["position"]) + len(self.output) + sum(each["skipped"] for each in skips)

    @property
    def place(self) -> str:
        """The query by which one goes on from here."""
        return f"&since={self.position}&shell={self.told['p'][-1]['shell']}"

    async def end(self) -> tuple[int, str]:
        """Reads on until the other side closes; code and reason."""
        try:
            while True:
                await self.receive()
        except ConnectionClosed as closed:
            assert closed.rcvd is not None, "the connection was cut"
            return closed.rcvd.code, closed.rcvd.reason
