"""Owns the text parts of which apps are composed, and how a part is filled in.

A part is a file below ``parts/``. Lines that begin with ``%`` choose (``%if name``, ``%if not
name``, ``%else``, ``%end``); ``[[name]]`` is a value, written as the language of the file needs it:
escaped in HTML, a literal in JavaScript and Python, plain elsewhere. What an app consists of is
said by its family.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping
from importlib.resources import files

_VALUE = re.compile(r"\[\[([a-z_]+)\]\]")
_LINE = re.compile(r"%(if not|if|else|end)(?: ([a-z_]+))?\s*")


class Raw(str):
    """Text that is already in the language of the file, so it is written as it is."""

    __slots__ = ()


def part(name: str, **values: object) -> str:
    """The part ``name`` (such as ``todo/app.js``), filled in.

    Every value that the part names must be given: ``KeyError`` otherwise. True and false choose
    lines; other values are written.
    """
    text = files("littoral.builder.offline").joinpath(f"parts/{name}.txt")
    return fill(text.read_text(encoding="utf-8"), values, literal=_literal_of(name))


def fill(text: str, values: Mapping[str, object], *, literal: Callable[[object], str]) -> str:
    """``text`` with its ``%`` lines decided and its values written by ``literal``."""
    kept: list[str] = []
    open_choices: list[bool] = []
    for line in text.splitlines(keepends=True):
        chosen = _LINE.fullmatch(line)
        if chosen:
            _choose(open_choices, chosen, values)
        elif all(open_choices):
            kept.append(_VALUE.sub(lambda found: literal(values[found.group(1)]), line))
    if open_choices:
        raise ValueError("A part has an %if without an %end.")
    return "".join(kept)


def _choose(open_choices: list[bool], chosen: re.Match[str], values: Mapping[str, object]) -> None:
    word, name = chosen.groups()
    if word == "end":
        open_choices.pop()
    elif word == "else":
        open_choices[-1] = not open_choices[-1]
    else:
        open_choices.append(bool(values[name]) is (word == "if"))


def _literal_of(name: str) -> Callable[[object], str]:
    if name.endswith((".html", ".svg")):
        return _html
    if name.endswith((".js", ".py", ".json")):
        return _json
    return _plain


def _html(value: object) -> str:
    return value if isinstance(value, Raw) else html.escape(str(value))


def _json(value: object) -> str:
    return value if isinstance(value, Raw) else json.dumps(value, ensure_ascii=False)


def _plain(value: object) -> str:
    return str(value)
