"""Owns what a person's words come to: name, topic, features, colours, and what was not understood.

The query is read first, then each later message on top of it, so "add tags" and "without search"
mean the same in both. Which of it an app can follow is its family's to say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from littoral.builder.offline.features import BY_TITLE, FEATURES, asked_in, colour_of
from littoral.builder.offline.topic import name_in, topic_in

COLOURS = "blue|green|red|purple|orange|teal|pink|yellow|brown|gr[ae]y|black"
_HEADER = re.compile(
    rf"\b(?:header|top bar|banner)\b[^.;]{{0,24}}?\b({COLOURS})\b"
    rf"|\b({COLOURS})\b[^.,;]{{0,12}}?\b(?:header|top bar|banner)\b",
    re.IGNORECASE,
)
_COLOUR = re.compile(rf"\b({COLOURS})\b", re.IGNORECASE)
_WITHOUT = r"(?:without|no|remove|drop|delete|take away|get rid of|hide)\s+(?:\w+\s+){0,2}?"
_ALIASES = {"gray": "grey"}
_DEFAULT_ACCENT = "blue"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What shall be built.

    ``title`` is empty until the family or the blueprint gives one. ``features`` are ids of
    ``FEATURES``, ``refused`` those that shall not be. ``said`` is everything in order:
    the query, then the messages.
    """

    said: tuple[str, ...]
    title: str = ""
    topic: str = ""
    features: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    accent: str = _DEFAULT_ACCENT
    header: str = ""

    @property
    def query(self) -> str:
        return self.said[0] if self.said else ""

    @property
    def text(self) -> str:
        """All words, one paragraph after the other."""
        return "\n".join(self.said)

    def has(self, feature: str) -> bool:
        return feature in self.features

    def with_words(self, text: str) -> Wish:
        """This wish after one more text."""
        asked = asked_in(text)
        gone = frozenset(each for each in asked if _is_unwanted(each, text))
        header = _HEADER.search(text)
        rest = _HEADER.sub(" ", text)
        colour = _COLOUR.search(rest)
        return replace(
            self,
            said=(*self.said, text),
            title=name_in(text) or self.title,
            topic=self.topic or topic_in(text),
            features=(self.features | asked) - gone,
            refused=(self.refused - asked) | gone,
            header=_colour(header.group(1) or header.group(2)) if header else self.header,
            accent=_colour(colour.group(1)) if colour else self.accent,
        )

    def with_blueprint_features(self, titles: Sequence[str]) -> Wish:
        """This wish with exactly the switches and colours that a blueprint lists."""
        features: set[str] = set()
        colours: dict[str, str] = {}
        for title in titles:
            named = colour_of(title)
            if named:
                colours[named[0]] = named[1]
            elif title.strip().casefold() in BY_TITLE:
                features.add(BY_TITLE[title.strip().casefold()].id)
        accent = colours.get("Accent", _DEFAULT_ACCENT)
        header = colours.get("Header", "")
        return replace(
            self,
            features=frozenset(features),
            accent=_colour(accent) if _COLOUR.fullmatch(accent) else _DEFAULT_ACCENT,
            header=_colour(header) if _COLOUR.fullmatch(header) else "",
        )


def wish_of(query: str, messages: Sequence[str] = ()) -> Wish:
    """What the query and the messages after it, oldest first, ask for."""
    wish = Wish(said=()).with_words(query)
    for message in messages:
        wish = wish.with_words(message)
    return wish


def _is_unwanted(feature: str, text: str) -> bool:
    words = next(each.words for each in FEATURES if each.id == feature)
    return re.search(rf"\b{_WITHOUT}(?:{words})\b", text, re.IGNORECASE) is not None


def _colour(word: str) -> str:
    lowered = word.lower()
    return _ALIASES.get(lowered, lowered)
