"""A difference in plain words, made of nothing but the difference: true without any model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from littoral.mesh.watch.difference import Difference

_SHOWN: Final = 5
_QUOTED: Final = 160


def headline(name: str, difference: Difference) -> str:
    """One line: what changed, in numbers. ``name`` is the watch's or the page's."""
    return f"{name[:80]}: {_numbers(difference)}"


def plain_words(difference: Difference) -> str:
    """What is new, gone and changed, in words of the page; the first few lines of each."""
    sentences = [_capital(_numbers(difference)) + "."]
    for old, new in difference.changed[:_SHOWN]:
        sentences.append(f"{_quoted(old)} is now {_quoted(new)}.")
    sentences += _listed("New", difference.added, difference.added_count)
    sentences += _listed("Gone", difference.removed, difference.removed_count)
    left = len(difference.changed) - _SHOWN
    if left > 0:
        sentences.append(f"{_lines(left)} more changed.")
    return "\n".join(sentences)


def _numbers(difference: Difference) -> str:
    parts = []
    if difference.changed:
        parts.append(f"{_lines(len(difference.changed))} changed")
    if difference.added_count:
        parts.append(f"{_lines(difference.added_count)} added")
    if difference.removed_count:
        parts.append(f"{_lines(difference.removed_count)} removed")
    if difference.moved:
        parts.append("the same lines in another order")
    return ", ".join(parts) or "nothing that can be read changed"


def _listed(word: str, lines: Sequence[str], count: int) -> list[str]:
    shown = [f"{word}: {_quoted(line)}." for line in lines[:_SHOWN]]
    if count > len(shown):
        shown.append(f"{word}: {_lines(count - len(shown))} more.")
    return shown


def _quoted(line: str) -> str:
    return f"“{line if len(line) <= _QUOTED else line[: _QUOTED - 1] + '…'}”"


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count:,} lines"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
