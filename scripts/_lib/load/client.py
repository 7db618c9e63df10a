"""Owns one account's requests: what an answer must be, and how long limits are respected."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final

import httpx

Json = dict[str, Any]

TIMEOUT_SECONDS: Final = 120.0
LOOK_SECONDS: Final = 0.25
MOST_WAIT_SECONDS: Final = 30.0


class Untrue(Exception):
    """An answer of the right form that does not say what is so."""


class Refused(Exception):
    """A problem that the server answered; `code` is its own."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


class Client:
    """One account of one server. `waited` counts answers that asked for patience."""

    def __init__(
        self,
        url: str,
        key: str,
        *,
        connections: int,
        key_id: str = "",
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        headers = {"x-api-key": key}
        self.http = httpx.AsyncClient(
            base_url=url,
            headers=headers,
            timeout=TIMEOUT_SECONDS,
            limits=limits,
            transport=transport,
        )
        self.key_id = key_id
        self.waited = 0

    @classmethod
    async def sign_up(cls, url: str, *, connections: int) -> Client:
        """A client with an account of its own."""
        body = {"email": f"load{time.time_ns()}@example.com", "name": "Load"}
        async with httpx.AsyncClient(base_url=url, timeout=TIMEOUT_SECONDS) as http:
            made = await http.post("/api/signup", json=body)
        if made.status_code != 201:
            raise SystemExit(f"nobody can sign up at {url}: {made.text[:300]}")
        found = made.json()
        return cls(url, found["apiKey"], connections=connections, key_id=found["key"]["id"])

    async def paths(self) -> set[str]:
        """The routes that the server has."""
        return set((await self.ask("GET", "/openapi.json"))["paths"])

    async def ask(self, method: str, path: str, **more: Any) -> Json:
        """A JSON answer. Waits where a limit asks for it; raises `Refused` for other problems."""
        until = time.monotonic() + MOST_WAIT_SECONDS
        while True:
            answer = await self.http.request(method, path, **more)
            if answer.status_code < 400:
                found: Json = answer.json() if answer.content else {}
                return found
            problem = _problem(answer)
            wait = float(answer.headers.get("retry-after") or 0)
            patient = answer.status_code == 429 and problem.code == "rate_limited" and wait
            if not patient or time.monotonic() + wait > until:
                raise problem
            self.waited += 1
            await asyncio.sleep(wait)

    async def until(self, path: str, done: Callable[[Json], bool], seconds: float) -> Json:
        """Asks again until `done` says so; raises `TimeoutError` after so many seconds."""
        async with asyncio.timeout(seconds):
            found = await self.ask("GET", path)
            while not done(found):
                await asyncio.sleep(LOOK_SECONDS)
                found = await self.ask("GET", path)
            return found

    async def close(self) -> None:
        """Ends the key that was made, and the connections."""
        try:
            if self.key_id:
                await self.http.delete(f"/api/keys/{self.key_id}")
        finally:
            await self.http.aclose()


def _problem(answer: httpx.Response) -> Refused:
    try:
        body = answer.json()
        return Refused(str(body["code"]), str(body["detail"]))
    except (ValueError, LookupError, TypeError):
        return Refused(f"http_{answer.status_code}", answer.text[:200])


def require(holds: bool, words: str, found: Any) -> None:
    """Raises `Untrue` with what was found, unless it holds."""
    if not holds:
        raise Untrue(f"{words}: {str(found)[:300]}")
