"""Recipes of arithmetic, statistics, units and numerals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from littoral.functions.code.offline.recipe import Need, Recipe

_N: Final[tuple[Need, ...]] = (("n", "number", ("n", "number", "value", "count", "limit")),)
_NUMBERS: Final[tuple[Need, ...]] = (("numbers", "numbers", ("number", "value", "data")),)
_TWO: Final[tuple[Need, ...]] = (
    ("a", "number", ("a", "x", "left", "first")),
    ("b", "number", ("b", "y", "right", "second")),
)

_WHOLE = """
    if n != int(n) or n < 0:
        raise ValueError("a whole number of 0 or more is needed")
    n = int(n)
"""
_UNITS: Final[Mapping[str, tuple[float, str]]] = {
    "km": (1000.0, "m"),
    "kilometer": (1000.0, "m"),
    "kilometre": (1000.0, "m"),
    "meter": (1.0, "m"),
    "metre": (1.0, "m"),
    "m": (1.0, "m"),
    "cm": (0.01, "m"),
    "centimeter": (0.01, "m"),
    "centimetre": (0.01, "m"),
    "mm": (0.001, "m"),
    "mile": (1609.344, "m"),
    "yard": (0.9144, "m"),
    "foot": (0.3048, "m"),
    "feet": (0.3048, "m"),
    "inch": (0.0254, "m"),
    "inche": (0.0254, "m"),
    "kg": (1.0, "kg"),
    "kilogram": (1.0, "kg"),
    "gram": (0.001, "kg"),
    "g": (0.001, "kg"),
    "pound": (0.45359237, "kg"),
    "lb": (0.45359237, "kg"),
    "ounce": (0.028349523125, "kg"),
    "liter": (1.0, "l"),
    "litre": (1.0, "l"),
    "gallon": (3.785411784, "l"),
    "ml": (0.001, "l"),
    "second": (1.0, "s"),
    "minute": (60.0, "s"),
    "hour": (3600.0, "s"),
    "day": (86400.0, "s"),
    "week": (604800.0, "s"),
}


def _units(description: str, _shown: Mapping[str, Any]) -> Mapping[str, str] | None:
    words = [word.strip(".,()").lower() for word in description.split()]
    found = [_UNITS.get(word) or _UNITS.get(word.removesuffix("s")) for word in words]
    known = [each for each in found if each is not None]
    if len(known) < 2 or known[0][1] != known[1][1]:
        return None
    return {"from": repr(known[0][0]), "to": repr(known[1][0])}


def _even_or_odd(description: str, _shown: Mapping[str, Any]) -> Mapping[str, str] | None:
    return {"rest": "1" if "odd" in description.lower() else "0"}


def _sequence(words: str, body: str, needs: tuple[Need, ...] = _N, **more: Any) -> Recipe:
    return Recipe(words=words, needs=needs, body=_WHOLE + body, **more)


NUMBERS: Final[tuple[Recipe, ...]] = (
    _sequence(r"\bfactorial", "    return math.factorial(n)", head="import math"),
    _sequence(
        r"fibonacci",
        """
    row = []
    a, b = 0, 1
    for _ in range(n):
        row.append(a)
        a, b = b, a + b
    return row
""",
        knows=r"\bfirst\b",
        without=r"\bnth\b|\bn-th\b|fibonacci number(?!s)|\d(st|nd|rd|th)\b",
    ),
    _sequence(
        r"fibonacci",
        """
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a
""",
        knows=r"\b(nth|n-th)\b",
    ),
    _sequence(
        r"prime factor",
        """
    found = []
    divisor = 2
    while divisor * divisor <= n:
        while n % divisor == 0:
            found.append(divisor)
            n //= divisor
        divisor += 1
    if n > 1:
        found.append(n)
    return found
""",
    ),
    _sequence(
        r"(is|check|test|whether|if).*\bprime\b|\bprime\b.*(check|test)|^is ?prime",
        "    return n > 1 and all(n % each for each in range(2, math.isqrt(n) + 1))",
        head="import math",
        without="primes",
    ),
    _sequence(
        r"\bprimes?\b",
        """
    sieve = [True] * (n + 1)
    for each in range(2, math.isqrt(n) + 1):
        if sieve[each]:
            for multiple in range(each * each, n + 1, each):
                sieve[multiple] = False
    return [each for each in range(2, n + 1) if sieve[each]]
""",
        head="import math",
        without=r"\bfirst\b",
    ),
    Recipe(
        words=r"\bgcd\b|greatest common (divisor|factor)|highest common factor",
        needs=_TWO,
        body="return math.gcd(a, b)",
        head="import math",
    ),
    Recipe(
        words=r"\blcm\b|(least|lowest) common multiple",
        needs=_TWO,
        body="return math.lcm(a, b)",
        head="import math",
    ),
    Recipe(
        words=r"\bto roman|into roman|as roman|roman numeral",
        needs=_N,
        without=r"from roman|roman (numeral )?to|roman numeral into",
        body="""
            if not 0 < n < 4000:
                raise ValueError("Roman numerals go from 1 to 3999")
            text = ""
            for value, letters in ROMAN:
                while n >= value:
                    text += letters
                    n -= value
            return text
        """,
        head="""
            ROMAN = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
                     (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
        """,
    ),
    Recipe(
        words=r"\broman\b",
        needs=(("text", "text", ("roman", "numeral")),),
        body="""
            values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
            numbers = [values[letter] for letter in text.upper()]
            total = 0
            for at, value in enumerate(numbers):
                smaller = at + 1 < len(numbers) and value < numbers[at + 1]
                total += -value if smaller else value
            return total
        """,
    ),
    Recipe(
        words=r"celsius (to|into|in|→|->) fahrenheit|c to f\b|to fahrenheit",
        needs=(("degrees", "number", ("celsius", "temp", "degree")),),
        body="return degrees * 9 / 5 + 32",
        without=r"kelvin",
    ),
    Recipe(
        words=r"fahrenheit (to|into|in|→|->) celsius|f to c\b|to celsius",
        needs=(("degrees", "number", ("fahrenheit", "temp", "degree")),),
        body="return (degrees - 32) * 5 / 9",
        without=r"kelvin",
    ),
    Recipe(
        words=r"celsius (to|into) kelvin",
        needs=(("degrees", "number", ("celsius",)),),
        body="return degrees + 273.15",
    ),
    Recipe(
        words=r"kelvin (to|into) celsius",
        needs=(("degrees", "number", ("kelvin",)),),
        body="return degrees - 273.15",
    ),
    Recipe(
        words=r"\b(convert|to|into|in)\b",
        needs=(("value", "number", ("value", "amount")),),
        finds=_units,
        body="return value * $from$ / $to$",
    ),
    Recipe(
        words=r"percent(age)? (change|increase|decrease|difference)",
        needs=(
            ("old", "number", ("old", "from", "before", "start")),
            ("new", "number", ("new", "to", "after", "end")),
        ),
        body="return (new - old) / old * 100",
    ),
    Recipe(
        words=r"(what|which) percent|percentage of .* (is|are)|as a? ?percent|percentage$",
        needs=(
            ("part", "number", ("part", "value", "score", "a")),
            ("whole", "number", ("whole", "total", "max", "of", "b")),
        ),
        body="return part / whole * 100",
    ),
    Recipe(
        words=r"percent|discount",
        needs=(
            ("share", "number", ("percent", "rate", "discount", "tax", "tip")),
            ("value", "number", ("value", "amount", "price", "total", "number")),
        ),
        body="$way$",
        finds=lambda words, _shown: {"way": _percent(words.lower())},
    ),
    Recipe(
        words=r"standard deviation|\bstd ?dev|\bstdev",
        needs=_NUMBERS,
        body="return statistics.$name$(numbers)",
        head="import statistics",
        finds=lambda words, _: {"name": "pstdev" if "population" in words.lower() else "stdev"},
    ),
    Recipe(
        words=r"\bvariance",
        needs=_NUMBERS,
        body="return statistics.$name$(numbers)",
        head="import statistics",
        finds=lambda words, _: {
            "name": "pvariance" if "population" in words.lower() else "variance"
        },
    ),
    Recipe(
        words=r"\bmedian",
        needs=_NUMBERS,
        body="return statistics.median(numbers)",
        head="import statistics",
    ),
    Recipe(
        words=r"\bmode\b",
        needs=(("items", "list", ()),),
        body="return statistics.mode(items)",
        head="import statistics",
    ),
    Recipe(
        words=r"\b(mean|average|avg)\b",
        needs=_NUMBERS,
        body="""
               if not numbers:
                   raise ValueError("there is no mean of no numbers")
               return sum(numbers) / len(numbers)
           """,
    ),
    Recipe(
        words=r"histogram|\bbins?\b|buckets?",
        needs=(*_NUMBERS, ("width", "number", ("width", "size", "bin", "bucket"))),
        optional=frozenset({"width"}),
        body="""
               width = width or 10
               counts = {}
               for each in numbers:
                   start = each // width * width
                   counts[start] = counts.get(start, 0) + 1
               return [{"from": at, "to": at + width, "count": counts[at]} for at in sorted(counts)]
           """,
    ),
    Recipe(
        words=r"\b(running|cumulative) (sum|total)",
        needs=_NUMBERS,
        body="return list(itertools.accumulate(numbers))",
        head="import itertools",
    ),
    Recipe(
        words=r"\bproduct\b", needs=_NUMBERS, body="return math.prod(numbers)", head="import math"
    ),
    Recipe(
        words=r"\b(sum|total|add)\b.*\b(even|odd)\b",
        needs=_NUMBERS,
        finds=_even_or_odd,
        body="return sum(each for each in numbers if each % 2 == $rest$)",
    ),
    Recipe(
        words=r"\b(count|how many|number of)\b.*\b(even|odd)\b",
        needs=_NUMBERS,
        finds=_even_or_odd,
        body="return sum(each % 2 == $rest$ for each in numbers)",
    ),
    Recipe(
        words=r"\bsum of (the )?(squares|squared)",
        needs=_NUMBERS,
        body="return sum(each * each for each in numbers)",
    ),
    Recipe(
        words=r"\beven\b",
        knows=r"\b(only|filter\w*)\b",
        needs=_NUMBERS,
        body="return [each for each in numbers if each % 2 == 0]",
    ),
    Recipe(
        words=r"\bodd\b",
        knows=r"\b(only|filter\w*)\b",
        needs=_NUMBERS,
        body="return [each for each in numbers if each % 2]",
    ),
    Recipe(
        words=r"\bsquare(s|d)?\b(?!.*root)",
        knows=r"\b(each|every)\b",
        needs=_NUMBERS,
        body="return [each * each for each in numbers]",
    ),
    Recipe(
        words=r"(min(imum)?|smallest).*(and|/).*(max(imum)?|largest)|\brange of\b|min ?max",
        needs=_NUMBERS,
        body='return {"min": min(numbers), "max": max(numbers)}',
    ),
    Recipe(
        words=r"\b(max(imum)?|largest|biggest|highest)\b",
        needs=_NUMBERS,
        body="return max(numbers)",
    ),
    Recipe(words=r"\b(min(imum)?|smallest|lowest)\b", needs=_NUMBERS, body="return min(numbers)"),
    Recipe(words=r"\b(sum|total|add)\b", needs=_NUMBERS, body="return sum(numbers)"),
    Recipe(words=r"\b(add|sum|plus)\b", needs=_TWO, body="return a + b"),
    Recipe(words=r"\b(subtract|minus|difference)\b", needs=_TWO, body="return a - b"),
    Recipe(words=r"\b(multiply|times|product)\b", needs=_TWO, body="return a * b"),
    Recipe(words=r"\b(divide|quotient|ratio)\b", needs=_TWO, body="return a / b"),
    Recipe(
        words=r"\b(power|exponent|raise)\b",
        needs=(
            ("base", "number", ("base", "a", "x")),
            ("exponent", "number", ("exp", "power", "b", "n")),
        ),
        body="return base ** exponent",
    ),
    Recipe(words=r"square root|\bsqrt\b", needs=_N, body="return math.sqrt(n)", head="import math"),
    Recipe(words=r"\bsquare\b", needs=_N, body="return n * n"),
    Recipe(
        words=r"compound interest",
        needs=(
            ("rate", "number", ("rate", "interest")),
            ("years", "number", ("year", "time", "period")),
            ("principal", "number", ("principal", "amount", "capital")),
        ),
        body="return principal * (1 + rate / (100 if rate > 1 else 1)) ** years",
    ),
    Recipe(words=r"to binary|into binary|in binary", needs=_N, body='return format(int(n), "b")'),
    Recipe(words=r"to hex|hexadecimal", needs=_N, body='return format(int(n), "x")'),
    Recipe(
        words=r"sum of (the )?digits|digit sum",
        needs=_N,
        body="return sum(int(each) for each in str(abs(int(n))))",
    ),
    Recipe(
        words=r"\b(circle)\b.*\barea\b|\barea\b.*\bcircle\b",
        needs=(("radius", "number", ("radius", "r")),),
        body="return math.pi * radius * radius",
        head="import math",
    ),
    Recipe(
        words=r"\barea\b",
        needs=(
            ("width", "number", ("width", "w", "base")),
            ("height", "number", ("height", "length", "h")),
        ),
        body="return width * height",
    ),
    Recipe(
        words=r"\bbmi\b|body mass",
        needs=(("weight", "number", ("weight", "kg")), ("height", "number", ("height", "m"))),
        body="metres = height / 100 if height > 3 else height\nreturn weight / metres ** 2",
    ),
)


def _percent(words: str) -> str:
    if "discount" in words or "off" in words.split() or "decrease" in words:
        return "return value * (1 - share / 100)"
    if "increase" in words or "add" in words or "tax" in words or "plus" in words:
        return "return value * (1 + share / 100)"
    return "return value * share / 100"
