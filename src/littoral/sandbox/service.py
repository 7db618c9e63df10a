"""The sandbox's methods, as other objects call them; the wiring to the platform is elsewhere."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from littoral.clock import Clock
from littoral.errors import DependencyUnavailable, InvalidInput, LittoralError, NotFound
from littoral.sandbox import artifacts, limits
from littoral.sandbox.artifacts import ObjectStore
from littoral.sandbox.box import Box, BoxSilent
from littoral.sandbox.command import Command, read_exec_id
from littoral.sandbox.daemon import Daemon
from littoral.sandbox.follower import Followers, Tell
from littoral.sandbox.lifecycle import Lifecycle
from littoral.sandbox.network import read_network
from littoral.sandbox.records import Record, Records
from littoral.store.sql import Sql

BUSY_LOOK_MS = 5_000
IDLE_LOOK_MS = 30_000
"""How often an idle sandbox is looked at; more often where it may be idle for less."""
HELD_LOOK_MS = 10 * 60_000
"""How often an idle sandbox that is held is looked at; well before ``KEEP_SECONDS`` are over."""
REPLACED = "replaced"
"""State of a command that was not started: the sandbox that its caller knew is gone."""
NO_WAY_OUT = "; no network, the hosts that were asked for included: a container has no way out yet"
KEEP_SECONDS = 3600.0
"""How long the container may go on while its object is out of memory; each look says so anew."""

Args = Mapping[str, Any]
Spawn = Callable[[Callable[[], Awaitable[Any]]], None]


class SandboxService:
    """One sandbox. ``answer`` takes a method's name and arguments; errors are ours."""

    def __init__(
        self,
        *,
        owner: str,
        sandbox_id: str,
        box: Box,
        sql: Sql,
        clock: Clock,
        store: ObjectStore,
        tell: Tell,
        spawn: Spawn,
        wake_at: Callable[[int], None],
        idle_seconds: int,
    ) -> None:
        self._owner = owner
        self._sandbox_id = sandbox_id
        self._box = box
        self._clock = clock
        self._store = store
        self._spawn = spawn
        self._wake_at = wake_at
        self._idle_look_ms = min(IDLE_LOOK_MS, idle_seconds * 1000)
        self._records = Records(sql)
        self._daemon = Daemon(box)
        self._life = Lifecycle(box, self._daemon, self._records, clock, idle_seconds=idle_seconds)
        self._followers = Followers(box, self._daemon, self._records, clock, tell)
        self._methods: dict[str, Callable[[Args], Awaitable[Any]]] = {
            "sandbox.start": self._start,
            "sandbox.describe": self._describe,
            "sandbox.release": self._release,
            "sandbox.stop": self._stop,
            "exec.start": self._exec_start,
            "exec.follow": self._exec_follow,
            "exec.describe": self._exec_describe,
            "exec.output": self._exec_output,
            "exec.stdin": self._exec_stdin,
            "exec.cancel": self._exec_cancel,
            "exec.pause": self._exec_pause,
            "exec.resume": self._exec_resume,
            "files.write": self._files_write,
            "files.read": self._files_read,
            "files.list": self._files_list,
            "artifacts.collect": self._artifacts_collect,
        }

    @property
    def is_open(self) -> bool:
        """Whether it was begun and not stopped; one that sleeps is open."""
        return self._life.was_begun and self._life.state != "stopped"

    async def answer(self, method: str, args: Args) -> Any:
        """Raises ``NotFound`` for a method that is not there."""
        handler = self._methods.get(method)
        if handler is None:
            raise NotFound(f"A sandbox has no method {method!r}.")
        try:
            return await handler(args)
        except BoxSilent:
            raise DependencyUnavailable("The sandbox did not answer.") from None

    async def forward(self, request: Any, path: str) -> Any:
        """A terminal's socket or a preview: starts the sandbox if need be and hands it over."""
        await self._life.ensure()
        self._life.touch()
        self._look_in(BUSY_LOOK_MS)
        return await self._box.forward(request, path)

    async def on_alarm(self) -> None:
        """Begins followers that are missing, puts an idle sandbox to sleep, plans the next look."""
        open_records = self._records.open()
        for record in open_records:
            self._begin_following(record.exec_id)
        if self._box.running:
            self._box.keep(KEEP_SECONDS)
        if open_records:
            self._look_in(BUSY_LOOK_MS)
            return
        try:
            rests = await self._life.rest_if_idle()
        except (BoxSilent, LittoralError):
            rests = False  # it did not answer: look again
        if not rests:
            self._look_in(HELD_LOOK_MS if self._life.holds.any else self._idle_look_ms)

    async def _start(self, args: Args) -> dict[str, Any]:
        self._hold(args)
        boot = await self._life.ensure(read_network(args.get("network")))
        self._box.keep(KEEP_SECONDS)
        self._look_in(self._idle_look_ms)
        return {**await self._describe(args), "boot": boot}

    async def _release(self, args: Args) -> dict[str, Any]:
        """Who held it does not need it any more. Starts nothing; repeatable."""
        self._life.holds.free(str(args.get("hold") or ""))
        if self._box.running:
            self._life.touch()
            self._look_in(self._idle_look_ms)
        return {"state": self._life.state}

    def _hold(self, args: Args) -> None:
        if args.get("hold"):
            self._life.holds.take(str(args["hold"]))

    async def _describe(self, _args: Args) -> dict[str, Any]:
        return {
            "state": self._life.state,
            "engine": self._records.fact("engine") or "container",
            "isolation": self._isolation(),
            "network": self._life.network,
            "running": sum(not record.description.ended for record in self._records.open()),
        }

    def _isolation(self) -> str:
        """In plain words, with what cannot be had here."""
        words = str(self._records.fact("isolation") or "")
        if self._life.network and self._records.fact("engine") == "container":
            words += NO_WAY_OUT
        return words

    async def _stop(self, _args: Args) -> dict[str, Any]:
        await self._life.stop()
        for record in self._records.open():
            await self._followers.settle(record)
            self._begin_following(record.exec_id)
        return {"state": self._life.state}

    async def _exec_start(self, args: Args) -> dict[str, Any]:
        """With ``boot`` only in the container of that boot: no other one has the files before."""
        command = Command.read(args)
        self._hold(args)
        record = self._records.find(command.exec_id)
        if record is None:
            boot = await self._boot_for(args)
            if boot is None:
                return {"execId": command.exec_id, "state": REPLACED}
            record = self._records.find(command.exec_id) or self._records.add(
                command, boot=boot, run_id=_run_id(args), at_ms=self._clock.now_ms()
            )
        self._life.touch()
        self._box.keep(KEEP_SECONDS)
        self._look_in(BUSY_LOOK_MS)
        described = await self._followers.launch(record)
        self._begin_following(record.exec_id)
        return {**described.to_json(), "boot": record.boot}

    async def _boot_for(self, args: Args) -> str | None:
        """The boot id that a new command belongs to; ``None`` when the asked one is gone."""
        if args.get("boot"):
            return str(args["boot"]) if await self._life.is_still(str(args["boot"])) else None
        network = self._life.network if args.get("network") is None else args["network"]
        return await self._life.ensure(read_network(network))

    async def _exec_follow(self, args: Args) -> dict[str, Any]:
        record = self._record(args)
        since = _number(args, "sinceSeq", 0)
        if not self._followers.is_active(record.exec_id) or not record.is_open:
            self._records.follow(
                record.exec_id, run_id=_run_id(args) or record.run_id, since_seq=since
            )
        self._look_in(BUSY_LOOK_MS)
        self._begin_following(record.exec_id)
        return (await self._followers.settle(record)).to_json()

    async def _exec_describe(self, args: Args) -> dict[str, Any]:
        return (await self._followers.settle(self._record(args))).to_json()

    async def _exec_output(self, args: Args) -> dict[str, Any]:
        record = self._record(args)
        described = await self._followers.settle(record)
        if described.state == "unknown" and not self._box.running:
            return {"chunks": [], "last": described.last_seq, "skippedBytes": 0}
        page = await self._daemon.output(
            record.exec_id,
            _number(args, "sinceSeq", 0),
            limit=_number(args, "limit", 500),
            characters=64 * 1024,
            wait_seconds=0,
        )
        return {name: page[name] for name in ("chunks", "last", "skippedBytes")}

    async def _exec_stdin(self, args: Args) -> dict[str, Any]:
        text = str(args.get("text") or "")
        if len(text) > limits.MAX_STDIN_CHARACTERS:
            raise InvalidInput(
                f"text is longer than {limits.MAX_STDIN_CHARACTERS} characters: send it in pieces."
            )
        record = self._record(args)
        await self._daemon.stdin(record.exec_id, text, close=bool(args.get("close")))
        return {}

    async def _exec_cancel(self, args: Args) -> dict[str, Any]:
        grace = args.get("graceSeconds")
        seconds = 2.0 if grace is None else min(max(float(grace), 0.0), 60.0)
        return await self._act(args, "cancel", seconds)

    async def _exec_pause(self, args: Args) -> dict[str, Any]:
        return await self._act(args, "pause", 0.0)

    async def _exec_resume(self, args: Args) -> dict[str, Any]:
        return await self._act(args, "resume", 0.0)

    async def _act(self, args: Args, action: str, grace_seconds: float) -> dict[str, Any]:
        record = self._record(args)
        described = await self._followers.settle(record)
        if described.ended:
            return described.to_json()
        return await self._daemon.act(record.exec_id, action, grace_seconds)

    async def _files_write(self, args: Args) -> dict[str, Any]:
        await self._life.ensure()
        self._life.touch()
        self._look_in(self._idle_look_ms)
        return await self._daemon.write_file(_path(args), _content(args))

    async def _files_read(self, args: Args) -> dict[str, Any]:
        self._require_running()
        content = await self._daemon.read_file(_path(args))
        encoded = base64.b64encode(content).decode()
        return {"path": _path(args), "bytes": len(content), "base64": encoded}

    async def _files_list(self, args: Args) -> dict[str, Any]:
        self._require_running()
        return await self._daemon.list_files(str(args.get("path") or "."))

    async def _artifacts_collect(self, args: Args) -> list[dict[str, Any]]:
        run_id = str(args.get("runId") or "")
        if not run_id:
            raise InvalidInput("runId must not be empty.")
        self._require_running()
        await self._require_boot(args)
        kept = await artifacts.collect(self._daemon, self._store, owner=self._owner, run_id=run_id)
        await self._require_boot(args)  # what was read meanwhile may be another one's
        return kept

    async def _require_boot(self, args: Args) -> None:
        boot = str(args.get("boot") or "")
        if boot and not await self._life.is_still(boot):
            raise NotFound("The sandbox was lost with its files.")

    def _require_running(self) -> None:
        if not self._box.running:
            raise NotFound("The sandbox does not run, so it has no files.")

    def _record(self, args: Args) -> Record:
        exec_id = read_exec_id(args)
        record = self._records.find(exec_id)
        if record is None:
            raise NotFound(f"There is no command {exec_id!r} in this sandbox.")
        return record

    def _begin_following(self, exec_id: str) -> None:
        self._spawn(lambda: self._followers.follow(exec_id))

    def _look_in(self, milliseconds: int) -> None:
        self._wake_at(self._clock.now_ms() + milliseconds)


def _run_id(args: Args) -> str:
    report = args.get("report") or {}
    return str(report.get("runId") or "")


def _number(args: Args, name: str, default: int) -> int:
    value = args.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise InvalidInput(f"{name} must be a whole number from 0 on.")
    return value


def _path(args: Args) -> str:
    path = args.get("path")
    if not isinstance(path, str) or not path:
        raise InvalidInput("path must be a text.")
    return path


def _content(args: Args) -> bytes:
    text, encoded = args.get("text"), args.get("base64")
    try:
        content = text.encode() if isinstance(text, str) else base64.b64decode(encoded or "")
    except (binascii.Error, TypeError, ValueError):
        raise InvalidInput("base64 cannot be read.") from None
    if len(content) > limits.MAX_FILE_BYTES:
        raise InvalidInput(f"A file has at most {limits.MAX_FILE_BYTES} bytes.")
    return content
