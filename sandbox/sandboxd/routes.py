"""The daemon's HTTP: JSON in camelCase, errors as `{"error", "message"}`.

Only the Durable Object of the sandbox speaks to it; it has checked who asks and what is asked.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from aiohttp import web

from sandboxd.command import GRACE_SECONDS, Spec
from sandboxd.commands import Commands, Known
from sandboxd.configuration import MAX_FILE_BYTES, Configuration
from sandboxd.files import BadPath, NoFile, Workspace
from sandboxd.ports import preview
from sandboxd.processes import ProcessTable
from sandboxd.terminal_channel import serve_terminal
from terminals.terminals import Terminals

MOST_WAIT_SECONDS = 20.0
MOST_CHARACTERS = 64 * 1024
MOST_PIECES = 1_000


class Routes:
    """Handlers over the parts of one daemon. ``boot`` names this life of the daemon."""

    def __init__(
        self,
        *,
        boot: str,
        configuration: Configuration,
        commands: Commands,
        workspace: Workspace,
        terminals: Terminals,
        table: ProcessTable,
    ) -> None:
        self._boot = boot
        self._configuration = configuration
        self._commands = commands
        self._workspace = workspace
        self._terminals = terminals
        self._table = table

    def application(self) -> web.Application:
        app = web.Application(middlewares=[_errors], client_max_size=MAX_FILE_BYTES + 1024)
        app.add_routes(
            [
                web.get("/health", self._health),
                web.post("/exec", self._start),
                web.get("/exec/{id}", self._describe),
                web.get("/exec/{id}/output", self._output),
                web.post("/exec/{id}/stdin", self._stdin),
                web.post("/exec/{id}/{action:cancel|pause|resume}", self._act),
                web.put("/files", self._write_file),
                web.get("/files", self._read_file),
                web.get("/files/list", self._list_files),
                web.get("/artifacts", self._artifacts),
                web.get("/artifacts/{path:.+}", self._artifact),
                web.get("/terminal/{name}", self._terminal),
                web.route("*", "/ports/{port:[0-9]{1,5}}/{path:.*}", preview),
            ]
        )
        return app

    async def _health(self, _request: web.Request) -> web.Response:
        return _json(
            {
                "boot": self._boot,
                "engine": self._configuration.engine,
                "isolation": self._configuration.isolation,
                "running": len(self._commands.running()),
                "processes": len(self._table.read()) - self._terminals.resting(),
                "terminals": self._terminals.describe(),
            }
        )

    async def _start(self, request: web.Request) -> web.Response:
        spec = Spec.read(await request.json())
        known = self._commands.start(replace(spec, cwd=self._configuration.place(spec.cwd)))
        return _json(known.describe())

    async def _describe(self, request: web.Request) -> web.Response:
        return _json(self._known(request).describe())

    async def _output(self, request: web.Request) -> web.Response:
        """Pieces after `since`; waits up to `wait` seconds for one, or for the end."""
        known = self._known(request)
        query = request.query
        since, limit = int(query.get("since", 0)), int(query.get("limit", MOST_PIECES))
        if known.log.last <= since and not known.ended:
            await _change(known, min(float(query.get("wait", 0)), MOST_WAIT_SECONDS))
        characters = min(int(query.get("characters", MOST_CHARACTERS)), MOST_CHARACTERS)
        description = known.describe()
        return _json(
            {
                "chunks": known.log.read(since, min(limit, MOST_PIECES), characters),
                "last": known.log.last,
                "skippedBytes": description["skippedBytes"],
                "description": description,
                "boot": self._boot,
            }
        )

    async def _stdin(self, request: web.Request) -> web.Response:
        known, body = self._known(request), await request.json()
        if known.running is None or known.ended:
            return _problem(409, "ended", "The command has ended and reads nothing more.")
        data = str(body.get("text") or "").encode()
        if not known.running.type(data, close=bool(body.get("close"))):
            return _problem(429, "full", "The command does not read; too much waits already.")
        return _json({})

    async def _act(self, request: web.Request) -> web.Response:
        known = self._known(request)
        command, action = known.running, request.match_info["action"]
        if command is not None and action == "cancel":
            command.end("cancelled", float(request.query.get("graceSeconds", GRACE_SECONDS)))
        elif command is not None and action == "pause":
            command.pause()
        elif command is not None:
            command.resume()
        return _json(known.describe())

    async def _write_file(self, request: web.Request) -> web.Response:
        return _json(self._workspace.write(request.query["path"], await request.read()))

    async def _read_file(self, request: web.Request) -> web.Response:
        content = self._workspace.read(request.query["path"])
        return web.Response(body=content, content_type="application/octet-stream")

    async def _list_files(self, request: web.Request) -> web.Response:
        return _json(self._workspace.list(request.query.get("path", ".")))

    async def _artifacts(self, _request: web.Request) -> web.Response:
        return _json(await asyncio.to_thread(self._workspace.artifacts))

    async def _artifact(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(self._workspace.artifact(request.match_info["path"]))

    async def _terminal(self, request: web.Request) -> web.StreamResponse:
        return await serve_terminal(request, self._terminals)

    def _known(self, request: web.Request) -> Known:
        known = self._commands.find(request.match_info["id"])
        if known is None:
            raise web.HTTPNotFound(
                text=json.dumps({"error": "no_command", "message": "There is no such command."}),
                content_type="application/json",
            )
        return known


async def _change(known: Known, seconds: float) -> None:
    if seconds > 0:
        try:
            await asyncio.wait_for(known.changed.wait(), seconds)
        except TimeoutError:
            pass


@web.middleware
async def _errors(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    try:
        return await handler(request)
    except NoFile as error:
        return _problem(404, "no_file", f"There is nothing at {error}.")
    except BadPath as error:
        return _problem(422, "bad_path", f"{error}.")
    except (KeyError, ValueError, TypeError) as error:
        return _problem(422, "bad_request", f"This cannot be read: {error}.")
    except OSError as error:
        return _problem(507, "system", f"The sandbox refused: {error.strerror}.")


def _json(value: Mapping[str, Any]) -> web.Response:
    return web.Response(
        text=json.dumps(value, ensure_ascii=False, separators=(",", ":")),
        content_type="application/json",
    )


def _problem(status: int, code: str, message: str) -> web.Response:
    return web.Response(
        status=status,
        text=json.dumps({"error": code, "message": message}),
        content_type="application/json",
    )
