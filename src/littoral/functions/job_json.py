"""How jobs look in JSON, for every door alike."""

from __future__ import annotations

from typing import Any

from littoral.clock import iso, iso_or_none
from littoral.functions.changes import credits_json
from littoral.functions.forms import title_of
from littoral.functions.job import Job, JobInput


def job_json(
    job: Job,
    asked: JobInput,
    *,
    result: Any,
    stdout: str,
    schema: Any,
    progress: list[dict[str, Any]],
    last_event: int,
    code: dict[str, Any] | None,
) -> dict[str, Any]:
    """Everything of one job. ``schema`` is the one that was given, else the one that was made."""
    return {
        **summary_json(job),
        "description": job.description,
        "args": asked.args,
        "schema": schema,
        "examples": [{"args": each.args, "result": each.result} for each in asked.examples],
        "options": options_json(asked),
        "classification": job.classification,
        "result": result,
        "stdout": stdout,
        "error": job.error,
        "progress": progress,
        "code": code,
        "model": job.model,
        "degraded": job.degraded,
        "usage": {"inputTokens": job.input_tokens, "outputTokens": job.output_tokens},
        "lastEvent": last_event,
    }


def summary_json(job: Job) -> dict[str, Any]:
    """One line of a list."""
    return {
        "jobId": job.id,
        "title": title_of(job.description),
        "type": job.type,
        "mode": job.mode,
        "status": job.status,
        "attempts": job.attempts,
        "deadLetter": job.dead_letter,
        "replayOf": job.replay_of,
        "taskId": job.task_id,
        "sessionId": job.session_id,
        "credits": credits_json(job),
        "latencyMs": latency_ms(job),
        "createdAt": iso(job.created_at_ms),
        "startedAt": iso_or_none(job.started_at_ms),
        "endedAt": iso_or_none(job.ended_at_ms),
    }


def latency_ms(job: Job) -> int | None:
    """From the request to the end."""
    return None if job.ended_at_ms is None else max(0, job.ended_at_ms - job.created_at_ms)


def options_json(asked: JobInput) -> dict[str, Any]:
    """The options as they may be sent again."""
    return {
        "mode": asked.mode,
        "type": asked.type,
        "timeoutSeconds": asked.wait_seconds,
        "network": list(asked.network),
        "language": asked.language,
        "deadlineSeconds": asked.deadline_seconds,
        "assignee": asked.assignee,
        "note": asked.note,
    }
