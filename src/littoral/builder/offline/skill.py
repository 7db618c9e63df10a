"""Owns the offline model's skill of building: blueprints, phases, files and reviews, from parts.

A request is recognised by its schema's title or by its data blocks (``asked``); what is built is
decided in ``plan`` and written by the families. The same request always gives the same answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from littoral.builder.offline.asked import Asked, asked_of
from littoral.builder.offline.families import choose
from littoral.builder.offline.odd_files import odd_file
from littoral.builder.offline.plan import blueprint_for, phase_for, settled
from littoral.models.instance import smallest_instance
from littoral.models.model import ModelRequest
from littoral.models.offline import Plan

_REASONS = {
    "phase": "The plan has a phase that is not written yet.",
    "review": "Everything planned is written and was not looked at yet.",
    "finish": "Everything planned is written and reviewed.",
}


class OfflineBuilder:
    """``Skill`` and ``DocumentSkill`` of the builder."""

    def plan(self, text: str, request: ModelRequest) -> Plan | None:
        """The file that is asked for, between its marks; ``None`` when no file is asked for."""
        asked = asked_of(request)
        wanted = asked.mapping("file")
        path = wanted.get("path")
        if not isinstance(path, str) or not asked.mapping("blueprint"):
            return None
        content = _file(asked, path, str(wanted.get("purpose") or ""))
        return Plan(reply=f"<<<FILE {path}>>>\n{content}<<<END {path}>>>\n")

    def conclude(self, request: ModelRequest) -> str | None:
        return None

    def document(self, request: ModelRequest) -> Any | None:
        """The blueprint, review or next action; ``None`` for a schema of somebody else."""
        schema = request.response_schema or {}
        makers = {
            "blueprint": _blueprint,
            "review": _review,
            "next action": _next_action,
            "next phase": _next_phase,
        }
        make = makers.get(str(schema.get("title")))
        asked = asked_of(request)
        if make is None or asked.value("query") is None:
            return None
        return _shaped(schema, make(asked))


def _blueprint(asked: Asked) -> dict[str, Any]:
    return blueprint_for(asked.text("query"), asked.texts("messages"))


def _next_phase(asked: Asked) -> dict[str, Any]:
    new, earlier = asked.texts("new_messages"), asked.texts("messages")
    return phase_for(asked.text("query"), earlier, new, asked.mapping("blueprint"))


def _review(_: Asked) -> dict[str, Any]:
    """No second opinion: without a language model only the checks have one."""
    return {"issues": []}


def _next_action(asked: Asked) -> dict[str, Any]:
    """What is left of the plan, then the review, then the end."""
    possible = asked.mapping("state").get("possible") or ()
    action = next((each for each in _REASONS if each in possible), "finish")
    return {"action": action, "reason": _REASONS[action]}


def _file(asked: Asked, path: str, purpose: str) -> str:
    messages = (*asked.texts("messages"), *asked.texts("new_messages"))
    wish = settled(asked.text("query"), messages, asked.mapping("blueprint"))
    content = choose(wish).family.write(path, wish)
    text = odd_file(path, purpose, wish) if content is None else content
    return text if text.endswith("\n") else text + "\n"


def _shaped(schema: Mapping[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """The document with whatever else the schema insists on, at its smallest."""
    try:
        smallest = smallest_instance(schema)
    except ValueError:
        return document
    return {**smallest, **document} if isinstance(smallest, dict) else document
