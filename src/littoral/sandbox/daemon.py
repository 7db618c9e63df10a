"""Talks to the daemon inside a sandbox: one method for each of its routes, errors made ours."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

from littoral.errors import Conflict, DependencyUnavailable, InvalidInput, NotFound, QueueFull
from littoral.sandbox.box import Answer, Box
from littoral.sandbox.command import Command

SECONDS = 15.0
FILE_SECONDS = 60.0
WAIT_SECONDS = 10.0
_ERRORS = {404: NotFound, 409: Conflict, 413: InvalidInput, 422: InvalidInput, 429: QueueFull}


class Daemon:
    """Raises ``BoxSilent`` when it does not answer, and ours by the status otherwise."""

    def __init__(self, box: Box) -> None:
        self._box = box

    async def health(self, timeout_seconds: float = SECONDS) -> dict[str, Any]:
        """``{boot, running, processes, terminals, engine, isolation}``."""
        answer = await self._box.request("GET", "/health", timeout_seconds=timeout_seconds)
        return _object(answer)

    async def start(self, command: Command) -> dict[str, Any]:
        """Starts it or finds it; safe to repeat while the daemon lives. Gives its description."""
        return await self._call("POST", "/exec", command.to_json())

    async def describe(self, exec_id: str) -> dict[str, Any]:
        """The command's description; ``NotFound`` when this daemon never heard of it."""
        return await self._call("GET", f"/exec/{exec_id}")

    async def output(
        self, exec_id: str, since: int, *, limit: int, characters: int, wait_seconds: float
    ) -> dict[str, Any]:
        """``{chunks, last, skippedBytes, description}``; waits for the first chunk or the end."""
        query = urlencode(
            {"since": since, "limit": limit, "characters": characters, "wait": wait_seconds}
        )
        path = f"/exec/{exec_id}/output?{query}"
        return _object(await self._box.request("GET", path, timeout_seconds=SECONDS + wait_seconds))

    async def stdin(self, exec_id: str, text: str, *, close: bool) -> None:
        """Types into the command."""
        await self._call("POST", f"/exec/{exec_id}/stdin", {"text": text, "close": close})

    async def act(self, exec_id: str, action: str, grace_seconds: float) -> dict[str, Any]:
        """``cancel``, ``pause`` or ``resume``; gives the description at this moment."""
        return await self._call("POST", f"/exec/{exec_id}/{action}?graceSeconds={grace_seconds}")

    async def write_file(self, path: str, content: bytes) -> dict[str, Any]:
        """Replaces a file of the workspace."""
        answer = await self._box.request(
            "PUT", f"/files?{urlencode({'path': path})}", content, timeout_seconds=FILE_SECONDS
        )
        return _object(answer)

    async def read_file(self, path: str) -> bytes:
        """A file of the workspace as a whole."""
        answer = await self._box.request(
            "GET", f"/files?{urlencode({'path': path})}", timeout_seconds=FILE_SECONDS
        )
        return _checked(answer).body

    async def list_files(self, path: str) -> dict[str, Any]:
        """``{files: [{path, kind, bytes, changedAt}], cut}``."""
        return await self._call("GET", f"/files/list?{urlencode({'path': path})}")

    async def artifacts(self) -> dict[str, Any]:
        """``{artifacts: [{path, bytes, contentType, sha256}], cut}``."""
        return await self._call("GET", "/artifacts")

    async def artifact(self, path: str) -> bytes:
        """One artifact as a whole."""
        answer = await self._box.request(
            "GET", f"/artifacts/{quote(path)}", timeout_seconds=FILE_SECONDS
        )
        return _checked(answer).body

    async def _call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        content = None if body is None else json.dumps(body).encode()
        return _object(await self._box.request(method, path, content, timeout_seconds=SECONDS))


def _object(answer: Answer) -> dict[str, Any]:
    value = json.loads(_checked(answer).body)
    if not isinstance(value, dict):
        raise DependencyUnavailable("The sandbox answered with something that is not an object.")
    return value


def _checked(answer: Answer) -> Answer:
    if answer.status < 300:
        return answer
    try:
        said = str(json.loads(answer.body)["message"])
    except (ValueError, KeyError, TypeError):
        said = f"The sandbox answered with status {answer.status}."
    raise _ERRORS.get(answer.status, DependencyUnavailable)(said)
