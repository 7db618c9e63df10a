"""The place that commands run in, as the package sees it: a container with the daemon inside.

The platform's implementation is ``littoral.platform.container``; tests join it to a real daemon or
to a fake. Starting and stopping with retries and deadlines is ``lifecycle.py``'s business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol


class BoxSilent(Exception):
    """The daemon did not answer: not there yet, gone, or too slow. Never leaves the package."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the daemon said. ``body`` is bytes as they came."""

    status: int
    body: bytes


class Box(Protocol):
    """One container. It is gone for good when it stops: a new start begins with empty folders."""

    @property
    def running(self) -> bool:
        """What the platform knows at this moment, without asking."""
        ...

    def start(self, network: Sequence[str]) -> None:
        """Begins to start it; returns before the daemon listens. Only when it does not run."""
        ...

    async def request(
        self, method: str, path: str, body: bytes | None = None, *, timeout_seconds: float
    ) -> Answer:
        """One HTTP request to the daemon. Raises ``BoxSilent``; repeating is up to the caller."""
        ...

    async def forward(self, request: Any, path: str) -> Any:
        """Hands a request of the platform's (also an upgrade) to the daemon; gives its answer."""
        ...

    async def destroy(self) -> None:
        """Ends it with everything in it. Repeatable."""
        ...

    def keep(self, seconds: float) -> None:
        """Asks the platform to let it run for so long without its object."""
        ...
