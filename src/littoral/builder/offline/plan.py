"""Owns the blueprint for a wish, the phase for later messages, and what of them cannot be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from littoral.builder.offline.families import Choice, choose, written
from littoral.builder.offline.family import Family
from littoral.builder.offline.features import BY_ID, FEATURES, colour_title
from littoral.builder.offline.wish import Wish, wish_of

_NOT_FITTING = (
    "No part that is there without a language model builds exactly what was asked. Built instead, "
    "as the nearest thing: {instead} With a language model (setting DEFAULT_MODEL) the request "
    "itself can be built."
)


def settled(query: str, messages: Sequence[str], blueprint: Mapping[str, Any] | None) -> Wish:
    """The wish with its title and the family's features, as the (edited) blueprint has them.

    What messages ask for comes on top of the blueprint.
    """
    wish = wish_of(query)
    family = choose(wish).family
    wish = replace(wish, features=wish.features | (frozenset(family.usual) - wish.refused))
    if blueprint:
        titles = [str(each) for each in blueprint.get("features") or ()]
        wish = wish.with_blueprint_features(titles)
        wish = replace(wish, title=str(blueprint.get("title") or wish.title))
    for message in messages:
        wish = wish.with_words(message)
    known = wish.features & frozenset(family.features)
    return replace(wish, title=wish.title or family.title(wish), features=known)


def blueprint_for(query: str, messages: Sequence[str] = ()) -> dict[str, Any]:
    """The blueprint document of what will be built, honest about what will not."""
    wish = settled(query, messages, None)
    choice = choose(wish)
    family = choice.family
    return {
        "title": wish.title,
        "description": _description(choice, wish),
        "kind": family.kind(wish),
        "features": [*family.always(wish), *_switched(family, wish)],
        "phases": [each.document() for each in family.phases(wish)],
    }


def phase_for(
    query: str, earlier: Sequence[str], new: Sequence[str], blueprint: Mapping[str, Any]
) -> dict[str, Any]:
    """One phase with the files that the new messages change; no files when they change none.

    ``description`` says what is done and what cannot be.
    """
    before = settled(query, earlier, blueprint)
    after = settled(query, (*earlier, *new), blueprint)
    old, texts = written(before), written(after)
    purposes = {
        path: purpose
        for phase in choose(after).family.phases(after)
        for path, purpose in phase.files.items()
    }
    changed = [path for path, text in texts.items() if old.get(path) != text]
    files = [{"path": path, "purpose": purposes[path]} for path in changed]
    words = [*_told(before, after), *_untold(after, new)]
    name = "Changes you asked for" if files else "Nothing to change"
    return {"name": name, "description": " ".join(words), "files": files}


def _description(choice: Choice, wish: Wish) -> str:
    words = choice.family.description(wish)
    if not choice.fits:
        words = _NOT_FITTING.format(instead=words)
    return " ".join([words, *_untold(wish, (wish.query,), only_features=True)])


def _switched(family: Family, wish: Wish) -> list[str]:
    titles = [each.title for each in FEATURES if each.id in wish.features]
    if family.kind(wish) in ("static", "script"):
        titles.append(colour_title("Accent", wish.accent))
        titles += [colour_title("Header", wish.header)] if wish.header else []
    return titles


def _told(before: Wish, after: Wish) -> list[str]:
    words = [f"Adds: {BY_ID[each].title}." for each in sorted(after.features - before.features)]
    words += [f"Removes: {BY_ID[each].title}." for each in sorted(before.features - after.features)]
    if after.title != before.title:
        words.append(f"Renames it to {after.title}.")
    if after.accent != before.accent:
        words.append(f"Colours it {after.accent}.")
    if after.header != before.header:
        words.append(f"Makes the header {after.header}.")
    return words


def _untold(wish: Wish, texts: Sequence[str], *, only_features: bool = False) -> list[str]:
    """What was asked for and is not there, in words."""
    family = choose(wish).family
    lacking: list[str] = []
    for text in texts:
        asked = wish_of(text)
        lacking += [
            BY_ID[each].title for each in sorted(asked.features) if each not in family.features
        ]
        plain = wish_of("")
        understood = replace(asked, said=(), topic="") != replace(plain, said=())
        if not only_features and not understood:
            lacking.append(f"“{text.strip()[:80]}”")
    if not lacking:
        return []
    return [f"Not possible without a language model: {', '.join(dict.fromkeys(lacking))}."]
