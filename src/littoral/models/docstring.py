"""Docstrings as a model reads them: what a function does and what each argument means.

Google style, as this project writes it. Types and defaults are no business of this module: they
come from the annotations (``littoral.models.schema``).
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

_ARGUMENTS = ("Args:", "Arguments:")
_ARGUMENT = re.compile(r"^\*{0,2}(\w+)\s*(?:\([^)]*\))?:\s*(.*)$")


@dataclass(frozen=True, kw_only=True)
class Docstring:
    """``summary`` is the first paragraph on one line; ``arguments`` maps names to meanings."""

    summary: str = ""
    arguments: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, function: Callable[..., Any]) -> Docstring:
        """Reads the docstring of a function; one without a docstring gives empty parts."""
        text = inspect.cleandoc(function.__doc__ or "")
        summary = " ".join(text.split("\n\n", 1)[0].split())
        return cls(summary=summary, arguments=_arguments(text.splitlines()))


def _arguments(lines: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    name = ""
    for line in _section(lines):
        match = _ARGUMENT.match(line.strip())
        if match and _indent(line) == _indent(_section(lines)[0]):
            name = match[1]
            found[name] = match[2].strip()
        elif name:
            found[name] = f"{found[name]} {line.strip()}".strip()
    return found


def _section(lines: list[str]) -> list[str]:
    """The indented lines below ``Args:``, up to the next line that is not indented."""
    start = next((at for at, line in enumerate(lines) if line.strip() in _ARGUMENTS), None)
    if start is None:
        return []
    section: list[str] = []
    for line in lines[start + 1 :]:
        if line.strip() and not line.startswith(" "):
            break
        if line.strip():
            section.append(line)
    return section


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
