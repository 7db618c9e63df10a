"""Methods of functions that clients may call over the socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from littoral.agent.rpc import callable_method
from littoral.api.envelope import Call
from littoral.errors import InvalidInput
from littoral.functions.calls import FunctionCalls

WAIT_SECONDS = 10


class SocketMethods:
    """What a client may call: reading. What costs or changes something goes by HTTP."""

    def __init__(self, calls: FunctionCalls) -> None:
        self._calls = calls

    @callable_method
    async def list_jobs(self, options: Any = None) -> dict[str, Any]:
        """A page of jobs: ``{status?, type?, deadLetter?, q?, cursor?, limit?}``."""
        return dict(await self._call("job.list", _object(options or {})))

    @callable_method
    async def get_job(self, job_id: Any) -> dict[str, Any]:
        """Everything of one job."""
        return dict(await self._call("job.describe", {"jobId": _text(job_id)}))

    @callable_method
    async def list_human_tasks(self) -> list[Any]:
        """Human tasks that wait for an answer."""
        found: list[Any] = (await self._call("task.list", {"status": "waiting"}))["tasks"]
        return found

    @callable_method
    async def follow_job(self, job_id: Any, since: Any = 0) -> AsyncIterator[dict[str, Any]]:
        """The events of a job after ``since``, one part each, until it has ended."""
        number = since if isinstance(since, int) and since >= 0 else 0
        while True:
            args = {"jobId": _text(job_id), "since": number, "seconds": WAIT_SECONDS}
            page = await self._call("job.wait", args)
            for event in page["events"]:
                yield event
            number = page["next"]
            if page["ended"]:
                return

    async def _call(self, method: str, args: dict[str, Any]) -> Any:
        return await self._calls.call(Call(method=method, args=args))


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidInput("The argument must be an object.")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidInput("A job's id must be text.")
    return value
