"""Owns the blueprint for a wish, the phase for later messages, and what of them cannot be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from littoral.builder.offline.families import Choice, choose, written
from littoral.builder.offline.family import Family
from littoral.builder.offline.features import BY_ID, FEATURES, colour_title
from littoral.builder.offline.wish import Wish, wish_of

# what is denied in words when a page of another family was asked for it
_OF_PAGES = frozenset(
    ("contact", "tags", "search", "archive", "prices", "faq", "hours", "projects", "theme", "dark")
)
_NOT_POSSIBLE = "Not possible without a language model"
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
    texts = written(settled(query, earlier, blueprint))
    first, words = texts, list[str]()
    for at, message in enumerate(new):
        before = settled(query, (*earlier, *new[:at]), blueprint)
        after = settled(query, (*earlier, *new[: at + 1]), blueprint)
        last, texts = texts, written(after)
        words += _told(before, after) or _done(message, changed=texts != last)
        words += _lacking(after, message)
    files = _files(settled(query, (*earlier, *new), blueprint), first)
    name = "Changes you asked for" if files else "Nothing to change"
    return {"name": name, "description": " ".join(words), "files": files}


def _files(wish: Wish, before: Mapping[str, str]) -> list[dict[str, str]]:
    """What has to be written anew for a wish, with what each file is for."""
    texts = written(wish)
    return [
        {"path": path, "purpose": purpose}
        for phase in choose(wish).family.phases(wish)
        for path, purpose in phase.files.items()
        if texts.get(path) != before.get(path)
    ]


def _description(choice: Choice, wish: Wish) -> str:
    words = choice.family.description(wish)
    if not choice.fits:
        words = _NOT_FITTING.format(instead=words)
    return " ".join([words, *_lacking(wish, wish.query)])


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


def _done(message: str, *, changed: bool) -> list[str]:
    shown = f"“{' '.join(message.split())[:80]}”"
    return [f"Does {shown}."] if changed else [f"{_NOT_POSSIBLE}: {shown}."]


def _lacking(wish: Wish, text: str) -> list[str]:
    """The features that a text asks a page for and the family does not have, in words."""
    family = choose(wish).family
    if family.kind(wish) != "static":
        return []
    beside = text.replace(wish.topic, " ") if wish.topic else text
    missing = (wish_of(beside).features & _OF_PAGES) - frozenset(family.features)
    lacking = [each.title for each in FEATURES if each.id in missing]
    return [f"{_NOT_POSSIBLE}: {', '.join(lacking)}."] if lacking else []
