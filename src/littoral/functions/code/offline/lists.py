"""Recipes of sorting, filtering, grouping and counting, of plain lists and of records."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from littoral.functions.code.offline.recipe import (
    Need,
    Recipe,
    key_in_words,
    two_keys_in_words,
)

_ITEMS: Final[tuple[Need, ...]] = (
    ("items", "list", ("items", "list", "array", "values", "numbers")),
)
_RECORDS: Final[tuple[Need, ...]] = (("records", "records", ("rows", "records", "items", "data")),)
_DOWN = re.compile(
    r"descend|\bdesc\b|largest first|highest first|reverse order|decreasing|newest|z to a|"
    r"high to low"
)
_ORDER: Final = r"\b(descending|largest|smallest|first|to|then last|reversed? order|by)\b"
_COMPARING: Final = r"\b(only|filter\w*|or (more|less|fewer))\b"
_COMPARISONS: Final = (
    (r"at least|or more|>=|minimum of", ">="),
    (r"at most|or less|or fewer|<=|up to", "<="),
    (r"greater|more than|over|above|older|larger|higher|exceed|>|after", ">"),
    (r"less|fewer|under|below|younger|smaller|lower|<|before", "<"),
    (r"not equal|is not|isn't|!=", "!="),
    (r"equal|is|are|=|with|whose|where", "=="),
)


def _order(words: str) -> str:
    return "True" if _DOWN.search(words.lower()) else "False"


def _sorted_by(words: str, shown: Mapping[str, Any]) -> Mapping[str, str] | None:
    key = key_in_words(words, shown)
    return None if key is None else {**key, "down": _order(words)}


def _compared(words: str, _shown: Mapping[str, Any]) -> Mapping[str, str] | None:
    lower = words.lower()
    sign = next((sign for pattern, sign in _COMPARISONS if re.search(pattern, lower)), None)
    return None if sign is None else {"sign": sign}


def _compared_by(words: str, shown: Mapping[str, Any]) -> Mapping[str, str] | None:
    sign, key = _compared(words, shown), key_in_words(words, shown)
    if key is None and re.search(r"\bolder|younger|adult|minor", words.lower()):
        key = key_in_words("age", shown)
    return None if sign is None or key is None else {**sign, **key}


LISTS: Final[tuple[Recipe, ...]] = (
    Recipe(
        words=r"\b(sum|total|add up)\b.*\b(by|per|for each)\b",
        needs=_RECORDS,
        finds=two_keys_in_words,
        body="""
               totals = {}
               for record in records:
                   key = str(record.get($key$))
                   totals[key] = totals.get(key, 0) + (record.get($value$) or 0)
               return totals
           """,
    ),
    Recipe(
        words=r"\b(mean|average|avg)\b.*\b(by|per|for each)\b",
        needs=_RECORDS,
        finds=two_keys_in_words,
        body="""
               groups = {}
               for record in records:
                   groups.setdefault(str(record.get($key$)), []).append(record.get($value$) or 0)
               return {key: sum(values) / len(values) for key, values in groups.items()}
           """,
    ),
    Recipe(
        words=r"\b(count|number of|how many)\b.*\b(by|per|for each|in each)\b",
        needs=_RECORDS,
        finds=key_in_words,
        body="""
               counts = {}
               for record in records:
                   key = str(record.get($key$))
                   counts[key] = counts.get(key, 0) + 1
               return counts
           """,
    ),
    Recipe(
        words=r"\bgroup\w*",
        needs=_RECORDS,
        finds=key_in_words,
        body="""
               groups = {}
               for record in records:
                   groups.setdefault(str(record.get($key$)), []).append(record)
               return groups
           """,
    ),
    Recipe(
        words=r"\b(sort|order|rank)",
        knows=_ORDER,
        needs=_RECORDS,
        finds=_sorted_by,
        body=(
            "return sorted(records, key=lambda record: (record.get($key$) is None, "
            "record.get($key$)), reverse=$down$)"
        ),
    ),
    Recipe(
        words=r"\b(filter|keep|select|find|only|remove)\b",
        knows=_COMPARING,
        needs=(
            *_RECORDS,
            ("limit", "number", ("min", "max", "limit", "threshold", "than", "value")),
        ),
        finds=_compared_by,
        without=r"\bremove\b",
        body=(
            "return [record for record in records if record.get($key$) is not None and "
            "record[$key$] $sign$ limit]"
        ),
    ),
    Recipe(
        words=r"\b(filter|keep|select|find|only)\b",
        knows=_COMPARING,
        needs=(*_RECORDS, ("wanted", "text", ("value", "equals", "is"))),
        finds=key_in_words,
        body="return [record for record in records if record.get($key$) == wanted]",
    ),
    Recipe(
        words=r"\b(unique|distinct|duplicates?|dedup)",
        needs=_RECORDS,
        finds=key_in_words,
        body="""
               seen = {}
               for record in records:
                   seen.setdefault(repr(record.get($key$)), record)
               return list(seen.values())
           """,
    ),
    Recipe(
        words=r"\b(max(imum)?|largest|highest|oldest|most expensive|top)\b",
        needs=_RECORDS,
        finds=key_in_words,
        body="return max(records, key=lambda record: record[$key$])",
    ),
    Recipe(
        words=r"\b(min(imum)?|smallest|lowest|youngest|cheapest)\b",
        needs=_RECORDS,
        finds=key_in_words,
        body="return min(records, key=lambda record: record[$key$])",
    ),
    Recipe(
        words=r"\b(mean|average|avg)\b",
        needs=_RECORDS,
        finds=key_in_words,
        body="values = [record[$key$] for record in records]\nreturn sum(values) / len(values)",
    ),
    Recipe(
        words=r"\b(sum|total|add)\b",
        needs=_RECORDS,
        finds=key_in_words,
        body="return sum(record.get($key$) or 0 for record in records)",
    ),
    Recipe(
        words=r"\b(pluck|extract|list of|get|names?|values?)\b",
        needs=_RECORDS,
        finds=key_in_words,
        body="return [record.get($key$) for record in records]",
        without="csv",
    ),
    Recipe(
        words=r"\bflatten",
        knows=r"nested|recursively|deeply",
        needs=(("value", "lists", ()),),
        body="""
               flat = []
               waiting = list(reversed(value))
               while waiting:
                   item = waiting.pop()
                   if isinstance(item, list):
                       waiting.extend(reversed(item))
                   else:
                       flat.append(item)
               return flat
           """,
    ),
    Recipe(
        words=r"\bflatten",
        knows=r"nested|recursively|deeply",
        needs=(("value", "list", ()),),
        body="""
               flat = []
               waiting = list(reversed(value))
               while waiting:
                   item = waiting.pop()
                   if isinstance(item, list):
                       waiting.extend(reversed(item))
                   else:
                       flat.append(item)
               return flat
           """,
    ),
    Recipe(
        words=r"\bflatten",
        knows=r"nested|recursively|deeply",
        needs=(("value", "object", ()),),
        body="""
               flat = {}
               waiting = [("", value)]
               while waiting:
                   path, item = waiting.pop()
                   if isinstance(item, dict) and item:
                       for name, inner in reversed(list(item.items())):
                           waiting.append((path + "." + name if path else name, inner))
                   else:
                       flat[path] = item
               return flat
           """,
    ),
    Recipe(
        words=r"\b(merge|combine|concat\w*)\b.*\b(lists?|arrays?)\b",
        needs=(("a", "list", ("a", "first", "left")), ("b", "list", ("b", "second", "right"))),
        body="return a + b",
    ),
    Recipe(
        words=r"\b(intersect\w*|in common|common (elements|items))",
        needs=(("a", "list", ("a", "first")), ("b", "list", ("b", "second"))),
        body="return [each for each in a if each in b]",
    ),
    Recipe(
        words=r"\b(chunk|split .* into (groups|parts|pieces))",
        needs=(*_ITEMS, ("size", "number", ("size", "n", "length"))),
        body="return [items[at:at + size] for at in range(0, len(items), size)]",
    ),
    Recipe(
        words=r"\b(filter|keep|select|only|find)\b",
        knows=_COMPARING,
        needs=(
            ("numbers", "numbers", ()),
            ("limit", "number", ("min", "max", "limit", "threshold")),
        ),
        finds=_compared,
        body="return [each for each in numbers if each $sign$ limit]",
        without=r"\b(even|odd)\b",
    ),
    Recipe(
        words=r"\b(duplicates|repeated)\b",
        needs=_ITEMS,
        without=r"remove|without|delete|drop|dedup|unique",
        body="""
               seen, found = [], []
               for each in items:
                   if each in seen and each not in found:
                       found.append(each)
                   seen.append(each)
               return found
           """,
    ),
    Recipe(
        words=r"\b(unique|distinct|duplicates?|dedup)",
        needs=_ITEMS,
        body="""
               seen = []
               for each in items:
                   if each not in seen:
                       seen.append(each)
               return seen
           """,
    ),
    Recipe(
        words=r"\b(frequenc|occurrence|count (each|of each)|how often|tally)",
        needs=_ITEMS,
        body="""
               counts = {}
               for each in items:
                   counts[str(each)] = counts.get(str(each), 0) + 1
               return counts
           """,
    ),
    Recipe(
        words=r"\b(sort|order)\b.*\blength",
        knows=_ORDER,
        needs=(("texts", "texts", ()),),
        finds=lambda words, _: {"down": _order(words)},
        body="return sorted(texts, key=len, reverse=$down$)",
    ),
    Recipe(
        words=r"\b(sort|order|alphabeti|ascending|descending)",
        knows=_ORDER,
        needs=(("texts", "texts", ()),),
        finds=lambda words, _: {"down": _order(words)},
        body="return sorted(texts, key=lambda text: (text.lower(), text), reverse=$down$)",
    ),
    Recipe(
        words=r"\b(sort|order|ascending|descending)",
        knows=_ORDER,
        needs=_ITEMS,
        finds=lambda words, _: {"down": _order(words)},
        body="return sorted(items, reverse=$down$)",
    ),
    Recipe(
        words=r"\b(second|2nd) (largest|highest|biggest)",
        needs=(("numbers", "numbers", ()),),
        body="return sorted(set(numbers))[-2]",
    ),
    Recipe(
        words=r"\breverse",
        needs=_ITEMS,
        body="return items[::-1]",
        without=r"\bwords?\b|\bstring\b|\btext\b",
    ),
    Recipe(
        words=r"\b(count|length|how many|number of)\b",
        needs=_ITEMS,
        body="return len(items)",
        without=r"\bwords?\b|vowel|character|letter",
    ),
)
