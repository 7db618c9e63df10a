"""The evaluation of the classifier: what is counted and printed."""

from __future__ import annotations

import pytest

from evaluations.eval_classifier import layers_answers, main, model_answers
from evaluations.labelled import Example, Split
from evaluations.report import mistakes, report
from evaluations.tally import (
    Answer,
    calibration,
    confusion,
    expected_calibration_error,
    score,
)
from tests.fakes.scripted_model import ScriptedModel, words


def answer(label: str, said: str, confidence: float = 0.9, *, split: Split = "tuned") -> Answer:
    example = Example(description="words", label=label, accepted=(label,), split=split)
    guess = "code" if said == "clarify" else said
    return Answer(example=example, answer=said, guess=guess, confidence=confidence, layer="rules")


def test_a_needless_question_is_a_wrong_answer() -> None:
    counted = score([answer("code", "code"), answer("code", "clarify")])
    assert (counted.right, counted.asked, counted.all, counted.share) == (1, 1, 2, 0.5)
    assert score([]).share == 0.0


def test_confusion_counts_labels_against_answers() -> None:
    counted = confusion([answer("human", "code"), answer("human", "code")])
    assert counted["human", "code"] == 2


def test_calibration_compares_confidence_with_accuracy() -> None:
    answers = [
        answer("code", "code", 1.0),
        answer("human", "code", 0.95),
        answer("clarify", "code"),
    ]
    bins = calibration(answers)
    assert [(each.low, each.count, each.accuracy) for each in bins] == [(0.9, 2, 0.5)]
    assert expected_calibration_error(bins) == pytest.approx(0.475)
    assert expected_calibration_error([]) == 0.0


def test_the_report_shows_held_out_ones_apart() -> None:
    answers = [answer("code", "code"), answer("human", "code", split="held-out")]
    text = report("rules", answers)
    assert "held-out         0     1      0.0%" in text
    assert "calibration, held-out" in text
    assert mistakes(answers).startswith("human    -> code")


def test_the_command_prints_every_table_and_fails_below_the_aim(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--split", "held-out", "--wrong"]) == 0
    printed = capsys.readouterr().out
    for title in ("by layer", "by label", "label \\ said", "calibration", "wrong answers"):
        assert title in printed
    assert main(["--least", "1.01"]) == 1


async def test_a_model_is_asked_alone_and_as_the_last_layer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = '{"ranked": [{"type": "object", "confidence": 0.9, "why": "x"}]}'
    asked = [
        Example(description=each, label="object", accepted=("object",), split="tuned")
        for each in ("The usual", "Sort the numbers")
    ]
    alone = await model_answers(ScriptedModel(words(said)), asked, 0.75)
    assert [each.answer for each in alone] == ["object", "clarify"]
    assert "no answer to 'Sort the numbers'" in capsys.readouterr().out
    together = await layers_answers(ScriptedModel(words(said)), asked)
    assert [(each.layer, each.answer) for each in together] == [
        ("model", "object"),
        ("rules", "code"),
    ]
