"""All commands of a sandbox by id: started once each, waited for, found again after a crash."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from sandboxd.command import RunningCommand, Spec
from sandboxd.configuration import MAX_COMMANDS
from sandboxd.journal import Journal
from sandboxd.output import OutputLog
from sandboxd.processes import ProcessTable


class Known:
    """A command of this daemon's life or of an earlier one; ``changed`` wakes those who wait."""

    def __init__(self, log: OutputLog) -> None:
        self.log = log
        self.changed = asyncio.Event()
        self.running: RunningCommand | None = None
        self.past: dict[str, Any] = {}

    def describe(self) -> dict[str, Any]:
        return self.running.describe() if self.running is not None else self.past

    @property
    def ended(self) -> bool:
        return self.running is None or self.running.ended

    def wake(self) -> None:
        """Wakes everybody who waits now."""
        self.changed.set()
        self.changed = asyncio.Event()


class Commands:
    """At most MAX_COMMANDS are kept; the oldest that have ended make room."""

    def __init__(
        self, journal: Journal, table: ProcessTable, environment: Mapping[str, str]
    ) -> None:
        self._journal = journal
        self._table = table
        self._environment = environment
        self._known: dict[str, Known] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        for exec_id, spec, end in journal.known():
            self._known[exec_id] = self._from_before(exec_id, spec, end)

    def find(self, exec_id: str) -> Known | None:
        return self._known.get(exec_id)

    def all(self) -> list[Known]:
        return list(self._known.values())

    def running(self) -> list[RunningCommand]:
        return [
            one.running for one in self._known.values() if one.running is not None and not one.ended
        ]

    def start(self, spec: Spec) -> Known:
        """Starts the command, or gives the one that has this id already: it never runs twice."""
        known = self._known.get(spec.exec_id)
        if known is not None:
            return known
        self._make_room()
        self._journal.begin(spec.exec_id, {"argv": list(spec.argv), "startedAt": _now_ms()})
        log = OutputLog(self._journal.folder(spec.exec_id) / "output.ndjson")
        known = self._known[spec.exec_id] = Known(log)
        known.running = RunningCommand(
            spec,
            log,
            self._table,
            on_change=known.wake,
            on_end=lambda description: self._journal.end(spec.exec_id, description),
        )
        task = asyncio.get_running_loop().create_task(known.running.run(self._environment))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return known

    def _from_before(self, exec_id: str, spec: dict[str, Any], end: dict[str, Any] | None) -> Known:
        known = Known(OutputLog(self._journal.folder(exec_id) / "output.ndjson"))
        known.past = end or {
            "execId": exec_id,
            "state": "unknown",
            "exitCode": None,
            "signal": None,
            "reason": "lost",
            "stdoutBytes": 0,
            "stderrBytes": 0,
            "skippedBytes": 0,
            "startedAt": spec.get("startedAt"),
            "endedAt": None,
            "lastSeq": known.log.last,
            "paused": False,
        }
        return known

    def _make_room(self) -> None:
        ended = [exec_id for exec_id, known in self._known.items() if known.ended]
        for exec_id in ended[: max(0, len(self._known) + 1 - MAX_COMMANDS)]:
            self._known.pop(exec_id).log.close()
            self._journal.forget(exec_id)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
