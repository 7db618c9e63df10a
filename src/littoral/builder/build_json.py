"""How a build looks in JSON, for every door alike: its state, its phases, its files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from littoral.builder.budget import Amounts, budget_json
from littoral.builder.build import Build, Phase, QueuedMessage, SavedFile
from littoral.builder.issue import Issue
from littoral.clock import iso
from littoral.credits.amount import credits_of


def state_json(
    build: Build,
    *,
    phases: Sequence[Phase],
    files: Sequence[SavedFile],
    issues: Iterable[Issue],
    queued: Iterable[QueuedMessage],
    revision: int | None,
    preview_url: str | None,
    last_event: int,
) -> dict[str, Any]:
    """Everything of a build but the texts of its files."""
    current = next((each for each in phases if each.index == build.current), None)
    blueprint = build.blueprint
    return {
        "sessionId": build.id,
        "title": build.title,
        "query": build.query,
        "agentMode": build.mode,
        "status": build.status,
        "currentDevState": build.dev,
        "blueprint": None if blueprint is None else blueprint.to_json(),
        "generatedPhases": [phase_json(each) for each in phases],
        "currentPhase": None if current is None else phase_json(current),
        "generatedFilesMap": files_json(build, files),
        "reviewCycles": build.review_cycles,
        "issues": [each.to_json() for each in issues],
        "mvpGenerated": build.mvp,
        "previewURL": preview_url,
        "queuedMessages": [message_json(each) for each in queued],
        "budget": budget_json(*used_and_limit(build)),
        "usage": usage_json(build),
        "decision": build.decision,
        "revision": revision,
        "error": build.error,
        "model": build.model,
        "degraded": build.degraded,
        "degradedReason": build.degraded_reason,
        "createdAt": iso(build.created_at_ms),
        "updatedAt": iso(build.updated_at_ms),
        "lastEvent": last_event,
    }


def used_and_limit(build: Build) -> tuple[Amounts, Amounts]:
    """Of the round that goes on, or of the last one."""
    if build.round is None:
        return build.last_used, build.last_limit
    return build.round.used, build.round.limit


def usage_json(build: Build) -> dict[str, Any]:
    """What the round used, in plain numbers."""
    used, _ = used_and_limit(build)
    return {**asdict(used), "cost": credits_of(used.cost), "rounds": build.rounds}


def phase_json(phase: Phase) -> dict[str, Any]:
    """A phase and what became of its files."""
    return {
        "index": phase.index,
        "name": phase.name,
        "description": phase.description,
        "status": phase.status,
        "files": [asdict(each) for each in phase.files],
        "messages": list(phase.messages),
    }


def files_json(build: Build, files: Sequence[SavedFile]) -> dict[str, Any]:
    """Files by path, the one that is being written too."""
    shown = {each.path: file_json(each) for each in files}
    writing = build.writing
    if writing is not None and build.working:
        known = shown.get(writing.path) or {
            "path": writing.path,
            "bytes": 0,
            "hash": "",
            "language": "",
            "phase": build.current,
            "updatedAt": iso(build.updated_at_ms),
        }
        shown[writing.path] = {**known, "status": "writing"}
    return shown


def file_json(file: SavedFile) -> dict[str, Any]:
    """A saved file without its text."""
    return {
        "path": file.path,
        "bytes": file.bytes,
        "hash": file.hash,
        "language": file.language,
        "phase": file.phase,
        "status": "saved",
        "updatedAt": iso(file.updated_at_ms),
    }


def message_json(message: QueuedMessage) -> dict[str, Any]:
    return {"number": message.number, "text": message.text, "at": iso(message.at_ms)}
