"""The HTTP API with everything behind it in memory: what the API tests are written with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from littoral.api.app import build_app
from littoral.settings import Settings
from tests.fakes.clock import ManualClock
from tests.fakes.database import FakeDatabase
from tests.fakes.gateway import MemoryGateway
from tests.fakes.ids import LongIds
from tests.fakes.limiter import MemoryLimiter

SECRET = "a secret of the tests, long enough"
HERE = "http://littoral.test"


class ApiWorld:
    """One deployment. ``visitor`` is one browser or program: it keeps its cookies to itself."""

    def __init__(self, *, most_sessions: int = 200, **settings: Any) -> None:
        self.clock = ManualClock()
        ids = LongIds()
        self.database = FakeDatabase()
        self.gateway = MemoryGateway(self.clock, ids, self.database, most_sessions=most_sessions)
        self.settings = Settings(**{"session_secret": SECRET, **settings})
        self.limiter = MemoryLimiter(self.clock)
        self.app = build_app(
            self.gateway,
            self.settings,
            self.clock,
            ids,
            database=self.database,
            limiter=self.limiter,
        )

    @asynccontextmanager
    async def visitor(self, base_url: str = HERE) -> AsyncIterator[httpx.AsyncClient]:
        """A client with a cookie jar of its own."""
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url=base_url) as client:
            yield client

    @asynccontextmanager
    async def guest(self) -> AsyncIterator[httpx.AsyncClient]:
        """A visitor who has a cookie already."""
        async with self.visitor() as client:
            await client.get("/api/me")
            yield client

    def close(self) -> None:
        self.gateway.close()
        self.database.close()
        self.limiter.close()


def problem_of(response: httpx.Response, code: str) -> dict[str, Any]:
    """The problem in an answer, after checking that it is one and has this code."""
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["code"] == code, body
    assert body["status"] == response.status_code
    assert body["requestId"] == response.headers["x-request-id"]
    assert body["nextStep"]
    return body
