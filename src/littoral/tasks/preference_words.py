"""Sentences about the user: "my time zone is Europe/Berlin", "call me Sam"."""

from __future__ import annotations

import re

from littoral.errors import InvalidInput
from littoral.tasks.command import SetPreference
from littoral.tasks.found import Found, pattern
from littoral.tasks.time_zone import zone_name

_ZONE = (
    pattern(r"(?:my )?time ?zone(?: is|'s|:| =)? (?:now )?(.+)$"),
    pattern(r"(?:set|change|switch|update)(?: my| the)? time ?zone (?:to |as |= )?(.+)$"),
    pattern(r"(?:i'm|i am|i live) in (?:the )?(.+?) time ?zone$"),
    pattern(r"use (?:the )?(.+?) time ?zone$"),
    pattern(r"use (?:the )?time ?zone (.+)$"),
)
_NAME = (
    pattern(r"(?:you can |you may )?call me (.+)$"),
    pattern(r"my name(?: is|'s) (.+)$"),
    pattern(r"(?:set|change) my name to (.+)$"),
)
_LANGUAGE = (
    pattern(r"(?:set|change) (?:my|the) language to ([a-z]{2,20})$"),
    pattern(r"my language is ([a-z]{2,20})$"),
)
_A_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,3}")
_NOT_A_NAME = pattern(
    r"(?:later|back|when|if|at|on|in|maybe|crazy|tomorrow|today|tonight|soon|again|now|a|an|the|by|"
    r"old|stupid|whatever|anything|any|what|as|not|after|before|irresponsible|wrong|sometime|asap|around|about)\b",
)


def read_preference(clause: str) -> Found | None:
    """The preference that a clause states."""
    if len(clause) > 120:
        return None
    return _zone(clause) or _name(clause) or _language(clause)


def _zone(clause: str) -> Found | None:
    for form in _ZONE:
        if match := form.match(clause):
            try:
                return _set("timeZone", zone_name(match[1].strip(" .\"'")))
            except InvalidInput:
                return _set("timeZone", match[1].strip(" .\"'")) if "/" in match[1] else None
    return None


def _name(clause: str) -> Found | None:
    for form in _NAME:
        match = form.match(clause)
        name = match[1].strip(" .\"'") if match else ""
        if name and _A_NAME.fullmatch(name) and not _NOT_A_NAME.match(name):
            return _set("name", name)
    return None


def _language(clause: str) -> Found | None:
    for form in _LANGUAGE:
        if match := form.match(clause):
            return _set("language", match[1])
    return None


def _set(key: str, value: str) -> Found:
    return Found(commands=(SetPreference(key=key, value=value),))
