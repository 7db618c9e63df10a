"""What is new on a page and what is gone, line by line: facts, before anybody explains them.

Lines are compared as a bag, in time that grows with their number alone: a line that moved is
neither new nor gone. A few that are alike are told as changed. Nothing is guessed: every word given
stands in one of the two texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final

MOST_LINES: Final = 40
LINE_CHARACTERS: Final = 300
_MOST_PAIRED: Final = 12
_ALIKE: Final = 0.6


@dataclass(frozen=True, kw_only=True)
class Difference:
    """``added``, ``removed`` and ``changed`` (from, to) hold the first lines of each, shortened.

    The counts are of all lines. ``moved`` says that the same lines stand in another order.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[tuple[str, str], ...] = ()
    added_count: int = 0
    removed_count: int = 0
    moved: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether every line of the difference is here."""
        return len(self.added) == self.added_count and len(self.removed) == self.removed_count

    def to_json(self) -> dict[str, Any]:
        return {
            "added": list(self.added),
            "removed": list(self.removed),
            "changed": [{"from": old, "to": new} for old, new in self.changed],
            "addedCount": self.added_count,
            "removedCount": self.removed_count,
            "moved": self.moved,
        }

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Difference:
        """What ``to_json`` wrote; raises ``KeyError`` or ``TypeError`` for anything else."""
        return cls(
            added=tuple(map(str, value["added"])),
            removed=tuple(map(str, value["removed"])),
            changed=tuple((str(each["from"]), str(each["to"])) for each in value["changed"]),
            added_count=int(value["addedCount"]),
            removed_count=int(value["removedCount"]),
            moved=bool(value["moved"]),
        )


def compare(old: Sequence[str], new: Sequence[str]) -> Difference:
    """What changed from ``old`` to ``new``; the same lines in both give an empty difference."""
    added = _beyond(new, old)
    removed = _beyond(old, new)
    changed = _pairs(removed, added)
    for gone, come in changed:
        removed.remove(gone)
        added.remove(come)
    return Difference(
        added=_shown(added),
        removed=_shown(removed),
        changed=tuple((_short(gone), _short(come)) for gone, come in changed),
        added_count=len(added),
        removed_count=len(removed),
        moved=not (added or removed or changed) and list(old) != list(new),
    )


def _beyond(lines: Sequence[str], others: Iterable[str]) -> list[str]:
    """The lines that ``others`` has not, or has less often, in their order."""
    left = Counter(others)
    found = []
    for line in lines:
        if left[line] > 0:
            left[line] -= 1
        else:
            found.append(line)
    return found


def _pairs(removed: Sequence[str], added: Sequence[str]) -> list[tuple[str, str]]:
    """Lines that became others, best first; none where there are many, which would take long."""
    if not removed or not added or max(len(removed), len(added)) > _MOST_PAIRED:
        return []
    alike = [
        (_likeness(gone, come), -at, -to, gone, come)
        for at, gone in enumerate(removed)
        for to, come in enumerate(added)
    ]
    pairs: list[tuple[str, str]] = []
    used: set[tuple[str, int]] = set()
    for likeness, at, to, gone, come in sorted(alike, reverse=True):
        if likeness >= _ALIKE and not used & {("gone", at), ("come", to)}:
            used |= {("gone", at), ("come", to)}
            pairs.append((gone, come))
    return sorted(pairs, key=lambda pair: removed.index(pair[0]))


def _likeness(one: str, other: str) -> float:
    match = SequenceMatcher(None, one[:LINE_CHARACTERS], other[:LINE_CHARACTERS], autojunk=False)
    if match.real_quick_ratio() < _ALIKE or match.quick_ratio() < _ALIKE:
        return 0.0
    return match.ratio()


def _shown(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(_short(line) for line in lines[:MOST_LINES])


def _short(line: str) -> str:
    return line if len(line) <= LINE_CHARACTERS else line[: LINE_CHARACTERS - 1] + "…"
