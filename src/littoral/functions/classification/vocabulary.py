"""Words that speak for a type: how they are listed, bent into their forms, and found again.

Which words those are belongs to ``code_words``, ``object_words``, ``agentic_words`` and
``human_words``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from littoral.functions.function_type import FunctionType

MOST_WORDS = 4


@dataclass(frozen=True, kw_only=True)
class Words:
    """Words, separated by commas, that speak for ``type`` by ``weight`` (in log odds).

    ``why`` completes the sentence that begins with the word. ``decisive`` verbs make what they are
    about mere material: "sort the websites" builds none.
    """

    type: FunctionType
    weight: float
    why: str
    words: str
    decisive: bool = False


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """A wording that single words do not show. ``pattern`` is searched in the plain text."""

    type: FunctionType
    weight: float
    why: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, kw_only=True)
class TypeWords:
    """All that speaks for one type: verbs at the head of a clause, nouns, phrases."""

    verbs: tuple[Words, ...]
    nouns: tuple[Words, ...]
    phrases: tuple[Phrase, ...] = ()


Lexicon = Mapping[str, Words]


def verb_lexicon(groups: Iterable[Words]) -> Lexicon:
    """Every form of every verb: "sort", "sorts", "sorting"; both spellings of "-ise"."""
    return {
        form: group for group in groups for verb in _listed(group) for form in _verb_forms(verb)
    }


def noun_lexicon(groups: Iterable[Words]) -> Lexicon:
    """Every noun in singular and plural."""
    return {
        form: group for group in groups for noun in _listed(group) for form in _noun_forms(noun)
    }


def longest_at(lexicon: Lexicon, words: Sequence[str], at: int) -> tuple[str, Words] | None:
    """The longest entry that begins at word ``at``, of at most four words."""
    for count in range(min(MOST_WORDS, len(words) - at), 0, -1):
        entry = " ".join(words[at : at + count])
        group = lexicon.get(entry)
        if group is not None:
            return entry, group
    return None


def _listed(group: Words) -> list[str]:
    return [each.strip() for each in group.words.split(",")]


def _verb_forms(verb: str) -> list[str]:
    first, space, rest = verb.partition(" ")
    spellings = [first]
    if first.endswith("ise") and len(first) > 5:
        spellings.append(first[:-3] + "ize")
    forms = [form for each in spellings for form in (each, _with_s(each), _with_ing(each))]
    return [f"{form}{space}{rest}" for form in forms]


def _noun_forms(noun: str) -> list[str]:
    return [noun, _with_s(noun)]


def _with_s(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh", "z")) else "s")


def _with_ing(word: str) -> str:
    return (word[:-1] if word.endswith("e") and not word.endswith("ee") else word) + "ing"
