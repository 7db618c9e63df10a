"""What every ``Embedder`` must do: run on the offline one, and on the others with their doubles.

Each check is a coroutine function of an embedder.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable

from littoral.models.embeddings.embedder import Embedder, Vector

Check = Callable[[Embedder], Awaitable[None]]

TEXTS = (
    "The tide rises twice a day.",
    "Die Flut steigt zweimal am Tag.",
    "潮は一日に二回満ちる。",
    "…!?",
    "🌊",
    "x",
    "word " * 400,
    "a" * 5_000,
)


def cosine(one: Vector, other: Vector) -> float:
    return math.fsum(a * b for a, b in zip(one, other, strict=True))


async def no_texts_have_no_vectors(embedder: Embedder) -> None:
    assert await embedder.embed([]) == []


async def every_text_has_a_vector_of_length_one(embedder: Embedder) -> None:
    found = await embedder.embed(TEXTS)
    assert len(found) == len(TEXTS)
    assert len({len(each) for each in found}) == 1
    assert all(math.isclose(math.hypot(*each), 1, abs_tol=1e-6) for each in found)


async def the_same_text_has_the_same_vector(embedder: Embedder) -> None:
    first = await embedder.embed(TEXTS)
    again = [(await embedder.embed([text]))[0] for text in TEXTS]
    assert all(cosine(a, b) > 0.999999 for a, b in zip(first, again, strict=True))


async def many_texts_keep_their_order(embedder: Embedder) -> None:
    texts = [f"number {n} of many" for n in range(70)]
    found = await embedder.embed(texts)
    assert len(found) == 70
    [alone] = await embedder.embed([texts[41]])
    assert cosine(found[41], alone) > 0.999999
    assert max(range(70), key=lambda at: cosine(found[at], alone)) == 41


async def likeness_is_nearness(embedder: Embedder) -> None:
    asked, near, far = await embedder.embed(
        [
            "When does the tide rise?",
            "The tide rises twice a day, and falls again.",
            "Bake the bread for forty minutes in a hot oven.",
        ]
    )
    assert cosine(asked, near) > cosine(asked, far) + 0.1


CHECKS: tuple[Check, ...] = (
    no_texts_have_no_vectors,
    every_text_has_a_vector_of_length_one,
    the_same_text_has_the_same_vector,
    many_texts_keep_their_order,
    likeness_is_nearness,
)
