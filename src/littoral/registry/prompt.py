"""What a model is sent for an execution, and which passages its answer rests on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

from littoral.memory.passages import Passage
from littoral.models.fenced import fenced
from littoral.models.model import ModelMessage, ModelRequest
from littoral.registry.execution import Ask

PASSAGES: Final = "passages"
_CITED: Final = re.compile(r"\[([0-9]{1,2})\]")


def request_of(
    ask: Ask, passages: Sequence[Passage], *, affinity: str, timeout_seconds: float
) -> ModelRequest:
    """The request: the agent's instructions, the passages as fenced data, the filled-in prompt."""
    definition = ask.definition
    instructions = [definition.system_prompt] if definition.system_prompt else []
    prompt = ask.prompt
    if passages:
        instructions.append(_memory_instructions())
        numbered = [
            {"number": number, "title": each.title, "text": each.text}
            for number, each in enumerate(passages, 1)
        ]
        prompt = f"{fenced(PASSAGES, numbered)}\n\n{ask.prompt}"
    messages = [ModelMessage(role="user", text=prompt)]
    if instructions:
        messages.insert(0, ModelMessage(role="system", text="\n\n".join(instructions)))
    return ModelRequest(
        messages=messages,
        max_output_tokens=definition.max_tokens,
        temperature=definition.temperature,
        affinity=affinity,
        timeout_seconds=timeout_seconds,
        gateway=definition.gateway.to_json() if definition.gateway else None,
    )


def citations_of(passages: Sequence[Passage], output: str) -> tuple[dict[str, Any], ...]:
    """The passages that were given, numbered as the model saw them; ``cited``: it named them."""
    named = {int(each) for each in _CITED.findall(output)}
    return tuple(
        {
            "number": number,
            "documentId": each.document_id,
            "title": each.title,
            "passage": each.text,
            "start": each.start,
            "end": each.end,
            "score": each.score,
            "cited": number in named,
        }
        for number, each in enumerate(passages, 1)
    )


@cache
def _memory_instructions() -> str:
    return files("littoral.registry").joinpath("memory.txt").read_text(encoding="utf-8").strip()
