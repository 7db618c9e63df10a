"""A model that plays a script: each call of it plays the next scene."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

from littoral.errors import ModelUnavailable
from littoral.models.model import (
    Chosen,
    Finished,
    ModelEvent,
    ModelRequest,
    TextDelta,
    ToolCall,
    ToolCallReady,
    Usage,
)

Scene = Sequence[ModelEvent | Exception | asyncio.Event]


def words(text: str, *, tokens: int = 5) -> list[ModelEvent]:
    """A scene that says ``text`` word by word and ends."""
    deltas: list[ModelEvent] = [TextDelta(text=piece) for piece in text.split("|")]
    return [*deltas, Finished(usage=Usage(input_tokens=10, output_tokens=tokens))]


def calls(*wanted: tuple[str, dict[str, Any]], prefix: str = "call") -> list[ModelEvent]:
    """A scene that calls tools and ends."""
    made: list[ModelEvent] = [
        ToolCallReady(call=ToolCall(id=f"{prefix}{n}", name=name, arguments=json.dumps(arguments)))
        for n, (name, arguments) in enumerate(wanted)
    ]
    return [*made, Finished(reason="tool-calls", usage=Usage(input_tokens=10, output_tokens=5))]


class ScriptedModel:
    """Plays scenes in order; an ``asyncio.Event`` in one waits for it, an exception is raised."""

    def __init__(self, *scenes: Scene, name: str = "scripted") -> None:
        self.scenes = list(scenes)
        self.requests: list[ModelRequest] = []
        self._name = name

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelEvent]:
        self.requests.append(request)
        if not self.scenes:
            raise ModelUnavailable("The script has ended.")
        yield Chosen(model=self._name)
        for event in self.scenes.pop(0):
            if isinstance(event, asyncio.Event):
                await event.wait()
            elif isinstance(event, Exception):
                raise event
            else:
                yield event
