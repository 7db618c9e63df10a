"""The labelled descriptions of functions in `tests/data`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Split = Literal["tuned", "held-out"]
CLARIFY = "clarify"
FILE = Path(__file__).parents[2] / "tests" / "data" / "function_descriptions.jsonl"


@dataclass(frozen=True, kw_only=True)
class Example:
    """`label` is a type or `clarify`; `accepted` has it and what is as good an answer.

    The rules were written while looking at `tuned`; the `held-out` ones were written before the
    rules, and no rule was changed because of one of them.
    """

    description: str
    label: str
    accepted: tuple[str, ...]
    split: Split
    args: Any = None
    schema: dict[str, Any] | None = None


def read_examples(file: Path = FILE) -> list[Example]:
    """All of them, in the order of the file."""
    return [_example(json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def _example(row: dict[str, Any]) -> Example:
    return Example(
        description=row["description"],
        label=row["label"],
        accepted=tuple(row.get("accept", [row["label"]])),
        split=row["split"],
        args=row.get("args"),
        schema=row.get("schema"),
    )
