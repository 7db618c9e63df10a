"""What a recipe is: words that it answers, what it needs, and a small source around that."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from textwrap import dedent, indent
from typing import Any

from littoral.functions.code.offline.inputs import Inputs, Kind

Need = tuple[str, Kind, tuple[str, ...]]
Finder = Callable[[str, Mapping[str, Any]], Mapping[str, str] | None]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """``words`` is searched for in the lower-cased description.

    ``needs`` name the variables of ``body`` with the kind of value each takes and the names that
    fit best. ``finds`` fills ``$name$`` in the body from the words and the values' shapes, or
    gives ``None`` when the recipe does not fit after all. A word that changes what is meant
    (``even``, ``top``, ``and``) has to be covered by ``words`` or ``knows``: rather no code than
    code that does something else.
    """

    words: str
    needs: tuple[Need, ...]
    body: str
    head: str = ""
    finds: Finder | None = None
    without: str = ""
    knows: str = ""
    optional: frozenset[str] = field(default_factory=frozenset)

    def source(self, description: str, args: Any) -> str | None:
        """The module for these words and arguments; ``None`` when something is missing."""
        lower = " ".join(description.lower().split())
        if not re.search(self.words, lower) or (self.without and re.search(self.without, lower)):
            return None
        if self._leaves_something(lower, args):
            return None
        inputs = Inputs(args, description)
        taken: dict[str, str] = {}
        for name, kind, names in self.needs:
            expression = inputs.take(kind, names)
            if expression is None:
                if name not in self.optional:
                    return None
                expression = "None"
            taken[name] = expression
        body = dedent(self.body).strip("\n")
        if self.finds is not None:
            shown = {name: inputs.value(each) for name, each in taken.items()}
            found = self.finds(description, shown)
            if found is None:
                return None
            for name, text in found.items():
                body = body.replace(f"${name}$", text)
        lines = "\n".join(f"{name} = {each}" for name, each in taken.items())
        head = dedent(self.head).strip("\n")
        start = f"{head}\n\n\n" if head else ""
        return f"{start}def run(args):\n{indent(lines, '    ')}\n{indent(body, '    ')}\n"

    def _leaves_something(self, lower: str, args: Any) -> bool:
        rest = re.sub(self.words, " ", lower)
        rest = re.sub(self.knows, " ", rest) if self.knows else rest
        rest = _QUOTED.sub(" ", rest)
        named = set(re.findall(r"[a-z]+", " ".join(_names(args)).lower()))
        return any(word not in named for word in _CHANGES.findall(rest))


def _names(args: Any) -> list[str]:
    if isinstance(args, Mapping):
        inner = [name for value in args.values() for name in _names(value)]
        return [*map(str, args), *inner]
    if isinstance(args, list) and args and isinstance(args[0], Mapping):
        return _names(args[0])
    return []


_QUOTED = re.compile(r"['\"“‘`][^'\"”’`]*['\"”’`]")
_CHANGES = re.compile(
    r"\b(even|odd|top|bottom|first|last|second|third|nth|square[sd]?|absolute|unique|distinct|"
    r"positive|negative|nonzero|not|without|except|excluding|ignor\w+|insensitive|weighted|moving|"
    r"rolling|geometric|harmonic|consecutive|longest|shortest|unless|then|and|or|but|only|twice|"
    r"double[sd]?|triple|half|primes?|reversed?|descending|median|random|shuffle|pairs?|nested|"
    r"recursive\w*|matrix|matrices|transpose|largest|smallest|every|alternat\w+|sort\w*|group\w*|"
    r"filter\w*|starting|ending|contain\w*|longer|shorter|between|per|squares|cubes?|translate|"
    r"sum|average|mean|count|how many|summar\w+|predict\w*|sentiment|each)\b"
)


def key_in_words(description: str, shown: Mapping[str, Any]) -> Mapping[str, str] | None:
    """``$key$``: the field of the records that the words name, best after "by"."""
    fields = _fields(shown)
    words = re.findall(r"[A-Za-z_][\w-]*", description)
    after = [words[at + 1] for at, word in enumerate(words[:-1]) if word.lower() in ("by", "their")]
    for word in (*after, *reversed(words)):
        for name in fields:
            if _alike(word, name):
                return {"key": repr(name)}
    return None


def two_keys_in_words(description: str, shown: Mapping[str, Any]) -> Mapping[str, str] | None:
    """``$value$`` and ``$key$`` of "sum amount by category"."""
    before, _, after = description.partition(" by ")
    if not after:
        before, _, after = description.partition(" per ")
    if not after:
        before, _, after = description.partition(" for each ")
    key = key_in_words(f"by {after}", shown)
    if key is None:
        return None
    rows = next((each for each in shown.values() if isinstance(each, list) and each), [])
    numeric = [name for name, value in rows[0].items() if isinstance(value, (int, float))]
    named = [name for name in numeric for word in re.findall(r"\w+", before) if _alike(word, name)]
    numeric = [name for name in numeric if repr(name) != key["key"]]
    values = named or numeric
    return {**key, "value": repr(values[0])} if values else None


def _fields(shown: Mapping[str, Any]) -> list[str]:
    for value in shown.values():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            return [str(name) for name in value[0]]
    return []


def _alike(word: str, name: str) -> bool:
    def plain(text: str) -> str:
        text = re.sub(r"[^a-z0-9]", "", text.lower())
        return text.removesuffix("s") if len(text) > 3 else text

    return plain(word) == plain(name)
