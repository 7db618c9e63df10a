"""A sandbox in memory: the same calls as the Sandbox object, commands that follow a script.

``FakeSandbox.rpc`` takes and gives the envelopes of ``littoral.api.envelope``. A command whose line
was not scripted prints nothing and exits with 0. Give ``orchestrator``, the ``rpc`` of an
orchestrator (or a fake of one), to get ``sandbox.output`` and ``sandbox.ended`` reported.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from littoral.api.envelope import Call, failure, success
from littoral.clock import Clock
from littoral.errors import LittoralError, NotFound
from littoral.sandbox.command import Chunk, Command, Description, read_exec_id
from tests.fakes.clock import ManualClock

ISOLATION = "none: this sandbox is a fake in memory"
Rpc = Callable[[str], Awaitable[str]]


@dataclass(frozen=True, kw_only=True)
class Script:
    """How a command behaves. With ``hold`` it stays running until ``FakeSandbox.finish``."""

    output: tuple[tuple[str, str], ...] = ()
    exit_code: int = 0
    signal: str | None = None
    hold: bool = False


@dataclass
class _Running:
    command: Command
    script: Script
    description: Description
    run_id: str | None
    chunks: list[Chunk] = field(default_factory=list)
    stdin: list[str] = field(default_factory=list)
    reported: int = 0


class FakeSandbox:
    """One sandbox. ``starts`` lists the exec ids that really ran, to prove that none ran twice.

    ``boots`` counts its containers: each begins with empty folders. ``holds`` are those who need
    it awake. ``meanwhile`` is what a test does in the world while a method is under way.
    """

    def __init__(
        self,
        *,
        orchestrator: Rpc | None = None,
        clock: Clock | None = None,
        scripts: Mapping[str, Script] | None = None,
    ) -> None:
        self.scripts: dict[str, Script] = dict(scripts or {})
        self.starts: list[str] = []
        self.files: dict[str, bytes] = {}
        self.network: list[str] = []
        self.running = False
        self.boots = 0
        self.meanwhile: dict[str, Callable[[Mapping[str, Any]], Awaitable[Any]]] = {}
        self.holds: set[str] = set()
        self._orchestrator = orchestrator
        self._clock = clock or ManualClock()
        self._commands: dict[str, _Running] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def rpc(self, text: str) -> str:
        """One call as a JSON string, answered by one."""
        try:
            call = Call.read(text)
            return success(await self.call(call.method, call.args))
        except LittoralError as error:
            return failure(error)

    async def call(self, method: str, args: Mapping[str, Any]) -> Any:
        """The same without envelopes; raises the errors."""
        handler = getattr(self, "_" + method.replace(".", "_"), None)
        if handler is None:
            raise NotFound(f"There is no method {method!r}.")
        if method in ("sandbox.start", "exec.start"):
            self._hold(args)
        if method in self.meanwhile:
            await self.meanwhile[method](args)
        return await handler(args)

    # --- the test's hand ---------------------------------------------------------------------

    async def print_out(self, exec_id: str, stream: str, text: str) -> None:
        """The running command writes ``text``."""
        self._write(self._found(exec_id), stream, text)
        await self.settle()

    async def finish(self, exec_id: str, *, exit_code: int = 0, signal: str | None = None) -> None:
        """The running command ends."""
        self._end(self._found(exec_id), exit_code=exit_code, signal=signal, reason="exited")
        await self.settle()

    async def lose(self) -> None:
        """The sandbox dies: what ran is unknown from now on, and its files are gone."""
        self.running = False
        self.files.clear()
        for one in self._commands.values():
            if not one.description.ended:
                self._end(one, exit_code=None, signal=None, reason="lost", state="unknown")
        await self.settle()

    def stdin_of(self, exec_id: str) -> str:
        return "".join(self._found(exec_id).stdin)

    def describe(self, exec_id: str) -> Description:
        return self._found(exec_id).description

    async def settle(self) -> None:
        """Waits until every report that is under way was taken."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    # --- methods of the sandbox --------------------------------------------------------------

    async def _sandbox_start(self, args: Mapping[str, Any]) -> dict[str, Any]:
        self.network = list(args.get("network") or [])
        self._boot()
        return {**await self._sandbox_describe(args), "boot": self.boot}

    async def _sandbox_release(self, args: Mapping[str, Any]) -> dict[str, Any]:
        self.holds.discard(str(args.get("hold")))
        return await self._sandbox_describe(args)

    async def _sandbox_describe(self, _args: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "state": "running" if self.running else "stopped",
            "engine": "local",
            "isolation": ISOLATION,
            "network": self.network,
            "running": sum(not one.description.ended for one in self._commands.values()),
        }

    async def _sandbox_stop(self, _args: Mapping[str, Any]) -> dict[str, Any]:
        await self.lose()
        self.holds.clear()
        return {"state": "stopped"}

    async def _exec_start(self, args: Mapping[str, Any]) -> dict[str, Any]:
        command = Command.read(args)
        if command.exec_id not in self._commands:
            if args.get("boot") and not self._is_still(args["boot"]):
                return {"execId": command.exec_id, "state": "replaced"}
            self._boot()
            self._begin(command, (args.get("report") or {}).get("runId"))
        return {**self._found(command.exec_id).description.to_json(), "boot": self.boot}

    async def _exec_follow(self, args: Mapping[str, Any]) -> dict[str, Any]:
        one = self._found(read_exec_id(args))
        one.run_id = (args.get("report") or {}).get("runId", one.run_id)
        one.reported = int(args.get("sinceSeq") or 0)
        self._report(one)
        return one.description.to_json()

    async def _exec_describe(self, args: Mapping[str, Any]) -> dict[str, Any]:
        return self._found(read_exec_id(args)).description.to_json()

    async def _exec_output(self, args: Mapping[str, Any]) -> dict[str, Any]:
        one = self._found(read_exec_id(args))
        since, limit = int(args.get("sinceSeq") or 0), int(args.get("limit") or 200)
        chunks = [chunk for chunk in one.chunks if chunk.seq > since][:limit]
        return {
            "chunks": [chunk.to_json() for chunk in chunks],
            "last": len(one.chunks),
            "skippedBytes": one.description.skipped_bytes,
        }

    async def _exec_stdin(self, args: Mapping[str, Any]) -> dict[str, Any]:
        self._found(read_exec_id(args)).stdin.append(str(args.get("text") or ""))
        return {}

    async def _exec_cancel(self, args: Mapping[str, Any]) -> dict[str, Any]:
        one = self._found(read_exec_id(args))
        if not one.description.ended:
            self._end(one, exit_code=None, signal="SIGTERM", reason="cancelled")
        return one.description.to_json()

    async def _exec_pause(self, args: Mapping[str, Any]) -> dict[str, Any]:
        return self._pause(args, paused=True)

    async def _exec_resume(self, args: Mapping[str, Any]) -> dict[str, Any]:
        return self._pause(args, paused=False)

    async def _files_write(self, args: Mapping[str, Any]) -> dict[str, Any]:
        text, encoded = args.get("text"), args.get("base64")
        content = text.encode() if text is not None else base64.b64decode(encoded or "")
        self.files[str(args["path"])] = content
        return {"path": args["path"], "bytes": len(content)}

    async def _files_read(self, args: Mapping[str, Any]) -> dict[str, Any]:
        if args["path"] not in self.files:
            raise NotFound(f"There is no file {args['path']!r}.")
        content = self.files[args["path"]]
        return {
            "path": args["path"],
            "bytes": len(content),
            "base64": base64.b64encode(content).decode(),
        }

    async def _files_list(self, args: Mapping[str, Any]) -> dict[str, Any]:
        prefix = str(args.get("path") or "/workspace").rstrip("/") + "/"
        found = [path for path in sorted(self.files) if path.startswith(prefix)]
        return {
            "files": [
                {"path": path, "kind": "file", "bytes": len(self.files[path])} for path in found
            ]
        }

    async def _artifacts_collect(self, args: Mapping[str, Any]) -> list[dict[str, Any]]:
        if not self.running or (args.get("boot") and not self._is_still(args["boot"])):
            raise NotFound("The sandbox was lost with its files.")
        prefix = "/workspace/artifacts/"
        return [
            {
                "path": path.removeprefix(prefix),
                "bytes": len(content),
                "contentType": "text/plain",
                "sha256": hashlib.sha256(content).hexdigest(),
            }
            for path, content in sorted(self.files.items())
            if path.startswith(prefix)
        ]

    # --- inside ------------------------------------------------------------------------------

    @property
    def boot(self) -> str:
        """Names the container that runs, or ran last."""
        return f"boot-{self.boots}"

    def _boot(self) -> None:
        self.boots += not self.running
        self.running = True

    def _is_still(self, boot: str) -> bool:
        return self.running and boot == self.boot

    def _hold(self, args: Mapping[str, Any]) -> None:
        if args.get("hold"):
            self.holds.add(str(args["hold"]))

    def _begin(self, command: Command, run_id: str | None) -> None:
        line = command.argv[-1]
        one = _Running(
            command=command,
            script=self.scripts.get(line, Script()),
            run_id=run_id,
            description=Description(
                exec_id=command.exec_id, state="running", started_at_ms=self._clock.now_ms()
            ),
        )
        self._commands[command.exec_id] = one
        self.starts.append(command.exec_id)
        for stream, text in one.script.output:
            self._write(one, stream, text)
        if not one.script.hold:
            code = None if one.script.signal else one.script.exit_code
            self._end(one, exit_code=code, signal=one.script.signal, reason="exited")

    def _write(self, one: _Running, stream: str, text: str) -> None:
        raw = {"seq": len(one.chunks) + 1, "stream": stream, "text": text}
        one.chunks.append(Chunk.from_json({**raw, "at": self._clock.now_ms()}))
        size = len(text.encode())
        now = one.description
        one.description = replace(
            now,
            stdout_bytes=now.stdout_bytes + (size if stream == "stdout" else 0),
            stderr_bytes=now.stderr_bytes + (size if stream == "stderr" else 0),
            last_seq=len(one.chunks),
        )
        self._report(one)

    def _end(
        self,
        one: _Running,
        *,
        exit_code: int | None,
        signal: str | None,
        reason: Any,
        state: Any = "exited",
    ) -> None:
        one.description = replace(
            one.description,
            state=state,
            exit_code=exit_code,
            signal=signal,
            reason=reason,
            ended_at_ms=self._clock.now_ms(),
        )
        self._report(one)

    def _pause(self, args: Mapping[str, Any], *, paused: bool) -> dict[str, Any]:
        one = self._found(read_exec_id(args))
        one.description = replace(one.description, paused=paused and not one.description.ended)
        return one.description.to_json()

    def _found(self, exec_id: str) -> _Running:
        if exec_id not in self._commands:
            raise NotFound(f"There is no command {exec_id!r} in this sandbox.")
        return self._commands[exec_id]

    def _report(self, one: _Running) -> None:
        if self._orchestrator is None or one.run_id is None:
            return
        task = asyncio.get_running_loop().create_task(self._tell(one, self._orchestrator))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell(self, one: _Running, orchestrator: Rpc) -> None:
        about = {"runId": one.run_id, "execId": one.command.exec_id}
        chunks = [chunk.to_json() for chunk in one.chunks if chunk.seq > one.reported]
        if chunks:
            one.reported = chunks[-1]["seq"]
            skipped = one.description.skipped_bytes
            args = {**about, "chunks": chunks, "skippedBytes": skipped}
            await orchestrator(Call(method="sandbox.output", args=args).text())
        if one.description.ended:
            args = {**one.description.to_json(), **about}
            await orchestrator(Call(method="sandbox.ended", args=args).text())
