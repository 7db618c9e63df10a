"""What in a description speaks for which type: found by the word lists, weighed by its place.

A verb at the head counts in full, later ones less; of the nouns the one that the verb is about
counts most. How evidence becomes a confidence belongs to ``rules``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from littoral.functions.classification.agentic_words import AGENTIC_WORDS
from littoral.functions.classification.code_words import CODE_WORDS
from littoral.functions.classification.human_words import HUMAN_WORDS
from littoral.functions.classification.object_words import OBJECT_WORDS
from littoral.functions.classification.vocabulary import (
    Words,
    longest_at,
    noun_lexicon,
    verb_lexicon,
)
from littoral.functions.classification.wording import Wording
from littoral.functions.function_type import FunctionType

LATER_VERB: Final = 0.5
"""Share that a verb of a later clause counts for."""
LATER_NOUN: Final = 0.7
"""Share of the first noun, when it stands after the second segment."""
MODIFIER: Final = 0.3
"""Share of a noun that only tells which one: "app" in "app name"."""
MATERIAL: Final = 0.25
"""Share of what a decisive verb is about."""
OVERRULED: Final = 0.4
"""Share of a verb when a noun of another type, this strong or more, is made:"""
STRONG: Final = 2.5
SEVERAL_STEPS: Final = 1.5
"""What three clauses with a verb each say for agentic work."""
ONE_FUNCTION: Final = 2.4
"""What "write a function that" says for code."""
MOST_SEGMENTS: Final = 12

ALL_WORDS = (CODE_WORDS, OBJECT_WORDS, AGENTIC_WORDS, HUMAN_WORDS)
_VERBS: Final = tuple(verb_lexicon(each.verbs) for each in ALL_WORDS)
_NOUNS: Final = noun_lexicon(group for each in ALL_WORDS for group in each.nouns)
_PHRASES: Final = tuple(phrase for each in ALL_WORDS for phrase in each.phrases)
_ALSO_NOUNS: Final = frozenset(
    "order total average filter index map rank sample score match limit test code program design "
    "plan list name title tag label research release review audit judge book water feed host ring "
    "phone form answer report ship port factor hash square group cut pad index measure "
    "return roll draft copy mail call light compress record shift range call feel hold fire "
    "reserve benchmark backup bin read mask witness need want monitor upgrade use change get "
    "interview process visit".split()
)
_OBJECT_BEGINS: Final = frozenset(
    "a an the this that these those my our your me us it them all each every some any both two "
    "three four five six ten up on off if whether how what which who".split()
)
_ENDS_A_COMPOUND: Final = frozenset(
    "count data date form id list name number of price rate score status template text time total "
    "type url value".split()
)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One thing that speaks for a type. ``weight`` is in log odds; ``why`` is for people."""

    type: FunctionType
    weight: float
    why: str


def evidence_in(
    wording: Wording, args: Any, schema: Mapping[str, Any] | None
) -> tuple[Evidence, ...]:
    """All evidence, in the order of the words; what is sent along comes last."""
    verbs, head_end, decisive = _verbs(wording)
    nouns = list(_nouns(wording, head_end, decisive))
    made = max(nouns, key=lambda each: each.weight, default=None)
    if decisive is None and made is not None and made.weight >= STRONG:
        verbs = [_overruled(each) if each.type != made.type else each for each in verbs]
    phrases = list(_phrases(wording))
    enclosed = _enclosed(args, schema) if (verbs or nouns or phrases) else ()
    return (*verbs, *nouns, *phrases, *enclosed)


def _verbs(wording: Wording) -> tuple[list[Evidence], int, FunctionType | None]:
    """Evidence of the verbs, where the first one ends, and the type it decides for, if it does."""
    found: list[Evidence] = []
    steps = 0
    head_end, decisive = 0, None
    for at in wording.clause_starts():
        senses = _senses(wording.words, at)
        weight = 1.0 if at == 0 else LATER_VERB
        found += [_evidence(entry, group, weight) for entry, group in senses]
        steps += bool(senses)
        if at == 0 and senses:
            entry, group = max(senses, key=lambda sense: (len(sense[0]), sense[1].weight))
            head_end = len(entry.split())
            decisive = group.type if group.decisive else None
    if steps > 2 and decisive is None:
        found.append(Evidence(type="agentic", weight=SEVERAL_STEPS, why="several steps are named"))
    return found, head_end, decisive


def _senses(words: tuple[str, ...], at: int) -> list[tuple[str, Words]]:
    """What the verb at a place means to each list: only the longest entries.

    There is none where a noun of more words stands, such as "test data".
    """
    found = [hit for each in _VERBS if (hit := longest_at(each, words, at)) is not None]
    most = max((len(entry.split()) for entry, _ in found), default=0)
    noun = longest_at(_NOUNS, words, at) if found else None
    if noun is not None and len(noun[0].split()) > most:
        return []
    return [
        (entry, group)
        for entry, group in found
        if len(entry.split()) == most and _is_verb(entry, words, at + most, is_head=at == 0)
    ]


def _is_verb(entry: str, words: tuple[str, ...], after: int, *, is_head: bool) -> bool:
    """A word that is a noun as well is a verb when something follows that a verb can take."""
    if entry not in _ALSO_NOUNS:
        return True
    following = words[after] if after < len(words) else ""
    if is_head:
        return following not in _ENDS_A_COMPOUND
    return following in _OBJECT_BEGINS or following.isdigit()


def _nouns(wording: Wording, begin: int, decisive: FunctionType | None) -> Iterator[Evidence]:
    head_found = False
    for count, (start, end) in enumerate(wording.segments(begin)):
        if count >= MOST_SEGMENTS:
            return
        hits = _hits(wording.words, start, end)
        for entry, group in hits[:-1]:
            yield _evidence(entry, group, MODIFIER)
        if hits:
            entry, group = hits[-1]
            is_modifier = head_found or _in_compound(entry, wording.words[end - 1])
            weight = MODIFIER if is_modifier else 1.0 if count <= 1 else LATER_NOUN
            if decisive and group.type != decisive:
                weight *= MATERIAL
            head_found = True
            yield _evidence(entry, group, weight)


def _in_compound(entry: str, last: str) -> bool:
    """Whether a noun only tells which one the last word means, as in "approval status"."""
    return last in _ENDS_A_COMPOUND and entry.split()[-1] != last


def _hits(words: tuple[str, ...], start: int, end: int) -> list[tuple[str, Words]]:
    at = start
    found: list[tuple[str, Words]] = []
    while at < end:
        hit = longest_at(_NOUNS, words, at)
        if hit:
            found.append(hit)
        at += len(hit[0].split()) if hit else 1
    return found


def _phrases(wording: Wording) -> Iterator[Evidence]:
    if wording.asks_for_function:
        yield Evidence(type="code", weight=ONE_FUNCTION, why="one function is asked for")
    for each in _PHRASES:
        found = each.pattern.search(wording.text)
        if found:
            words = " ".join(found.group().split())
            yield Evidence(type=each.type, weight=each.weight, why=f"“{words[:40]}” {each.why}")


def _enclosed(args: Any, schema: Mapping[str, Any] | None) -> Iterator[Evidence]:
    if args:
        yield Evidence(type="code", weight=0.9, why="arguments are given to work on")
    if schema:
        why = "the form of the result is given"
        yield Evidence(type="object", weight=1.0 if args else 1.6, why=why)


def _overruled(verb: Evidence) -> Evidence:
    """What is made tells more than that something is made: "generate a checksum"."""
    return replace(verb, weight=verb.weight * OVERRULED)


def _evidence(entry: str, group: Words, weight: float) -> Evidence:
    return Evidence(type=group.type, weight=group.weight * weight, why=f"“{entry}” {group.why}")
