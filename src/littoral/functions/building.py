"""Functions that are builds: begins one, looks at it until it has ended, tells how it ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from littoral.errors import NotFound
from littoral.functions.changes import JobChanges
from littoral.functions.job import Job, JobInput, Made
from littoral.functions.ports import Builds
from littoral.jsontext import dumps

GOOD: Final = frozenset({"completed", "completed_with_issues"})
BAD: Final = frozenset({"failed", "budget_exceeded"})
MAX_ARGS_SHOWN: Final = 8_000
SHOWN_FILES: Final = 200


class AgenticMaker:
    """``Maker`` for functions that the code agent does."""

    def __init__(self, builds: Builds) -> None:
        self._builds = builds

    async def make(self, job: Job, asked: JobInput, told: Callable[[str], None]) -> Made:
        """Begins the build that is named after the job; beginning it again changes nothing."""
        build_id = build_id_of(job.id)
        await self._builds.start(build_id, payer=job.payer, query=query_of(asked))
        return Made(session_id=build_id)


class BuildFollowing:
    """Looks at builds that jobs wait for."""

    def __init__(self, builds: Builds, changes: JobChanges) -> None:
        self._builds = builds
        self._changes = changes

    async def look(self, job: Job) -> None:
        """One look; the job ends with its build. Raises what keeps it from looking."""
        assert job.session_id is not None
        try:
            state = await self._builds.describe(job.session_id)
        except NotFound:
            self._changes.failed(job.id, _gone(job.session_id))
            return
        status = str(state.get("status"))
        if status in GOOD:
            self._changes.completed(job.id, Made(result=result_of(state)))
        elif status in BAD:
            self._changes.failed(job.id, _error_of(state, status), Made(result=result_of(state)))
        elif status == "cancelled":
            self._changes.cancelled(job.id, "Its build was cancelled.")
        else:
            stage = _stage_of(state)
            if stage:
                self._changes.progress(job.id, stage)
            self._changes.polled(job.id)


def build_id_of(job_id: str) -> str:
    """A job has one build at most, named after it."""
    return f"bld_{job_id.partition('_')[2]}"


def query_of(asked: JobInput) -> str:
    """What the code agent is asked to build: the words, and the arguments as data."""
    if asked.args is None:
        return asked.description
    return f"{asked.description}\n\nDetails, as data:\n{dumps(asked.args)[:MAX_ARGS_SHOWN]}"


def result_of(state: Mapping[str, Any]) -> dict[str, Any]:
    """What a job tells of its build."""
    files = state.get("generatedFilesMap") or {}
    issues = [each for each in state.get("issues") or () if each.get("status") == "open"]
    return {
        "sessionId": state.get("sessionId"),
        "status": state.get("status"),
        "title": state.get("title"),
        "files": sorted(files)[:SHOWN_FILES],
        "openIssues": len(issues),
        "previewURL": state.get("previewURL"),
    }


def _stage_of(state: Mapping[str, Any]) -> str:
    stage = str(state.get("currentDevState") or "")
    if stage in ("", "idle"):
        return ""
    phase = state.get("currentPhase")
    name = phase.get("name") if isinstance(phase, Mapping) else None
    return f"{stage}: {name}" if name else stage


def _error_of(state: Mapping[str, Any], status: str) -> dict[str, Any]:
    given = state.get("error")
    given = given if isinstance(given, Mapping) else {}
    code = "budget_exceeded" if status == "budget_exceeded" else "function_failed"
    return {
        "code": str(given.get("code") or code),
        "message": str(given.get("message") or given.get("detail") or f"The build is {status}."),
        "nextStep": "Look at the build: it can be resumed where it stopped.",
    }


def _gone(build_id: str) -> dict[str, Any]:
    return {
        "code": "not_found",
        "message": f"The build {build_id} is not there any more.",
        "nextStep": "Replay the job to build it again.",
    }
