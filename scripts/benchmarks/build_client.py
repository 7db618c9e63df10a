"""A client that begins builds and takes the time of what it sees."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from benchmarks.socket_client import SocketClient

TIMEOUT_SECONDS = 600.0
LOOK_SECONDS = 0.05


@dataclass(frozen=True, kw_only=True)
class BuildTiming:
    """Milliseconds of one build and of looking at it.

    ``busy_socket`` is connected to while it builds, ``socket`` when it stands still; ``preview`` is
    its first request.
    """

    create: float
    busy_socket: float
    socket: float
    state: float
    generation: float
    preview: float
    preview_again: float
    files: int


class BuildClient:
    """One account."""

    def __init__(self, url: str, key: str) -> None:
        self._port = int(urlsplit(url).port or 80)
        self._key = key
        headers = {"x-api-key": key}
        self._http = httpx.AsyncClient(base_url=url, headers=headers, timeout=TIMEOUT_SECONDS)

    @classmethod
    async def sign_up(cls, url: str) -> BuildClient:
        """A new account."""
        body = {"email": f"bench{time.time_ns()}@example.com", "name": "Bench"}
        async with httpx.AsyncClient(base_url=url, timeout=TIMEOUT_SECONDS) as http:
            made = await http.post("/api/signup", json=body)
        made.raise_for_status()
        return cls(url, made.json()["apiKey"])

    async def close(self) -> None:
        await self._http.aclose()

    async def build(self, query: str) -> BuildTiming:
        """A whole build, with a socket to it, looks at it, and its preview."""
        began = time.perf_counter()
        made, create = await _timed(lambda: self._post("/agents", {"query": query, "start": True}))
        path = f"/agents/{made['sessionId']}"
        _, busy_socket = await _timed(lambda: self._socket(f"{path}/ws"))
        state = await self._ended(path)
        generation = (time.perf_counter() - began) * 1000
        if not str(state["status"]).startswith("completed"):
            raise SystemExit(f"a build ended as {state['status']}: {state['error']}")
        _, socket = await _timed(lambda: self._socket(f"{path}/ws"))
        _, looked = await _timed(lambda: self._get(path))
        url = (await self._get(f"{path}/preview"))["url"]
        _, first = await _timed(lambda: self._page(url))
        _, again = await _timed(lambda: self._page(url))
        return BuildTiming(
            create=create,
            busy_socket=busy_socket,
            socket=socket,
            state=looked,
            generation=generation,
            preview=first,
            preview_again=again,
            files=len(state["generatedFilesMap"]),
        )

    async def _socket(self, path: str) -> None:
        client = await SocketClient.open(self._port, path, {"x-api-key": self._key})
        client.close()

    async def _ended(self, path: str) -> dict[str, Any]:
        while True:
            state: dict[str, Any] = (await self._get(path))["state"]
            if state["status"] not in ("drafting", "waiting", "building", "reviewing"):
                return state
            await asyncio.sleep(LOOK_SECONDS)

    async def _page(self, url: str) -> None:
        async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as http:
            answer = await http.get(url)
        if answer.status_code != 200:
            raise SystemExit(f"a preview answered {answer.status_code}: {answer.text[-300:]}")

    async def _post(self, path: str, body: dict[str, Any]) -> Any:
        answer = await self._http.post(path, json=body)
        answer.raise_for_status()
        return answer.json()

    async def _get(self, path: str) -> Any:
        answer = await self._http.get(path)
        answer.raise_for_status()
        return answer.json()


async def _timed(work: Callable[[], Awaitable[Any]]) -> tuple[Any, float]:
    began = time.perf_counter()
    result = await work()
    return result, (time.perf_counter() - began) * 1000
