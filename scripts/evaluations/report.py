"""Prints what came out, as tables of plain text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evaluations.labelled import CLARIFY
from evaluations.tally import (
    TYPES,
    Answer,
    Score,
    calibration,
    confusion,
    expected_calibration_error,
    score,
    scores_by,
)


def report(title: str, answers: Sequence[Answer]) -> str:
    """Everything about one run of a classifier over examples."""
    parts = [
        title,
        _scores("by split", {"all": score(answers), **scores_by(answers, _split)}),
        _scores("by label", scores_by(answers, _label)),
        _scores("by layer", scores_by(answers, _layer)),
        _confusion(answers),
        _calibration("calibration", answers),
    ]
    held_out = [each for each in answers if _split(each) == "held-out"]
    if held_out and len(held_out) < len(answers):
        parts.append(_calibration("calibration, held-out", held_out))
    return "\n\n".join(parts)


def mistakes(answers: Iterable[Answer]) -> str:
    """A line for each wrong answer."""
    return "\n".join(
        f"{each.example.label:8} -> {each.answer:8} ({each.guess} {each.confidence:.2f})  "
        f"{each.example.description[:90]}"
        for each in answers
        if not each.right
    )


def _scores(name: str, scores: dict[str, Score]) -> str:
    rows = [f"{name:12} {'right':>7} {'of':>5} {'accuracy':>9} {'asked':>6}"]
    for key, each in scores.items():
        rows.append(f"  {key:10} {each.right:7} {each.all:5} {each.share:9.1%} {each.asked:6}")
    return "\n".join(rows)


def _confusion(answers: Sequence[Answer]) -> str:
    counted = confusion(answers)
    columns = (*TYPES, CLARIFY)
    rows = ["label \\ said " + "".join(f"{each:>9}" for each in columns)]
    for label in columns:
        rows.append(f"  {label:10} " + "".join(f"{counted[label, each]:9}" for each in columns))
    return "\n".join(rows)


def _calibration(name: str, answers: Sequence[Answer]) -> str:
    bins = calibration(answers)
    rows = [f"{name}\n  confidence     n   said  right"]
    for each in bins:
        span = f"{each.low:.1f} to {each.high:.1f}"
        rows.append(f"  {span} {each.count:5} {each.mean_confidence:6.2f} {each.accuracy:6.2f}")
    rows.append(f"  expected calibration error {expected_calibration_error(bins):.3f}")
    return "\n".join(rows)


def _split(answer: Answer) -> str:
    return answer.example.split


def _label(answer: Answer) -> str:
    return answer.example.label


def _layer(answer: Answer) -> str:
    return answer.layer
