"""Owns what can be switched on in an app: the words that ask for it and how a blueprint names it.

A blueprint's ``features`` are these titles, so whoever edits a blueprint switches features. Which
family has which feature is the family's to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One switch. ``words`` is a pattern that finds the wish in a person's words."""

    id: str
    title: str
    words: str

    def is_asked(self, text: str) -> bool:
        return re.search(rf"\b(?:{self.words})\b", text, re.IGNORECASE) is not None


FEATURES = (
    Feature(id="tags", title="Tags", words=r"tag(?:s|ged|ging)?|labels?|categor(?:y|ies)"),
    Feature(
        id="due",
        title="Due dates",
        words=r"due[- ]dates?|due|deadlines?|dates?|calendar",
    ),
    Feature(id="priority", title="Priorities", words=r"priorit(?:y|ies)|urgen(?:t|cy)|important"),
    Feature(
        id="search", title="Search", words=r"search(?:ing|able)?|search box|find|filter box|look up"
    ),
    Feature(
        id="theme",
        title="Switch between light and dark",
        words=r"dark mode|light mode|theme (?:switch|toggle|button)|toggle (?:the )?theme"
        r"|light and dark|dark and light|(?:switch|toggle) (?:to|for) (?:a )?dark",
    ),
    Feature(id="dark", title="Always dark", words=r"(?:always )?dark(?! mode)(?! and light)"),
    Feature(id="about", title="About page", words=r"about(?: me| us)?[- ]pages?|author page|bio"),
    Feature(id="archive", title="Archive by year", words=r"archives?|by (?:year|month|date)"),
    Feature(
        id="contact",
        title="Contact form",
        words=r"contact(?: form| me| us| section| page)?|get in touch|enquir(?:y|ies)|message form",
    ),
    Feature(id="projects", title="Projects", words=r"projects?|portfolio|gallery|work samples?"),
    Feature(id="prices", title="Prices", words=r"pric(?:e|es|ing)|plans?|tiers?"),
    Feature(id="faq", title="Questions and answers", words=r"faqs?|questions(?: and answers)?"),
    Feature(
        id="hours", title="Opening hours", words=r"opening hours|opening times|hours|open when"
    ),
    Feature(id="line", title="Line chart", words=r"line (?:chart|graph)|trends?|over time"),
    Feature(id="json", title="JSON input", words=r"json"),
    Feature(id="groups", title="Totals by group", words=r"group(?:ed|s)?|totals? (?:by|per)"),
)
BY_ID = {each.id: each for each in FEATURES}
BY_TITLE = {each.title.casefold(): each for each in FEATURES}

_COLOUR_TITLE = re.compile(r"(Accent|Header) colour: ([a-z]+)")


def asked_in(text: str) -> frozenset[str]:
    """The ids of all features that the words ask for."""
    found = {each.id for each in FEATURES if each.is_asked(text)}
    if "theme" in found:
        found.discard("dark")
    return frozenset(found)


def colour_title(part: str, colour: str) -> str:
    """How a blueprint names a colour: ``part`` is ``Accent`` or ``Header``."""
    return f"{part} colour: {colour}"


def colour_of(title: str) -> tuple[str, str] | None:
    """``("Header", "blue")`` for a feature that names a colour, else ``None``."""
    found = _COLOUR_TITLE.fullmatch(title.strip())
    return (found.group(1), found.group(2)) if found else None
