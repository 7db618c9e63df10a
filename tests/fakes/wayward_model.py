"""A model that builds as the offline one does, except where a test has it misbehave."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from littoral.builder.offline.skill import OfflineBuilder
from littoral.models.fenced import find_fenced
from littoral.models.model import (
    Chosen,
    Finished,
    ModelEvent,
    ModelRequest,
    TextDelta,
    Usage,
)
from littoral.models.offline import OfflineModel
from littoral.models.reply_stream import close

Answer = str | Exception | Sequence[ModelEvent | asyncio.Event | Exception]
Wayward = Callable[[ModelRequest], Answer | None]


def title_of(request: ModelRequest) -> str:
    """The title of the document that is asked for; ``file`` for a file."""
    return str((request.response_schema or {}).get("title", "file"))


def asked_file(request: ModelRequest) -> dict[str, Any]:
    """Path and purpose of the file that is asked for."""
    return dict(find_fenced("file", request.messages[-1].text) or {})


def file_answer(path: str, text: str) -> str:
    """A whole file between its marks."""
    return f"<<<FILE {path}>>>\n{text}\n<<<END {path}>>>\n"


class WaywardModel:
    """``answers(request)`` is what it says instead; ``None``: as the offline model.

    A text or a document is said in two pieces, an ``asyncio.Event`` is waited for, an exception is
    raised. ``requests`` are all that were made; ``closed`` counts answers that were closed early.
    """

    def __init__(self, answers: Wayward, *, name: str = "wayward", degraded: str = "") -> None:
        self._answers = answers
        self._name = name
        self._degraded = degraded
        self._offline = OfflineModel((OfflineBuilder(),))
        self.requests: list[ModelRequest] = []
        self.closed = 0

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelEvent]:
        self.requests.append(request)
        answer = self._answers(request)
        if isinstance(answer, Exception):
            raise answer
        yield Chosen(model=self._name, degraded=bool(self._degraded), reason=self._degraded)
        ended = False
        try:
            if answer is None:
                events = self._offline.stream(request)
                try:
                    async for event in events:
                        ended = isinstance(event, Finished)
                        yield event
                finally:
                    await close(events)
            else:
                for each in _scene(answer):
                    if isinstance(each, asyncio.Event):
                        await each.wait()
                    elif isinstance(each, Exception):
                        raise each
                    else:
                        ended = isinstance(each, Finished)
                        yield each
            ended = True
        finally:
            if not ended:
                self.closed += 1

    def titles(self) -> list[str]:
        """What was asked for, in order."""
        return [title_of(each) for each in self.requests]


def document(value: Any) -> str:
    """A JSON document as a model says it."""
    return json.dumps(value)


def _scene(answer: Answer) -> Sequence[Any]:
    if not isinstance(answer, str):
        assert not isinstance(answer, Exception)
        return answer
    half = len(answer) // 2
    said = [TextDelta(text=part) for part in (answer[:half], answer[half:]) if part]
    return [*said, Finished(usage=Usage(input_tokens=100, output_tokens=len(answer) // 4))]
