"""Parts that one of the owner's functions does: a job of the function service, named by the part.

The part's id is the job's idempotency key, so asking again gives the same job. What the job costs
is charged by the functions themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol

from littoral.errors import DeadlineExceeded, InsufficientScope, InvalidInput

SCOPE: Final = "functions"
WAIT_SECONDS: Final = 20
MOST_WAITS: Final = 12
GOING_ON: Final = ("queued", "running", "waiting")
_TAKEN: Final = ("description", "args", "schema", "examples")


class FunctionService(Protocol):
    """The owner's functions (``littoral.functions.calls``)."""

    async def call(self, method: str, args: Mapping[str, Any], *, payer: str) -> Any:
        """Raises what the functions answer, and ``DependencyUnavailable``."""
        ...


class FunctionWork:
    """Calls a function and waits for its end."""

    def __init__(self, functions: FunctionService) -> None:
        self._functions = functions

    async def do(self, part: Mapping[str, Any]) -> dict[str, Any]:
        """``{result: {value, type, jobId}, usage}``; raises ``LittoralError``.

        ``InsufficientScope`` when the key that gave the task may not call functions.
        """
        if SCOPE not in part["scopes"]:
            raise InsufficientScope(
                f"The key that gave the task lacks the scope {SCOPE!r}.",
                next_step="Give the task with a key that has it.",
            )
        given, payer = part["input"], part["payer"]
        args = {name: given[name] for name in _TAKEN if given.get(name) is not None}
        args["options"] = {"mode": "sync", "timeoutSeconds": WAIT_SECONDS}
        args["idempotencyKey"] = part["partId"]
        found = await self._functions.call("function.execute", args, payer=payer)
        for _ in range(MOST_WAITS):
            if found["status"] not in GOING_ON:
                return _result(found)
            await self._wait(found["jobId"], payer)
            found = await self._functions.call(
                "job.describe", {"jobId": found["jobId"]}, payer=payer
            )
        raise DeadlineExceeded(f"The job {found['jobId']} has not ended yet.")

    async def _wait(self, job_id: str, payer: str) -> None:
        """Until something happens to the job, or a while has passed."""
        described = await self._functions.call("job.describe", {"jobId": job_id}, payer=payer)
        args = {"jobId": job_id, "since": described["lastEvent"], "seconds": 10}
        await self._functions.call("job.wait", args, payer=payer)


def _result(found: Mapping[str, Any]) -> dict[str, Any]:
    if found["status"] != "completed":
        error = found.get("error") or {}
        raise InvalidInput(
            f"The job {found['jobId']} ended as {found['status']}: "
            f"{error.get('message') or 'no reason was given'}"
        )
    result = {"value": found["result"], "type": found["type"], "jobId": found["jobId"]}
    return {"result": result, "usage": {}}
