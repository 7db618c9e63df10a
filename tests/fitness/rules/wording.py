"""Owns the words that a finished file has not: unfinished work, tests switched off, local paths."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

_CODE_SUFFIXES = frozenset({".py", ".js", ".mjs", ".css", ".html", ".toml", ".sh", ".md", ".txt"})
_NOT_OURS = ("public/vendor/", "requirements/", "tests/data/", "tests/fitness/")

FORBIDDEN: tuple[tuple[str, str], ...] = (
    ("unfinished work", r"\b(?:TODO|FIXME|XXX|HACK|WIP)\b"),
    ("unfinished work", r"NotImplementedError|lorem ipsum|\bcoming soon\b"),
    ("unfinished work", r"\"\"\"Placeholder|# placeholder\b"),
    ("a test switched off", r"pytest\.(?:mark\.)?(?:skip|skipif|xfail|importorskip)\b"),
    ("a test switched off", r"\b(?:it|test|describe)\.(?:only|skip|todo)\("),
    ("patching instead of a fake", r"\bunittest\.mock\b|\bmonkeypatch\b|\bMagicMock\b"),
    ("a path of one machine", r"(?<![\w.~-])/(?:work|root|home/\w+|tmp/littoral)/"),
)


def findings(path: str, text: str) -> list[str]:
    """`path:line what: words` for every line that has such words."""
    return [
        f"{path}:{number} {what}: {line.strip()[:100]}"
        for number, line in enumerate(text.splitlines(), 1)
        for what, pattern in FORBIDDEN
        if re.search(pattern, line)
    ]


def is_checked(path: str) -> bool:
    """Our own text; the rules themselves, which must name the words, aside."""
    name = Path(path)
    is_text = name.suffix in _CODE_SUFFIXES or path.startswith(("scripts/", ".ci/"))
    return is_text and not path.startswith(_NOT_OURS)


def all_findings(root: Path, paths: Iterable[str]) -> list[str]:
    found: list[str] = []
    for path in paths:
        file = root / path
        if is_checked(path) and file.is_file():
            found += findings(path, file.read_text(encoding="utf-8"))
    return found
