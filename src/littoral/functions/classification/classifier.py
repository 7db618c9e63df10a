"""Finds the type of a described function, layer by layer; the first that is sure answers.

explicit → what the owner said before → rules → what a model said before → a model. Whoever is not
sure enough passes on, and when the last one is not, a person is asked to say what was meant.

A model reads words of strangers and can be talked into things; rules cannot. So a description that
says how to classify it is left to the rules, and a model's answer never counts when it is less
risky than what the rules lean to: then, too, a person is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from littoral.credits.prices import is_free
from littoral.errors import LittoralError
from littoral.functions.classification.cache import ClassificationCache, Remembered
from littoral.functions.classification.classification import Alternative, Classification, Layer
from littoral.functions.classification.key import request_key
from littoral.functions.classification.model_layer import VERSION, ModelLayer, Opinion
from littoral.functions.classification.overrides import Overrides
from littoral.functions.classification.rules import Ranking, rank
from littoral.functions.function_type import FunctionType, risk_of
from littoral.models.model import Model

THRESHOLD: Final = 0.75
LEANING: Final = 0.5
"""From this confidence on the rules' type is the least that a model's answer may be."""


class Classifier:
    """The layers together. Safe to share; what it remembers is in ``cache`` and ``overrides``."""

    def __init__(
        self,
        model: Model,
        cache: ClassificationCache,
        overrides: Overrides,
        *,
        threshold: float = THRESHOLD,
        timeout_seconds: float = 20.0,
    ) -> None:
        """``threshold``, from 0 to 1: below it nothing is run, a person is asked."""
        self._layer = ModelLayer(model, timeout_seconds=timeout_seconds)
        self._cache = cache
        self._overrides = overrides
        self._threshold = threshold

    async def classify(
        self,
        description: str,
        *,
        args: Any = None,
        schema: Mapping[str, Any] | None = None,
        explicit: FunctionType | None = None,
        affinity: str = "",
        free_because: str = "",
    ) -> Classification:
        """The type of ``description``, or ranked alternatives when nothing is sure enough.

        A model that fails is no error: then the rules' ranking is the answer. Only the last layer
        awaits. With ``free_because`` no model is asked that costs something.
        """
        known = self.at_once(description, args=args, schema=schema, explicit=explicit)
        if known is not None:
            return known
        rules = rank(description, args, schema)
        try:
            opinion = await self._layer.ask(
                description, args, schema, affinity=affinity, free_because=free_because
            )
        except LittoralError:
            return judged(rules.ranked, "rules", self._threshold)
        if not is_free(opinion.chosen.model):
            key = request_key(description, args, schema, version=VERSION)
            self._cache.keep(key, Remembered(ranked=opinion.ranked, model=opinion.chosen.model))
        return with_costs(self._bounded(opinion.ranked, rules, "model"), opinion)

    def at_once(
        self,
        description: str,
        *,
        args: Any = None,
        schema: Mapping[str, Any] | None = None,
        explicit: FunctionType | None = None,
    ) -> Classification | None:
        """What the layers before the model say; ``None`` when only a model may know."""
        if explicit is not None:
            return certain(explicit, "explicit", "The caller said so.")
        remembered = self._overrides.find(description)
        if remembered is not None:
            return certain(remembered, "override", "You said before that these words mean this.")
        rules = rank(description, args, schema)
        if rules.steered or rules.best.confidence >= self._threshold:
            return judged(rules.ranked, "rules", self._threshold)
        kept = self._cache.find(request_key(description, args, schema, version=VERSION))
        return None if kept is None else self._bounded(kept.ranked, rules, "cache")

    def _bounded(
        self, ranked: tuple[Alternative, ...], rules: Ranking, layer: Layer
    ) -> Classification:
        """A model's ranking, unless its first type is less risky than the rules lean to."""
        floor, best = rules.best, ranked[0]
        if floor.confidence < LEANING or risk_of(best.type) >= risk_of(floor.type):
            return judged(ranked, layer, self._threshold)
        others = tuple(each for each in ranked if each.type != floor.type)
        return Classification(
            type=None,
            confidence=floor.confidence,
            reasoning=f"A model says {best.type}, but the words point to {floor.type}: {floor.why}",
            layer=layer,
            alternatives=(floor, *others),
        )


def certain(function_type: FunctionType, layer: Layer, reasoning: str) -> Classification:
    """A type that somebody said."""
    return Classification(type=function_type, confidence=1.0, reasoning=reasoning, layer=layer)


def judged(ranked: Sequence[Alternative], layer: Layer, threshold: float) -> Classification:
    """The first of ``ranked`` if it is sure enough, else a question with all of them."""
    best = ranked[0]
    sure = best.confidence >= threshold
    return Classification(
        type=best.type if sure else None,
        confidence=best.confidence,
        reasoning=best.why if sure else f"Not sure enough. Perhaps {best.type}: {best.why}",
        layer=layer,
        alternatives=tuple(ranked[1:] if sure else ranked),
    )


def with_costs(classification: Classification, opinion: Opinion) -> Classification:
    """With the model that was asked, and what it used."""
    return replace(
        classification,
        model=opinion.chosen.model,
        usage=opinion.usage,
        degraded=opinion.chosen.degraded,
    )
