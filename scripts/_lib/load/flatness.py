"""Owns the judgement whether a server's memory is flat.

Garbage collection makes a saw of the curve, and a server that has just begun grows into its caches.
So the first third is not looked at, and of the two others the lower quartiles are compared: flat is
what grew by no more than a tenth, or by no more than 48 MB.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.samples import percentile

LEAST_SAMPLES = 12
LEAST_SECONDS = 240.0
MOST_SHARE = 0.10
MOST_MEGABYTES = 48.0
QUARTILE = 25


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What was seen `at` seconds after the beginning."""

    at: float
    megabytes: float


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`flat` is `None` when too little was seen to say."""

    flat: bool | None
    words: str


def judge(samples: Sequence[Sample]) -> Verdict:
    """Whether these samples, in order, are flat."""
    span = samples[-1].at - samples[0].at if samples else 0.0
    if len(samples) < LEAST_SAMPLES or span < LEAST_SECONDS:
        words = f"not judged: less than {LEAST_SECONDS:.0f} s or {LEAST_SAMPLES} looks"
        return Verdict(flat=None, words=words)
    third = span / 3
    begun = samples[0].at
    middle = [each.megabytes for each in samples if third <= each.at - begun < 2 * third]
    last = [each.megabytes for each in samples if each.at - begun >= 2 * third]
    before, after = percentile(middle, QUARTILE), percentile(last, QUARTILE)
    grown = after - before
    flat = grown <= max(MOST_SHARE * before, MOST_MEGABYTES)
    words = (
        f"{'flat' if flat else 'NOT FLAT'}: {before:.0f} MB in the second third, {after:.0f} MB in "
        f"the last (lower quartiles), {grown:+.0f} MB"
    )
    return Verdict(flat=flat, words=words)
