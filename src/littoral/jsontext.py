"""JSON as one string: what crosses the border to JavaScript, and what lies in rows.

Text is written in ASCII with escapes. That is the cheapest string to carry over the border, and a
lone half of a surrogate pair, as a streaming model may send it, survives until its other half
comes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from json import JSONDecoder, JSONEncoder
from json.encoder import c_make_encoder  # type: ignore[attr-defined]
from json.encoder import encode_basestring_ascii as quoted
from typing import Any

from littoral.errors import InvalidInput, TooLarge

__all__ = ["MAX_DEPTH", "depth", "dumps", "loads", "quoted"]

MAX_DEPTH = 32


def dumps(value: Any) -> str:
    """Compact JSON text of a value; raises ``ValueError`` for NaN and infinities.

    A string alone is quicker with ``quoted``.
    """
    return "".join(_chunks(value, 0))


def _encoder() -> Callable[[Any, int], Iterable[str]]:
    """The encoder of the standard library made once: ``encode`` makes one anew for each text."""
    plain = JSONEncoder(separators=(",", ":"), allow_nan=False, check_circular=False)
    if c_make_encoder is None:
        return lambda value, _: plain.iterencode(value)
    made: Callable[[Any, int], Iterable[str]] = c_make_encoder(
        None, plain.default, quoted, None, ":", ",", False, False, False
    )
    return made


_chunks = _encoder()
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[{]|[\]}]', re.DOTALL)


def loads(text: str, *, most_characters: int, what: str = "The body") -> Any:
    """Parses JSON that a stranger sent.

    Raises ``TooLarge`` over ``most_characters`` or ``MAX_DEPTH`` levels, ``InvalidInput`` with the
    place when it is no JSON. ``NaN`` and ``Infinity`` are no JSON here.
    """
    if len(text) > most_characters:
        raise TooLarge(f"{what} has {len(text)} characters; at most {most_characters} are taken.")
    if text.count("[") + text.count("{") > MAX_DEPTH and depth(text) > MAX_DEPTH:
        raise TooLarge(f"{what} is nested more than {MAX_DEPTH} levels deep.")
    try:
        return _value_of(text)
    except ValueError as error:
        raise InvalidInput(f"{what} is not valid JSON: {error}.") from None


def _value_of(text: str) -> Any:
    """As ``JSONDecoder.decode``, which looks for white space at both ends before it reads."""
    if text[:1] in "{[":
        value, end = _decoder.raw_decode(text)
        if end == len(text):
            return value
    return _decoder.decode(text)


def depth(text: str) -> int:
    """How deep arrays and objects are nested, brackets inside of strings not counted."""
    level = deepest = 0
    for found in _BRACKETS.finditer(text):
        mark = found.group()
        if mark in "[{":
            level += 1
            deepest = max(deepest, level)
        elif mark in "]}":
            level -= 1
    return deepest


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")


_decoder = JSONDecoder(parse_constant=_refuse_constant)
