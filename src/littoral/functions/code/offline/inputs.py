"""Finds what a recipe needs among the arguments: by shape first, by name where several fit.

Gives Python expressions, not values: the code has to be right for other arguments of the shape.
What the arguments lack is taken from the words (a number, a text in quotes).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Literal

Kind = Literal[
    "numbers", "texts", "records", "list", "lists", "number", "text", "date", "object", "any"
]

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}([T ]|$)")
_NUMBER: Final = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])")
_QUOTED: Final = re.compile(r"['\"“‘`]([^'\"”’`]*)['\"”’`]")


class Inputs:
    """The arguments and the words of one request. Each value is given out once."""

    def __init__(self, args: Any, words: str) -> None:
        self._places = list(_places(args))
        self._taken: set[str] = set()
        self._numbers = [each[0] for each in _NUMBER.finditer(words)]
        self._texts = _QUOTED.findall(words)

    def take(self, kind: Kind, names: tuple[str, ...] = ()) -> str | None:
        """An expression for a value of this kind that is free; ``names`` are tried first."""
        fits = [
            each for each in self._places if each[0] not in self._taken and _KINDS[kind](each[2])
        ]
        named = [each for name in names for each in fits if name in each[1].lower()]
        for expression, _name, _value in (*named, *fits):
            self._taken.add(expression)
            return expression
        return self._from_words(kind)

    def value(self, expression: str) -> Any:
        """What the expression is now; only to look at its shape."""
        return next((value for at, _, value in self._places if at == expression), None)

    def _from_words(self, kind: Kind) -> str | None:
        if kind == "number" and self._numbers:
            return self._numbers.pop(0)
        if kind in ("text", "date") and self._texts:
            return repr(self._texts.pop(0))
        return None


def _places(args: Any) -> Iterator[tuple[str, str, Any]]:
    """Expression, name and value of every argument, and of one level below."""
    if isinstance(args, Mapping):
        for name, value in args.items():
            yield f"args[{name!r}]", str(name), value
        for name, value in args.items():
            if isinstance(value, Mapping):
                for inner, deep in value.items():
                    yield f"args[{name!r}][{inner!r}]", str(inner), deep
    yield "args", "", args
    if isinstance(args, list) and not isinstance(args[0] if args else None, (list, dict)):
        for at, value in enumerate(args[:5]):
            yield f"args[{at}]", "", value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _all(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(check, value))


_KINDS: Final[dict[Kind, Callable[[Any], bool]]] = {
    "numbers": _all(_is_number),
    "texts": _all(lambda each: isinstance(each, str)),
    "records": _all(lambda each: isinstance(each, Mapping)),
    "lists": _all(lambda each: isinstance(each, list)),
    "list": lambda value: isinstance(value, list),
    "number": _is_number,
    "text": lambda value: isinstance(value, str),
    "date": lambda value: isinstance(value, str) and _DATE.match(value) is not None,
    "object": lambda value: isinstance(value, Mapping),
    "any": lambda value: value is not None,
}
