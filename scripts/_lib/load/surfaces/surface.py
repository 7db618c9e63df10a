"""Owns what a surface is to a load."""

from __future__ import annotations

from typing import Protocol

from _lib.load.client import Client


class Surface(Protocol):
    """One way into the platform. `needs` is a route without which it is not there.

    At most `at_once` of its operations go on at a time, whatever the mix says.
    """

    needs: str
    at_once: int

    async def prepare(self, client: Client) -> None:
        """What its operations need; once, before the clock runs."""
        ...

    async def once(self, client: Client, number: int) -> None:
        """One operation, from the request to its end; `number` is never given twice.

        Raises `Untrue`, `Refused`, `TimeoutError` or httpx's errors.
        """
        ...

    async def finish(self, client: Client) -> None:
        """Proves what can only be proved at the end, and takes away what can be taken away."""
        ...
