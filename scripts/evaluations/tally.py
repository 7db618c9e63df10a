"""Counts answers: how many are right, of what they were taken for, and how sure they were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from evaluations.labelled import CLARIFY, Example

TYPES = ("code", "object", "agentic", "human")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a classifier said to one example.

    `answer` is a type or `clarify`; `guess` is the likeliest type and `confidence` (0 to 1) its
    own, also where it was not sure enough.
    """

    example: Example
    answer: str
    guess: str
    confidence: float
    layer: str

    @property
    def right(self) -> bool:
        return self.answer in self.example.accepted


@dataclass(frozen=True, kw_only=True)
class Score:
    """`asked` counts those that were answered with a question, rightly or not."""

    right: int
    asked: int
    all: int

    @property
    def share(self) -> float:
        return self.right / self.all if self.all else 0.0


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Guesses with a confidence from `low` to `high`: how sure they were, how often right."""

    low: float
    high: float
    count: int
    mean_confidence: float
    accuracy: float


def score(answers: Iterable[Answer]) -> Score:
    counted = list(answers)
    return Score(
        right=sum(each.right for each in counted),
        asked=sum(each.answer == CLARIFY for each in counted),
        all=len(counted),
    )


def scores_by(answers: Sequence[Answer], key: Callable[[Answer], str]) -> dict[str, Score]:
    """A score for each value of `key`, in the order in which they come."""
    keys = dict.fromkeys(key(each) for each in answers)
    return {name: score(each for each in answers if key(each) == name) for name in keys}


def confusion(answers: Iterable[Answer]) -> Counter[tuple[str, str]]:
    """How often each label was answered with what."""
    return Counter((each.example.label, each.answer) for each in answers)


def calibration(answers: Iterable[Answer], bins: int = 10) -> list[Bin]:
    """Guesses by their confidence; only of examples that have a type, and bins that have any."""
    typed = [each for each in answers if set(each.example.accepted) & set(TYPES)]
    found = []
    for index in range(bins):
        low, high = index / bins, (index + 1) / bins
        inside = [each for each in typed if _bin_of(each.confidence, bins) == index]
        if inside:
            sure = sum(each.confidence for each in inside) / len(inside)
            right = sum(each.guess in each.example.accepted for each in inside) / len(inside)
            found.append(
                Bin(low=low, high=high, count=len(inside), mean_confidence=sure, accuracy=right)
            )
    return found


def expected_calibration_error(bins: Sequence[Bin]) -> float:
    """Mean distance between confidence and accuracy, weighted by the guesses (0 is perfect)."""
    count = sum(each.count for each in bins)
    distances = sum(abs(each.mean_confidence - each.accuracy) * each.count for each in bins)
    return distances / count if count else 0.0


def _bin_of(confidence: float, bins: int) -> int:
    return min(int(confidence * bins), bins - 1)
