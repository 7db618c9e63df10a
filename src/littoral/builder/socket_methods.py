"""Methods of a build that clients may call over the socket: reading.

Changes go by HTTP, where the key's scopes and the limits are looked at.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from littoral.agent.rpc import callable_method
from littoral.api.envelope import Call
from littoral.builder.calls import BuilderCalls
from littoral.errors import InvalidInput

WAIT_SECONDS = 10


class SocketMethods:
    """What a client may call."""

    def __init__(self, calls: BuilderCalls) -> None:
        self._calls = calls

    @callable_method
    async def get_file(self, path: Any) -> dict[str, Any]:
        """One file with its text in ``content``."""
        if not isinstance(path, str):
            raise InvalidInput("A file's path must be text.")
        found = await self._call("build.files", {"path": path})
        return dict(found["files"][0])

    @callable_method
    async def list_revisions(self) -> list[Any]:
        """What is kept, newest first."""
        found: list[Any] = (await self._call("build.revisions", {}))["revisions"]
        return found

    @callable_method
    async def follow_build(self, since: Any = 0) -> AsyncIterator[dict[str, Any]]:
        """The build's events after ``since``, one part each, until it stands still."""
        number = since if isinstance(since, int) and since >= 0 else 0
        while True:
            page = await self._call("build.wait", {"since": number, "seconds": WAIT_SECONDS})
            for event in page["events"]:
                yield event
            number = page["next"]
            if page["ended"]:
                return

    async def _call(self, method: str, args: dict[str, Any]) -> Any:
        return await self._calls.call(Call(method=method, args=args))
