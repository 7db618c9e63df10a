"""Owns what a check of one file knows of the others: which paths there are, and what kind of app.

Files that are planned and not written yet count as there: a review may come before them.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from littoral.builder.blueprint import Blueprint

MOST_DEPTH = 100
"""Brackets or elements inside each other; deeper is not looked at."""

MOST_ISSUES_IN_FILE = 20

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_BRACKETS = re.compile(r"[\[\](){}\n]")


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """All files by path, and the plan."""

    files: Mapping[str, str]
    kind: str
    planned: frozenset[str] = field(default=frozenset())

    @classmethod
    def of(cls, files: Mapping[str, str], blueprint: Blueprint) -> Surroundings:
        return cls(files=files, kind=blueprint.kind, planned=frozenset(blueprint.paths))

    def has(self, path: str) -> bool:
        return path in self.files or path in self.planned

    def has_folder(self, path: str) -> bool:
        start = f"{path}/"
        return any(each.startswith(start) for each in (*self.files, *self.planned))


def is_remote(reference: str) -> bool:
    """Whether it needs a network: another host, whatever the scheme."""
    return reference.startswith("//") or bool(re.match(r"(?:https?|wss?|ftp):", reference, re.I))


def is_local(reference: str) -> bool:
    """Whether it names a file: no other scheme (data:, mailto:), no fragment alone."""
    return bool(reference) and not _SCHEME.match(reference) and not reference.startswith(("#", "?"))


def resolved(path: str, reference: str) -> str | None:
    """The path that a reference in the file ``path`` means; ``None`` when it leaves the build."""
    plain = re.split(r"[?#]", reference, maxsplit=1)[0]
    folder = posixpath.dirname(path)
    target = posixpath.normpath(posixpath.join(folder, plain)) if plain else path
    if target.startswith(("..", "/")):
        return None
    if plain.endswith("/") or target == ".":
        target = posixpath.normpath(posixpath.join(target, "index.html"))
    return target


def too_deep(text: str, most: int = MOST_DEPTH) -> int:
    """The line in which brackets are nested deeper than ``most``; 0 when they are not."""
    depth, line = 0, 1
    for found in _BRACKETS.finditer(text):
        mark = found.group()
        if mark == "\n":
            line += 1
        elif mark in "[({":
            depth += 1
            if depth > most:
                return line
        else:
            depth = max(0, depth - 1)
    return 0


def line_at(text: str, position: int) -> int:
    """The line of a position, from 1."""
    return text.count("\n", 0, position) + 1
