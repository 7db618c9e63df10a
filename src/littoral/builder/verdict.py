"""What a look at the files means for a review: go on and repair what, or stop and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from littoral.builder.build import Review
from littoral.builder.issue import Issue, weight
from littoral.builder.limits import MAX_FILES_IN_PHASE, MAX_REVIEW_CYCLES

Stop = Literal["none_left", "cycles", "no_progress", "worse"]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """``stop`` is ``None`` while ``repair`` names files to be written anew."""

    stop: Stop | None = None
    repair: tuple[str, ...] = ()


def verdict(review: Review, issues: Sequence[Issue]) -> Verdict:
    """What to do about the issues that the look of this review found."""
    if not issues:
        return Verdict(stop="none_left")
    if review.before is not None:
        if weight(issues) > review.weight:
            return Verdict(stop="worse")
        if {each.fingerprint for each in issues} == set(review.before):
            return Verdict(stop="no_progress")
    if review.look > MAX_REVIEW_CYCLES:
        return Verdict(stop="cycles")
    order = sorted(issues, key=lambda each: not each.hard)
    files = list(dict.fromkeys(each.file for each in order))
    return Verdict(repair=tuple(files[:MAX_FILES_IN_PHASE]))
