"""A plan: the visible commands that words were turned into."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class PlannedCommand:
    """One command, and in a few words what it is for."""

    title: str
    command: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a planner made. ``model`` is empty when no language model was needed."""

    commands: tuple[PlannedCommand, ...]
    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0
