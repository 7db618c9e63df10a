"""Methods of the orchestrator that clients may call over the socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from littoral.agent.rpc import callable_method
from littoral.api.envelope import Call
from littoral.errors import InvalidInput
from littoral.orchestrator.calls import OrchestratorCalls

WAIT_SECONDS = 10


class SocketMethods:
    """What a client may call: reading. Changes go by HTTP, where the key's scopes are looked at."""

    def __init__(self, calls: OrchestratorCalls) -> None:
        self._calls = calls

    @callable_method
    async def list_runs(self, options: Any = None) -> dict[str, Any]:
        """A page of runs: ``{status?, q?, cursor?, limit?}``."""
        return dict(await self._call("run.list", _object(options or {})))

    @callable_method
    async def get_run(self, run_id: Any) -> dict[str, Any]:
        """Everything of one run."""
        return dict(await self._call("run.describe", {"runId": _text(run_id)}))

    @callable_method
    async def list_approvals(self) -> list[Any]:
        """Approvals that wait for a decision."""
        found: list[Any] = (await self._call("approvals.list", {}))["approvals"]
        return found

    @callable_method
    async def follow_run(self, run_id: Any, since: Any = 0) -> AsyncIterator[dict[str, Any]]:
        """The events of a run after ``since``, one part each, until it has ended."""
        number = since if isinstance(since, int) and since >= 0 else 0
        while True:
            args = {"runId": _text(run_id), "since": number, "seconds": WAIT_SECONDS}
            page = await self._call("run.wait", args)
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
        raise InvalidInput("A run's id must be text.")
    return value
