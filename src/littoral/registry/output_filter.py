"""Takes secrets and personal data out of a model's output while it comes in pieces.

What is given out is what the rules make of the whole text, however it was cut: words are held back
as long as they may be the beginning of a find. Where a text offers no good place to cut (a run of
thousands of characters without a space, a key block that does not end) the filter takes out too
much rather than too little.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from littoral.registry.agent import FilterChoice
from littoral.registry.filter_rules import (
    GOES_ON,
    KEY_END,
    MOST_SPACES,
    PERSONAL_DATA,
    REACH,
    SECRETS,
    Rule,
)

MAX_HELD: Final = 8_192
_SPACE: Final = re.compile(r"\s")
_BLOCK: Final = "private-key"


@dataclass(frozen=True, kw_only=True)
class Find:
    """``text[start:end]`` is taken out; the find as a whole begins at ``begin``.

    What has the form and fails the check is no find, but no cut goes through it either. ``goes_on``
    is true of a key block whose end has not come yet.
    """

    rule: str
    begin: int
    start: int
    end: int
    holds: bool
    goes_on: bool = False


class OutputFilter:
    """One output's filter. ``feed`` what comes, give out what it gives, end with ``finish``."""

    def __init__(self, choice: FilterChoice) -> None:
        secrets = SECRETS if choice.secrets else ()
        self._rules: tuple[Rule, ...] = (
            secrets + PERSONAL_DATA if choice.personal_data else tuple(secrets)
        )
        self._held = ""
        self._swallowing: str | None = None
        self._counts: Counter[str] = Counter()

    @property
    def counts(self) -> list[dict[str, str | int]]:
        """How much was taken out so far: ``{rule, count}`` by rule."""
        return [{"rule": name, "count": count} for name, count in sorted(self._counts.items())]

    def feed(self, text: str) -> str:
        """The words that are sure now; may be none."""
        if not self._rules:
            return text
        self._held += text
        if self._swallowing and not self._swallow():
            return ""
        finds = self._finds()
        cut = self._safe_cut(finds)
        if len(self._held) - cut > MAX_HELD:
            return self._overflow(finds)
        return self._give(cut, finds)

    def finish(self) -> str:
        """The rest; nothing comes after it."""
        if not self._rules:
            return ""
        if self._swallowing and not self._swallow():
            self._held = ""
            return ""
        return self._give(len(self._held), self._finds())

    # --- where to cut ----------------------------------------------------------------------------

    def _safe_cut(self, finds: Sequence[Find]) -> int:
        """Everything before it stays as it is, whatever comes: no find begins there and goes on."""
        return _before(_hold_from(self._held), finds)

    def _overflow(self, finds: Sequence[Find]) -> str:
        """Too much is held: gives it out but for its end, or takes out a find that goes on."""
        end = len(self._held)
        open_ones = [each for each in _merged(finds) if each.end == end]
        if open_ones:
            blocks = any(each.goes_on for each in finds)
            given = self._give(end, finds)
            self._swallowing = _BLOCK if blocks else open_ones[-1].rule
            return given
        return self._give(_before(end - REACH, finds), finds)

    def _swallow(self) -> bool:
        """Drops what still belongs to a find that was taken out; whether that has ended."""
        pattern = KEY_END if self._swallowing == _BLOCK else _SPACE
        found = pattern.search(self._held)
        if found is None:
            self._held = self._held[-REACH:] if self._swallowing == _BLOCK else ""
            return False
        at = found.end() if self._swallowing == _BLOCK else found.start()
        self._held, self._swallowing = self._held[at:], None
        return True

    # --- finds -----------------------------------------------------------------------------------

    def _give(self, cut: int, finds: Sequence[Find]) -> str:
        pieces, at = [], 0
        for each in _merged(finds):
            if each.start >= cut:
                break
            pieces += [self._held[at : each.start], f"[{each.rule} removed]"]
            self._counts[each.rule] += 1
            at = each.end
        pieces.append(self._held[at:cut])
        self._held = self._held[cut:]
        return "".join(pieces)

    def _finds(self) -> list[Find]:
        """All finds in what is held, in the order in which they begin."""
        found = []
        for rule in self._rules:
            for match in rule.pattern.finditer(self._held):
                group = 1 if match.re.groups else 0
                found.append(
                    Find(
                        rule=rule.name,
                        begin=match.start(),
                        start=match.start(group),
                        end=max(match.end(), match.end(group)),
                        holds=rule.holds(match.group(group)),
                        goes_on=rule.name == _BLOCK and not KEY_END.search(match.group()),
                    )
                )
        return sorted(found, key=lambda each: (each.begin, -each.end))


def _merged(finds: Sequence[Find]) -> list[Find]:
    """What is taken out: finds that overlap are one, under the name of the first."""
    kept: list[Find] = []
    for each in sorted(finds, key=lambda find: (find.start, -find.end)):
        if not each.holds:
            continue
        if kept and each.start < kept[-1].end:
            kept[-1] = replace(kept[-1], end=max(kept[-1].end, each.end))
        else:
            kept.append(each)
    return kept


def _before(cut: int, finds: Sequence[Find]) -> int:
    """The last place at or before ``cut`` that no find goes across."""
    moved = True
    while moved:
        moved = False
        for each in finds:
            if each.begin < cut and (cut < each.end or each.goes_on):
                cut, moved = each.begin, True
    return cut


def _hold_from(text: str) -> int:
    """Where the words begin that may be the beginning of a find: the last one, and those before
    it that it may continue."""
    cut = _run_start(text, len(text))
    while cut > 0:
        end = len(text[:cut].rstrip(" \t"))
        if cut - end > MOST_SPACES or GOES_ON.search(text, max(0, end - REACH), end) is None:
            break
        cut = _run_start(text, end)
    return cut


def _run_start(text: str, at: int) -> int:
    """Where the run of characters without a space that ``at`` lies in begins."""
    while at > 0 and not text[at - 1].isspace():
        at -= 1
    return at


def filtered(text: str, choice: FilterChoice) -> tuple[str, list[dict[str, str | int]]]:
    """A whole text at once, and what was taken out of it."""
    whole = OutputFilter(choice)
    return whole.feed(text) + whole.finish(), whole.counts
