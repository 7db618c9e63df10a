"""Parts for a goal in words, by rules: what the planner does when no language model answers.

A goal is split at line breaks, semicolons, list marks and ``and then``. Each piece becomes one part
whose work follows from its words; a text that follows a colon, or stands in quotes, is its input.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from littoral.mesh.work.limits import MAX_PLANNED
from littoral.mesh.work.text_work import operation_in

_SPLIT: Final = re.compile(r"\s*(?:\r?\n|;|,?\s+and then\s+|,?\s+then\s+|(?<!\d)\.\s+(?=[A-Z]))\s*")
_MARK: Final = re.compile(r"^\s*(?:(?:[-*•]|\d+[.)])\s+)?(?:(?:and )?then\s+)?", re.IGNORECASE)
_HELD: Final = re.compile("\x00")
_URL: Final = re.compile(r"https?://[^\s\"'<>]+[^\s\"'<>.,;:!?)]")
_QUOTED: Final = re.compile(r"[\"“]([^\"”]+)[\"”]|(?<!\w)'([^']{2,})'(?!\w)")
_NUMBERS: Final = re.compile(r"\[\s*-?\d+(?:\.\d+)?(?:\s*,\s*-?\d+(?:\.\d+)?)*\s*\]")
_CALCULATES: Final = re.compile(
    r"\b(?:calculate|compute|generate|convert|parse|validate|format|sort|filter|add|multiply)\b",
    re.IGNORECASE,
)


def plain_plan(goal: str) -> list[dict[str, Any]]:
    """One to ``MAX_PLANNED`` parts ``{name, work, input}``; the same words, the same parts."""
    quotes = [each.group() for each in _QUOTED.finditer(goal)]
    held = _QUOTED.sub("\x00", goal)
    taken = iter(quotes)
    pieces = [
        _HELD.sub(lambda _: next(taken), _MARK.sub("", each).strip(" ."))
        for each in _SPLIT.split(held)
    ]
    kept = [each for each in pieces if each][:MAX_PLANNED]
    return [_part(each) for each in kept or [goal]]


def _part(words: str) -> dict[str, Any]:
    name = " ".join(words.split())[:60]
    url = _URL.search(words)
    if url is not None:
        return {"name": name, "work": "fetch", "input": {"url": url.group()}}
    operation = operation_in(words.partition(":")[0])
    text = _text_in(words)
    if operation is not None and text:
        return {"name": name, "work": "text", "input": {"operation": operation, "text": text}}
    if _CALCULATES.search(words):
        return {"name": name, "work": "function", "input": _call(words)}
    return {"name": name, "work": "model", "input": {"instruction": words, "data": None}}


def _call(words: str) -> dict[str, Any]:
    """A function's call: a list of numbers in the words becomes its argument."""
    found = _NUMBERS.search(words)
    if found is None:
        return {"description": words}
    numbers = json.loads(found.group())
    description = " ".join(_NUMBERS.sub("numbers", words, count=1).split())
    return {"description": description, "args": {"numbers": numbers}}


def _text_in(words: str) -> str:
    """The text that a piece is about: in quotes, or after a colon."""
    quoted = _QUOTED.search(words)
    if quoted is not None:
        return quoted.group(1) or quoted.group(2)
    return words.partition(":")[2].strip()
