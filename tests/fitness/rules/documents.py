"""Owns reading the documentation: which names stand in it, as code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from tests.fitness.rules.names import plain_path

_CODE = re.compile(r"`([^`\n]+)`")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_ROUTE = re.compile(
    r"\b((?:GET|POST|PUT|PATCH|DELETE)(?:[/, ]+(?:GET|POST|PUT|PATCH|DELETE))*) (/\S*)"
)


def read_documents(root: Path) -> str:
    """README and everything below docs/, one text."""
    files = [*root.glob("README.md"), *sorted((root / "docs").rglob("*.md"))]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def undocumented(names: Iterable[str], documents: str) -> list[str]:
    """The names that stand nowhere as inline code: `NAME`, alone or with more beside it."""
    words = {
        word
        for code in _CODE.findall(_FENCE.sub("", documents))
        for word in re.split(r"[\s,=|]+", code)
    }
    return [name for name in names if name not in words]


def undocumented_routes(routes: Iterable[str], documents: str) -> list[str]:
    """The routes that no inline code writes as `METHOD /path`; parameters may be named freely."""
    written = set()
    for code in _CODE.findall(_FENCE.sub("", documents)):
        for methods, path in _ROUTE.findall(code):
            for method in re.findall(r"[A-Z]+", methods):
                written.add(f"{method} {plain_path(path)}")
    return [route for route in routes if route not in written]
