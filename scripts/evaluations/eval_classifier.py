"""How often described functions get the right type: by layer, by type, and how sure it was.

Without --model the layers that need no network answer. With it a model is asked as well: alone for
every description, then as the last layer. Settings come from the environment (OPENAI_BASE_URL,
OPENAI_API_KEY), as `./scripts/dev` takes them; Workers AI answers inside a Worker only.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from collections.abc import Sequence
from dataclasses import replace

from evaluations.labelled import CLARIFY, Example, read_examples
from evaluations.report import mistakes, report
from evaluations.tally import Answer, score
from littoral.clock import SystemClock
from littoral.errors import LittoralError
from littoral.functions.classification.cache import CACHE_SCHEMA, SqlCache
from littoral.functions.classification.classification import Classification
from littoral.functions.classification.classifier import THRESHOLD, Classifier, judged
from littoral.functions.classification.model_layer import ModelLayer
from littoral.functions.classification.overrides import OVERRIDES_SCHEMA, SqlOverrides
from littoral.functions.classification.rules import rank
from littoral.functions.classification.skill import ClassificationSkill
from littoral.models.deployment import build
from littoral.models.model import Model
from littoral.models.offline import OFFLINE, OfflineModel
from littoral.settings import Settings
from littoral.store.migrations import migrate
from tests.fakes.http_client import HttpxClient
from tests.fakes.sqlite import Sqlite

ENOUGH = 0.9


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    examples = [each for each in read_examples() if options.split in ("all", each.split)]
    begun = time.process_time()
    answers = rules_answers(examples, options.threshold)
    spent = (time.process_time() - begun) / max(1, len(examples))
    _show("rules alone", answers, wrong=options.wrong)
    print(f"the rules take {spent * 1e6:.0f} µs of processor time for each description\n")
    if options.model == OFFLINE:
        model = OfflineModel((ClassificationSkill(),))
        answers = asyncio.run(layers_answers(model, examples, options.threshold))
        _show("all layers, offline", answers, wrong=options.wrong)
    else:
        answers = asyncio.run(_with_model(examples, options))
    return 0 if score(answers).share >= options.least else 1


def rules_answers(examples: Sequence[Example], threshold: float = THRESHOLD) -> list[Answer]:
    """What the rules say, without any other layer."""
    found = [rank(each.description, each.args, each.schema).ranked for each in examples]
    return [
        _answer(example, judged(ranked, "rules", threshold))
        for example, ranked in zip(examples, found, strict=True)
    ]


async def layers_answers(
    model: Model, examples: Sequence[Example], threshold: float = THRESHOLD
) -> list[Answer]:
    """What the whole classifier says, with nothing remembered before."""
    sql, clock = Sqlite(), SystemClock()
    migrate(sql, (CACHE_SCHEMA, OVERRIDES_SCHEMA))
    classifier = Classifier(
        model, SqlCache(sql, clock), SqlOverrides(sql, clock), threshold=threshold
    )
    found = []
    for each in examples:
        answer = await classifier.classify(each.description, args=each.args, schema=each.schema)
        found.append(_answer(each, answer))
    return found


async def model_answers(
    model: Model, examples: Sequence[Example], threshold: float
) -> list[Answer]:
    """What the model says to each, the rules aside. One that fails has asked back."""
    layer, found = ModelLayer(model), []
    for each in examples:
        try:
            opinion = await layer.ask(each.description, each.args, each.schema)
            ranked = opinion.ranked
        except LittoralError as error:
            print(f"no answer to {each.description[:60]!r}: {error.detail}")
            ranked = tuple(replace(one, confidence=0.0) for one in rank("").ranked)
        found.append(_answer(each, judged(ranked, "model", threshold)))
    return found


async def _with_model(examples: Sequence[Example], options: argparse.Namespace) -> list[Answer]:
    environment = {**os.environ, "DEFAULT_MODEL": options.model, "FALLBACK_MODELS": ""}
    async with HttpxClient() as http:
        model = build(
            Settings.read(environment.get),
            ai=None,
            http=http,
            skills=(ClassificationSkill(),),
            clock=SystemClock(),
        )
        alone = await model_answers(model, examples, options.threshold)
        _show(f"{options.model} alone", alone, wrong=options.wrong)
        together = await layers_answers(model, examples, options.threshold)
        _show(f"all layers, {options.model} last", together, wrong=options.wrong)
        return together


def _answer(example: Example, said: Classification) -> Answer:
    return Answer(
        example=example,
        answer=said.type or CLARIFY,
        guess=said.type or said.alternatives[0].type,
        confidence=said.confidence,
        layer=said.layer,
    )


def _show(title: str, answers: Sequence[Answer], *, wrong: bool) -> None:
    print(f"{report(title, answers)}\n")
    if wrong:
        print(f"wrong answers\n{mistakes(answers)}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/eval classifier",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--model", default=OFFLINE, help="model id (default: offline)")
    parser.add_argument("--split", default="all", choices=("all", "tuned", "held-out"))
    parser.add_argument("--threshold", type=float, default=THRESHOLD, help="0 to 1")
    parser.add_argument("--wrong", action="store_true", help="list the wrong answers")
    parser.add_argument(
        "--least", type=float, default=ENOUGH, help="accuracy below which the exit code is 1"
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
