"""One part of a task: what a worker is asked to do, and the states it may be in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

Work = Literal["text", "model", "function", "fetch", "analyse"]
WORK: Final[tuple[Work, ...]] = ("text", "model", "function", "fetch", "analyse")

PartStatus = Literal["waiting", "running", "completed", "failed", "cancelled", "expired"]
PARTS_ENDED: Final = ("completed", "failed", "cancelled", "expired")


@dataclass(frozen=True, kw_only=True)
class Part:
    """``id`` is ``<task id>-<number from 1>``; ``input`` is a JSON value as its work reads it."""

    id: str
    name: str
    work: Work
    capability: str
    input: Any

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "work": self.work,
            "capability": self.capability,
            "input": self.input,
        }

    @classmethod
    def of_json(cls, raw: Mapping[str, Any]) -> Part:
        """What ``to_json`` gave."""
        return cls(
            id=raw["id"],
            name=raw["name"],
            work=raw["work"],
            capability=raw["capability"],
            input=raw["input"],
        )


def part_id(task_id: str, number: int) -> str:
    """The id of a task's part; ``number`` counts from 1."""
    return f"{task_id}-{number}"
