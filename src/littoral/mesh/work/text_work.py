"""Work on text that needs no model: a small set of operations, each exact and always the same."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final

from littoral.errors import InvalidInput

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
MOST_FREQUENT: Final = 20


def _lines(text: str) -> list[str]:
    return text.splitlines()


def _frequencies(text: str) -> list[dict[str, Any]]:
    counted = Counter(each.lower() for each in _WORD.findall(text))
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"word": word, "count": count} for word, count in ordered[:MOST_FREQUENT]]


OPERATIONS: Final[Mapping[str, Callable[[str], Any]]] = {
    "count words": lambda text: len(_WORD.findall(text)),
    "count lines": lambda text: len(_lines(text)),
    "count characters": len,
    "word frequencies": _frequencies,
    "upper case": str.upper,
    "lower case": str.lower,
    "title case": str.title,
    "sort lines": lambda text: "\n".join(sorted(_lines(text))),
    "unique lines": lambda text: "\n".join(dict.fromkeys(_lines(text))),
    "reverse lines": lambda text: "\n".join(reversed(_lines(text))),
    "trim lines": lambda text: "\n".join(line.strip() for line in _lines(text)),
    "digest": lambda text: hashlib.sha256(text.encode()).hexdigest(),
}
"""Operations by their name; each takes a text and gives a JSON value."""

_WORDS: Final = (
    (r"\b(?:word )?frequenc(?:y|ies)\b|\bmost (?:common|frequent) words\b", "word frequencies"),
    (r"\b(?:count|number of|how many)\b.*\bwords?\b|\bword counts?\b", "count words"),
    (r"\b(?:count|number of|how many)\b.*\blines?\b|\bline counts?\b", "count lines"),
    (r"\b(?:count|number of|how many)\b.*\b(?:characters?|letters?)\b", "count characters"),
    (r"\bupper[ -]?cased?\b|\bcapital letters\b", "upper case"),
    (r"\blower[ -]?cased?\b|\bsmall letters\b", "lower case"),
    (r"\btitle[ -]?cased?\b|\bcapitali[sz]e\b", "title case"),
    (r"\bsort(?:ed)?\b.*\blines?\b", "sort lines"),
    (r"\b(?:unique|distinct|duplicate)\b.*\blines?\b|\bdeduplicate\b", "unique lines"),
    (r"\breversed?\b.*\blines?\b", "reverse lines"),
    (r"\btrim(?:med)?\b|\bstrip(?:ped)?\b", "trim lines"),
    (r"\b(?:digest|sha-?256|hash|checksum)\b", "digest"),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), name) for pattern, name in _WORDS)


def operation_in(words: str) -> str | None:
    """The first operation that words ask for, ``None`` when they ask for none of these."""
    for pattern, name in _PATTERNS:
        if pattern.search(words):
            return name
    return None


def text_result(operation: str, text: str) -> Any:
    """What an operation gives; raises ``InvalidInput`` for a name that is none."""
    found = OPERATIONS.get(operation)
    if found is None:
        raise InvalidInput(
            f"There is no work on text called {operation[:60]!r}.",
            next_step=f"Ask for one of: {', '.join(OPERATIONS)}.",
        )
    return found(text)
