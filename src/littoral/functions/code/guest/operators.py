"""Operators and methods that can make something huge in one step: measured before they are done.

``rewrite`` puts calls of these where the source has the operator. A result has the value that the
plain operator would have had.
"""

from __future__ import annotations

import operator
import re
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from littoral.functions.code.guest.meter import Meter

MOST_BITS = 4_000_000
"""Whole numbers end here: about 1.2 million digits."""

_FREE_BITS = 4_096
_LONG_NUMBER = re.compile(r"\d{7,}")
_SEQUENCES = (str, bytes, bytearray, list, tuple, deque)
_TEXTS = (str, bytes, bytearray)

METHODS = frozenset(
    "ljust rjust center zfill expandtabs replace join format format_map to_bytes extend translate "
    "count index find rfind split sort copy insert pop remove".split()
)
"""Attributes that are guarded wherever they are read."""


class Operators:
    """Guarded operators of one run."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter

    def multiply(self, left: Any, right: Any) -> Any:
        self._before_multiply(left, right)
        return left * right

    def multiply_in_place(self, left: Any, right: Any) -> Any:
        self._before_multiply(left, right)
        return _in_place(operator.imul, left, right)

    def power(self, base: Any, exponent: Any, modulus: Any = None) -> Any:
        if modulus is not None:
            self._whole(_bits(base) + _bits(exponent) + _bits(modulus))
            return pow(base, exponent, modulus)
        if isinstance(base, int) and isinstance(exponent, int) and exponent > 0:
            self._whole(_bits(base) * exponent if abs(base) > 1 else 0)
        elif isinstance(exponent, int) and not isinstance(base, (int, float, complex)):
            self._fraction(base, exponent)
        return base**exponent

    def power_in_place(self, base: Any, exponent: Any) -> Any:
        return self.power(base, exponent)

    def shift(self, left: Any, right: Any) -> Any:
        if isinstance(left, int) and isinstance(right, int) and left and right > 0:
            self._whole(_bits(left) + right)
        return left << right

    def add(self, left: Any, right: Any) -> Any:
        self._before_add(left, right)
        return left + right

    def add_in_place(self, left: Any, right: Any) -> Any:
        self._before_add(left, right)
        return _in_place(operator.iadd, left, right)

    def remainder(self, left: Any, right: Any) -> Any:
        if isinstance(left, _TEXTS):
            self._before_percent(left, right)
        elif isinstance(left, int):
            self._whole(_bits(left))
        return left % right

    def divide(self, left: Any, right: Any) -> Any:
        if isinstance(left, int):
            self._whole(_bits(left))
        return left // right

    def spec(self, text: str) -> str:
        """The format behind the colon of an f-string, when it is not too wide."""
        if _LONG_NUMBER.search(text):
            self._meter.end("memory", "A format asks for more than 9,999,999 characters.")
        return text

    def attribute(self, owner: Any, name: str) -> Any:
        """``owner.name`` for a name of ``METHODS``."""
        found = getattr(owner, name)
        if isinstance(owner, (*_SEQUENCES, int)):
            return self._guarded(owner, name, found)
        if any(owner is each for each in (str, bytes, bytearray, list, int)):
            return lambda first, *rest, **named: self.attribute(first, name)(*rest, **named)
        return found

    def _guarded(self, owner: Any, name: str, found: Callable[..., Any]) -> Callable[..., Any]:
        def call(*values: Any, **named: Any) -> Any:
            values = self._measured(owner, name, values, named)
            return found(*values, **named)

        return call

    def _measured(self, owner: Any, name: str, values: tuple[Any, ...], named: Any) -> Any:
        """Charges the call and gives its arguments; iterators among them are read before."""
        if isinstance(owner, int):
            self._meter.allocate(max((v for v in values if isinstance(v, int)), default=0))
            return values
        self._meter.charge(len(owner) // 64)
        if name in ("join", "extend") and len(values) == 1:
            return (self._read(owner, name, values[0]),)
        if isinstance(owner, _TEXTS):
            self._before_text(owner, name, values, named)
        return values

    def _read(self, owner: Any, name: str, given: Iterable[Any]) -> Any:
        if isinstance(given, (str, bytes, bytearray)):
            size = len(given) * (len(owner) + 1 if name == "join" else 8)
            self._meter.allocate(size)
            return given
        items = list(given)
        if name == "join":
            sizes = sum(len(each) for each in items if isinstance(each, _TEXTS))
            self._meter.allocate(sizes + len(owner) * len(items))
        return items

    def _before_text(self, owner: Any, name: str, values: tuple[Any, ...], named: Any) -> None:
        if (
            name == "replace"
            and len(values) >= 2
            and all(isinstance(v, _TEXTS) for v in values[:2])
        ):
            found = owner.count(values[0])
            self._meter.allocate(len(owner) + found * max(0, len(values[1]) - len(values[0])))
        elif name in ("format", "format_map"):
            self._before_format(owner, (*values, *named.values()))
        elif name == "translate":
            self._meter.allocate(len(owner) * 16)
        else:
            widest = max((v for v in values if isinstance(v, int)), default=0)
            tabs = owner.count("\t") if name == "expandtabs" and isinstance(owner, str) else 1
            if name in ("ljust", "rjust", "center", "zfill", "expandtabs"):
                self._meter.allocate(widest * max(1, tabs))

    def _before_format(self, text: Any, values: tuple[Any, ...]) -> None:
        if _LONG_NUMBER.search(str(text)):
            self._meter.end("memory", "A format asks for more than 9,999,999 characters.")
        if "{" in str(text).partition(":")[2]:
            self._meter.allocate(max((v for v in values if isinstance(v, int)), default=0))
        sizes = sum(len(v) for v in values if isinstance(v, _TEXTS))
        self._meter.allocate(sizes * max(1, str(text).count("{")))

    def _before_percent(self, text: Any, values: Any) -> None:
        given = values if isinstance(values, tuple) else (values,)
        plain = text if isinstance(text, str) else bytes(text).decode("latin-1")
        if _LONG_NUMBER.search(plain):
            self._meter.end("memory", "A format asks for more than 9,999,999 characters.")
        if "*" in plain:
            self._meter.allocate(max((abs(v) for v in given if isinstance(v, int)), default=0))
        sizes = sum(len(v) for v in given if isinstance(v, _TEXTS))
        self._meter.allocate(len(plain) + sizes * max(1, plain.count("%")))

    def _before_multiply(self, left: Any, right: Any) -> None:
        if isinstance(left, int) and isinstance(right, int):
            self._whole(_bits(left) + _bits(right))
        elif isinstance(left, _SEQUENCES) and isinstance(right, int):
            self._meter.allocate(_bytes(left) * max(0, right))
        elif isinstance(right, _SEQUENCES) and isinstance(left, int):
            self._meter.allocate(_bytes(right) * max(0, left))

    def _before_add(self, left: Any, right: Any) -> None:
        if isinstance(left, _SEQUENCES):
            size = _bytes(left) + (_bytes(right) if isinstance(right, _SEQUENCES) else 0)
            self._meter.allocate(size)

    def _fraction(self, base: Any, exponent: int) -> None:
        for part in ("numerator", "denominator"):
            value = getattr(base, part, None)
            if isinstance(value, int) and abs(value) > 1:
                self._whole(_bits(value) * abs(exponent))

    def _whole(self, bits: int) -> None:
        """Before a whole number of so many bits is made."""
        if bits > MOST_BITS:
            self._meter.end("memory", f"A whole number of {bits:,} bits was asked for.")
        if bits > _FREE_BITS:
            self._meter.charge(bits * bits // 40_000_000 + 1)


def _in_place(change: Callable[..., Any], left: Any, right: Any) -> Any:
    return change(left, right)


def _bits(value: Any) -> int:
    return value.bit_length() if isinstance(value, int) else 0


def _bytes(value: Any) -> int:
    return len(value) * (1 if isinstance(value, _TEXTS) else 8)
