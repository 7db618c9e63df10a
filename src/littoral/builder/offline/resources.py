"""Owns reading resources and fields of an API out of a request, and their types by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from littoral.builder.offline.topic import modifier_before
from littoral.builder.offline.wish import Wish

MOST_RESOURCES = 6
MOST_FIELDS = 12
_API = (
    r"(?:json |rest(?:ful)? |crud |http |web )*(?:apis?|endpoints?|backend|web ?services?|service)"
)
_PATH = re.compile(r"(?<![\w<])/([a-z][a-z0-9_-]{1,30})")
_LIST_END = r"(.+?)(?=[.;\n)]|$|\b(?:in python|in javascript|using|that|which|called)\b)"
_FIELDS = tuple(
    re.compile(rf"\b(?:{words})(?: the)?:?\s+{_LIST_END}", re.IGNORECASE | re.DOTALL)
    for words in ("fields?|attributes?", "has|have|having", "with")
)
_ADDED = re.compile(
    r"\badd (?:an? |the )?(?:(?:new )?field (?:for |called |named )?)?(\w+)(?: field)?", re.I
)
_NOT_NAMES = frozenset(
    "a an the and or it api json rest crud validation error errors handling pagination search"
    " searching endpoints endpoint docs documentation auth authentication storage memory tests my"
    " our some users' each that fields field basic full simple in-memory filtering sorting cors all"
    " operations me you python javascript worker them list lists create read update delete get post"
    " put patch id ids service http good proper page box".split()
)
_TYPES = (
    (
        "integer",
        r"year|count|quantity|qty|stock|pages|age|size|number|seats|minutes|servings|position",
    ),
    (
        "number",
        r"price|amount|cost|total|rating|score|weight|height|lat(?:itude)?|lon(?:gitude)?|distance",
    ),
    ("boolean", r"done|completed?|active|published|available|read|paid|is_\w+|in_stock|archived"),
    ("date", r"date|due|due_date|birthday|deadline|day|\w+_(?:date|on)"),
    ("email", r"e_?mail|email_address"),
)
_KNOWN = {
    "books": "title author year",
    "todos": "title done due",
    "tasks": "title done due",
    "notes": "title text",
    "users": "name email",
    "contacts": "name email phone",
    "products": "name price stock",
    "items": "name price stock",
    "movies": "title year rating",
    "films": "title year rating",
    "recipes": "title ingredients minutes",
    "posts": "title text date",
    "articles": "title text date",
    "events": "title date place",
    "orders": "customer total date",
    "expenses": "title amount date",
    "links": "title address",
}
_LONG = frozenset("text body description notes content comment ingredients summary bio".split())
_SAMPLES: Mapping[str, object] = {
    "integer": 3,
    "number": 12.5,
    "boolean": False,
    "date": "2026-01-31",
    "email": "someone@example.org",
}


@dataclass(frozen=True, kw_only=True)
class FieldRule:
    """One field: ``type`` is string, integer, number, boolean, date or email."""

    name: str
    type: str
    required: bool
    most: int

    def document(self) -> dict[str, object]:
        rule: dict[str, object] = {"type": self.type, "required": self.required}
        return {**rule, "most": self.most} if self.type == "string" else rule

    def sample(self) -> object:
        return _SAMPLES.get(self.type, f"Some {self.name.replace('_', ' ')}")


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One collection of the API, such as books; the first field is required."""

    name: str
    fields: tuple[FieldRule, ...]


def resources_of(wish: Wish) -> tuple[Resource, ...]:
    """What the API keeps, from the words; a collection of notes when they name nothing."""
    names = names_in(wish.query) or ["notes"]
    told = _told_fields(wish.query)
    added = [_name(each) for text in wish.said[1:] for each in _ADDED.findall(text)]
    found = []
    for at, name in enumerate(names[:MOST_RESOURCES]):
        fields = (told if at == 0 else []) or _KNOWN.get(name, "name note").split()
        fields = fields + [each for each in added if at == 0 and _is_name(each)]
        found.append(Resource(name=name, fields=_rules(fields)))
    return tuple(found)


def names_in(text: str) -> list[str]:
    """The collections that the words name, also those beyond ``MOST_RESOURCES``."""
    paths = [found.group(1).replace("-", "_") for found in _PATH.finditer(text)]
    if paths:
        return list(dict.fromkeys(each for each in paths if each != "api"))
    for pattern in (
        rf"{_API}\s+(?:with \w+ )?(?:for|of|about|to (?:manage|keep|track|store))\s+(.+)",
        r"\b(?:manage|keep|track|store|crud for|collection of|list of)\s+(.+)",
    ):
        found = re.search(pattern, text, re.IGNORECASE | re.DOTALL)
        if found:
            phrase = re.split(
                r"[.;:!?\n(]|\b(?:with|that|which|where|in|using|has|have)\b", found.group(1)
            )[0]
            names = [_plural(each) for each in re.split(r",|\band\b", phrase)]
            if any(names):
                return [each for each in dict.fromkeys(names) if each]
    before = modifier_before(_API, text)
    return [_plural(before)] if before and _plural(before) else []


def _plural(phrase: str) -> str:
    words = [_name(each) for each in phrase.split()]
    words = [each for each in words if each and each not in _NOT_NAMES]
    if not words:
        return ""
    last = words[-1].replace("to_do", "todo")
    if last.endswith("s"):
        return last
    if re.search(r"[^aeiou]y$", last):
        return f"{last[:-1]}ies"
    return f"{last}es" if re.search(r"(?:ch|sh|x)$", last) else f"{last}s"


def _told_fields(text: str) -> list[str]:
    for found in (each for pattern in _FIELDS for each in pattern.finditer(text)):
        parts = re.split(r",|\band\b|\bplus\b", found.group(1))
        names = [_name(re.sub(r"^\s*(?:an?|the|its|optional)\s+", "", each)) for each in parts]
        kept = [each for each in dict.fromkeys(names) if _is_name(each)]
        if kept:
            return kept
    return []


def _is_name(name: str) -> bool:
    words = name.split("_")
    return bool(name) and len(words) <= 3 and not any(each in _NOT_NAMES for each in words)


def _name(text: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:30]
    return plain if re.match(r"[a-z]", plain) else ""


def _rules(names: list[str]) -> tuple[FieldRule, ...]:
    unique = list(dict.fromkeys(names))[:MOST_FIELDS]
    return tuple(
        FieldRule(
            name=name, type=_type(name), required=at == 0, most=4_000 if name in _LONG else 200
        )
        for at, name in enumerate(unique)
    )


def _type(name: str) -> str:
    for kind, words in _TYPES:
        if re.fullmatch(words, name):
            return kind
    return "string"
