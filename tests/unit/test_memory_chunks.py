"""Texts are cut into passages: nothing is lost, offsets are true, hostile texts take no time."""

from __future__ import annotations

import itertools
import random

import pytest

from littoral.memory.chunks import (
    LEAST_CHARACTERS,
    OVERLAP_CHARACTERS,
    PASSAGE_CHARACTERS,
    chunks_of,
)
from littoral.memory.limits import MAX_DOCUMENT_BYTES, MAX_DOCUMENT_PASSAGES

SENTENCE = "The moon pulls the sea, and twice a day the water comes to the door. "
MEGABYTE = MAX_DOCUMENT_BYTES

HOSTILE = {
    "one word": "a" * MEGABYTE,
    "full stops": "." * MEGABYTE,
    "full stops and spaces": ". " * (MEGABYTE // 2),
    "line feeds between": "a\n" * (MEGABYTE // 2),
    "line feeds at the end": "a" + "\n" * (MEGABYTE - 1),
    "spaces around": " " * (MEGABYTE // 2) + "a" + " " * (MEGABYTE // 2 - 1),
    "marks without letters": "\u0301" * (MEGABYTE // 2),
    "one letter with marks": "e" + "\u0301" * (MEGABYTE // 2 - 1),
    "joined pictures": "👩\u200d👩\u200d👧\u200d👦" * (MEGABYTE // 25),
    "quotes after stops": '."' * (MEGABYTE // 2),
    "no spaces at all": "海の潮は満ちて引く。" * (MEGABYTE // 30),
    "tabs and no-break spaces": "a\t\u00a0" * (MEGABYTE // 4),
    "paragraphs of spaces": "\n \n\t\n" * (MEGABYTE // 5),
}


def check(text: str) -> int:
    """What must be true of every text; gives the number of passages."""
    chunks = chunks_of(text)
    assert len(chunks) <= MAX_DOCUMENT_PASSAGES
    covered = 0
    for before, chunk in zip([None, *chunks], chunks, strict=False):
        passage = text[chunk.start : chunk.end]
        assert passage == passage.strip() and 0 < len(passage) <= PASSAGE_CHARACTERS
        assert not text[covered : chunk.start].strip(), "something was left out"
        if before is not None:
            assert before.start < chunk.start and before.end < chunk.end
            assert before.end - chunk.start <= OVERLAP_CHARACTERS + 32
        covered = chunk.end
    assert not text[covered:].strip(), "the end was left out"
    return len(chunks)


def test_a_short_text_is_one_passage_without_the_space_around_it() -> None:
    [chunk] = chunks_of("  \n The moon.\n\nThe sea. \t")
    assert (chunk.start, chunk.end) == (4, 23)


@pytest.mark.parametrize("text", ["", " ", "\n\n\t "])
def test_a_blank_text_has_no_passages(text: str) -> None:
    assert chunks_of(text) == []


def test_paragraphs_are_kept_whole_where_they_fit() -> None:
    paragraphs = [(SENTENCE * 11).strip(), (SENTENCE * 12).strip(), (SENTENCE * 10).strip()]
    text = "\n\n".join(paragraphs)
    assert [text[each.start : each.end] for each in chunks_of(text)] == paragraphs


def test_a_long_paragraph_is_cut_after_sentences_and_overlaps_by_one() -> None:
    text = SENTENCE * 60
    chunks = chunks_of(text)
    for chunk in chunks:
        assert text[chunk.start : chunk.end].startswith("The moon")
        assert text[chunk.start : chunk.end].endswith("door.")
    assert all(b.start < a.end for a, b in itertools.pairwise(chunks))
    assert len(chunks) == check(text)


def test_a_long_sentence_is_cut_between_words() -> None:
    text = "word " * 900
    for chunk in chunks_of(text):
        assert set(text[chunk.start : chunk.end].split()) == {"word"}
    assert check(text) < 5


def test_a_letter_keeps_its_marks() -> None:
    text = "e\u0301" * 3_000
    for chunk in chunks_of(text):
        assert text[chunk.start] == "e" and text[chunk.end - 1] == "\u0301"


def test_sentences_of_scripts_without_spaces_are_kept_whole() -> None:
    text = "潮は一日に二回満ちて、また引いていく。" * 200
    assert all(text[each.end - 1] == "。" for each in chunks_of(text))
    check(text)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_cut_in_bounded_pieces(name: str) -> None:
    count = check(HOSTILE[name])
    assert count <= len(HOSTILE[name]) // (LEAST_CHARACTERS - OVERLAP_CHARACTERS - 32) + 1


def test_any_text_is_cut_without_loss() -> None:
    chance = random.Random(20261121)
    pieces = [
        "a",
        "word ",
        ". ",
        "\n\n",
        "\n",
        "e\u0301",
        "🌊",
        "。",
        " ",
        "!”  ",
        "x" * 700,
        "\u200d",
    ]
    for _ in range(300):
        check("".join(chance.choice(pieces) for _ in range(chance.randrange(1, 800))))
