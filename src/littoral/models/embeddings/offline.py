"""A deterministic embedder inside the project: for use without an account or a network.

Words, pairs of words and pieces of words are hashed into a fixed number of places, with a sign each
("feature hashing", Weinberger et al. 2009). Texts that share words or word stems come near each
other; it knows no synonyms. What the vectors are for is left to the memory.
"""

from __future__ import annotations

import asyncio
import math
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence

from littoral.models.embeddings.embedder import Vector, unit

OFFLINE = "offline"
DIMENSIONS = 384
PIECE_CHARACTERS = 4
WORD_WEIGHT, PAIR_WEIGHT, PIECE_WEIGHT = 1.0, 0.4, 0.45
COMMON_SHARE = 0.1
"""How much less a word counts that says nothing of the subject."""

LONGEST_WORD = 64
TEXTS_AT_A_TIME = 16
PAUSE_SECONDS = 0.001
"""Long enough to be a timer: a Worker's clock and its other events stand still until one rings."""

_WORD = re.compile(r"[^\W_]+")
# Scripts without spaces between words: each character is a word, and pairs make the sense.
_DENSE = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")
_COMMON = frozenset(
    "a about after all also an and any are as at be been but by can could do does for from had has "
    "have he her his how i if in into is it its may more most my no not of on one or our out she "
    "should so some than that the their them then there these they this to up was we were what "
    "when where which who why will with would you your "
    "das dem den der des die ein eine einem einen einer es für im ist mit nicht sich sind und von "
    "wie zu de la le les un une et est que en el los las por con del".split()
)


class OfflineEmbedder:
    """``Embedder`` without a network; costs nothing but some milliseconds for each page."""

    @property
    def model(self) -> str:
        return OFFLINE

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        made = []
        for at, text in enumerate(texts):
            if at and at % TEXTS_AT_A_TIME == 0:
                await asyncio.sleep(PAUSE_SECONDS)
            made.append(embed_text(text))
        return made


def embed_text(text: str) -> Vector:
    """The vector of one text: same text, same vector, on every machine.

    A text without a letter or a digit has a direction too: that of its characters.
    """
    places = [0.0] * DIMENSIONS
    counts = Counter(_features(text)) or Counter({(text.strip() or " ", WORD_WEIGHT): 1})
    for (feature, weight), count in counts.items():
        hashed = zlib.crc32(feature.encode("utf-8", "surrogatepass"))
        sign = 1.0 if hashed & 1 else -1.0
        places[(hashed >> 1) % DIMENSIONS] += sign * weight * (1.0 + math.log(count))
    return unit(places) if any(places) else _alone(text)


def _alone(text: str) -> Vector:
    """For features that cancel each other out to nothing: the place of the text as a whole."""
    places = [0.0] * DIMENSIONS
    places[zlib.crc32(text.encode("utf-8", "surrogatepass")) % DIMENSIONS] = 1.0
    return tuple(places)


def _features(text: str) -> Iterator[tuple[str, float]]:
    """Each feature of a text with its weight; features of different kinds never meet."""
    last = ""
    for word in _words(text):
        share = COMMON_SHARE if word in _COMMON else 1.0
        yield f"w {word}", WORD_WEIGHT * share
        if last and not (last in _COMMON and word in _COMMON):
            yield f"p {last} {word}", PAIR_WEIGHT
        last = word
        if share == 1.0 and len(word) > PIECE_CHARACTERS:
            marked = f"<{word}>"
            for at in range(len(marked) - PIECE_CHARACTERS + 1):
                yield f"c {marked[at : at + PIECE_CHARACTERS]}", PIECE_WEIGHT


def _words(text: str) -> Iterator[str]:
    for found in _WORD.finditer(unicodedata.normalize("NFKC", text).casefold()):
        word = found.group()
        if _DENSE.search(word):
            yield from word
        else:
            for at in range(0, len(word), LONGEST_WORD):
                yield _singular(word[at : at + LONGEST_WORD])


def _singular(word: str) -> str:
    """Without the ``s`` of a plural or a person, so that "refunds" is "refund" as well."""
    ends = len(word) > 3 and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if ends and word not in _COMMON else word
