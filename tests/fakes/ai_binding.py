"""An ``env.AI`` that plays a script: text of a whole answer, chunks of a stream, or a failure."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

from littoral.models.workers_ai import AiFailed

Chunk = bytes | str | AiFailed | asyncio.Event
Answer = str | AiFailed | asyncio.Event | Sequence[Chunk]


class ScriptedAi:
    """Plays its answers in order, the last one again and again. An event is waited for."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.calls: list[tuple[str, dict[str, Any], dict[str, Any]]] = []
        self.closed = 0

    async def run(
        self, model: str, inputs_json: str, options_json: str
    ) -> str | AsyncIterator[bytes | str]:
        self.calls.append((model, json.loads(inputs_json), json.loads(options_json)))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, AiFailed):
            raise answer
        if isinstance(answer, asyncio.Event):
            await answer.wait()
            return ""
        return answer if isinstance(answer, str) else self._chunks(answer)

    async def _chunks(self, chunks: Sequence[Chunk]) -> AsyncIterator[bytes | str]:
        try:
            for each in chunks:
                if isinstance(each, AiFailed):
                    raise each
                if isinstance(each, asyncio.Event):
                    await each.wait()
                else:
                    yield each
        finally:
            self.closed += 1
