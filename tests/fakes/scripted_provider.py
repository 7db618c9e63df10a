"""A provider of a model that plays a script: each call gives the next part of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from littoral.models.model import Finished, ModelEvent, ModelRequest, TextDelta, Usage

Part = Sequence[ModelEvent | Exception]


def answer(*texts: str, usage: Usage | None = None) -> Part:
    """Words and a proper end."""
    return [*(TextDelta(text=each) for each in texts), Finished(usage=usage or Usage())]


class ScriptedProvider:
    """``Model`` that plays its parts one call after the other; the last one is repeated.

    ``requests`` are the calls it saw, ``closed`` counts the streams that came to an end or were
    closed.
    """

    def __init__(self, *parts: Part) -> None:
        self._parts = list(parts)
        self.requests: list[ModelRequest] = []
        self.closed = 0

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelEvent]:
        self.requests.append(request)
        part = self._parts.pop(0) if len(self._parts) > 1 else self._parts[0]
        try:
            for each in part:
                if isinstance(each, Exception):
                    raise each
                yield each
        finally:
            self.closed += 1
