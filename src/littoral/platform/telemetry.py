"""Tells the telemetry's object what this isolate has noted: a batch a second at most.

    an event ends in which something was noted ──► after its answer has left: the batch
        ├── to the object TELEMETRY       (once more when it did not answer, then lost and counted)
        ├── to Analytics Engine           (if there is the binding; failing hurts nobody)
        └── to the log, a line for each   (at LOG_LEVEL info and below)

At most once a second: what is noted sooner waits for the rest of it. Nobody waits for the telling.
What an isolate noted in its last second before it died is gone.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import js
from pyodide.ffi import JsException

from littoral.api.envelope import Call, head_of, result_of
from littoral.clock import SystemClock
from littoral.errors import LittoralError
from littoral.jsontext import dumps
from littoral.ops import metric
from littoral.ops.here import install
from littoral.ops.here import observer as the_observer
from littoral.ops.observer import Begun, Observer
from littoral.ops.recorder import Recorder
from littoral.ops.tally import OTHER
from littoral.ops.telemetry import NAME
from littoral.platform.runtime import read_settings
from littoral.settings import Settings

Spawn = Callable[[Callable[[], Awaitable[Any]]], None]
"""Runs a coroutine function beside the event, or after it."""

PAUSE_MS: Final = 1_000
"""Between two tellings of one isolate."""
TELL_SECONDS: Final = 5.0
GIVEN_UP_AFTER_MS: Final = 10_000
"""An arrangement whose object or request was ended meanwhile; another one is made then."""
MOST_POINTS: Final = 25
"""Points of a batch in Analytics Engine; the platform takes 250 of one event."""

_log = logging.getLogger(__name__)
_isolates: list[Isolate] = []


def isolate(settings: Callable[[], Settings]) -> Isolate:
    """The one of this isolate; made at the first event, because importing may not read a clock."""
    if not _isolates:
        _isolates.append(Isolate(settings()))
    return _isolates[0]


@dataclass(kw_only=True, slots=True)
class Pace:
    """When was told last, and until when a telling counts as arranged.

    The Worker and its objects have one each: otherwise an object that tells of a call would make
    the request that made the call wait for its own telling.
    """

    due_ms: int = 0
    told_at_ms: int = 0


class Isolate:
    """What all events of this isolate share."""

    def __init__(self, settings: Settings) -> None:
        self._clock = SystemClock()
        self._writes_lines = logging.getLogger().isEnabledFor(logging.INFO)
        self._recorder = Recorder(every_line=self._writes_lines)
        self.observer = Observer(self._recorder, self._clock, share=settings.trace_sample)
        self._id = secrets.token_hex(6)
        self._told = 0
        self.worker, self.objects = Pace(), Pace()
        install(self.observer)

    def noted(self, env: Any, spawn: Spawn, pace: Pace) -> None:
        """Has what was noted told: at once, or a second after the last time at this pace.

        To be called at the end of an event. Where it was told a second ago, nothing is held open:
        an event that lasts keeps all objects in memory that it has called.
        """
        now = self._clock.now_ms()
        if self._recorder.is_empty or (pace.due_ms > now and not self._recorder.is_full):
            return
        wait_ms = 0 if self._recorder.is_full else max(0, pace.told_at_ms + PAUSE_MS - now)
        pace.due_ms = now + GIVEN_UP_AFTER_MS
        spawn(lambda: self._tell_after(env, wait_ms, pace))

    def arrange(self, env: Any, spawn: Spawn, pace: Pace) -> None:
        """At the begin of an event that may note something and whose end nobody sees."""
        now = self._clock.now_ms()
        if pace.due_ms <= now:
            pace.due_ms = now + GIVEN_UP_AFTER_MS
            spawn(lambda: self._tell_after(env, PAUSE_MS, pace))

    async def _tell_after(self, env: Any, wait_ms: int, pace: Pace) -> None:
        if wait_ms:
            await asyncio.sleep(wait_ms / 1000)
        pace.due_ms, pace.told_at_ms = 0, self._clock.now_ms()
        await self.tell(env)

    async def tell(self, env: Any) -> None:
        """Tells everything that was noted so far. Never raises."""
        if self._recorder.is_empty:
            return
        taken = self._recorder.take()
        self._told += 1
        if self._writes_lines:
            for line in taken.lines:
                js.console.log(line)
        _write_points(env, taken.batch)
        namespace = getattr(env, "TELEMETRY", None)
        if namespace is None:
            return
        args = {"id": f"{self._id}-{self._told}", "body": dumps(taken.batch)}
        text = Call(method="batch", args=args, trace="").text()
        if not (await _sent(namespace, text) or await _sent(namespace, text)):
            self._recorder.count((metric.LOST, "batches"))


async def _sent(namespace: Any, text: str) -> bool:
    try:
        async with asyncio.timeout(TELL_SECONDS):
            result_of(await namespace.getByName(NAME).rpc(text))
    except (JsException, TimeoutError, LittoralError) as error:
        _log.warning("the telemetry did not take a batch: %s", error)
        return False
    return True


def _write_points(env: Any, batch: dict[str, Any]) -> None:
    """One point for each series of durations: blobs are its labels, doubles count and sum."""
    points = getattr(env, "POINTS", None)
    if points is None:
        return
    rows = sorted(batch["tally"], key=lambda row: -int(row[1]))[:MOST_POINTS]
    try:
        for series, count, total, _ in rows:
            point = {"indexes": [series[0]], "blobs": series, "doubles": [count, total]}
            points.writeDataPoint(js.JSON.parse(dumps(point)))
    except JsException as error:
        _log.debug("a point was not written: %s", error)


class ObjectTelemetry:
    """Of one object: its calls are traced, timed and counted under the kind of agent that it is.

    Made with the object, so making it costs nothing. ``env`` is the raw environment.
    """

    def __init__(self, env: Any, spawn: Spawn, agent: str) -> None:
        self._env = env
        self._spawn = spawn
        self._agent = agent

    def noted(self) -> None:
        """To be called at the end of an event in which something may have been noted."""
        here = isolate(self._settings)
        here.noted(self._env, self._spawn, here.objects)

    def arrange(self) -> None:
        """To be called at the begin of an event whose end nobody sees."""
        here = isolate(self._settings)
        here.arrange(self._env, self._spawn, here.objects)

    async def event(self, work: Awaitable[None]) -> None:
        """An event that is no call: a frame of a socket, an alarm."""
        try:
            await work
        finally:
            self.noted()

    async def call(self, text: str, answer: Callable[[str], Awaitable[str]]) -> str:
        """One call of a method, answered by ``answer`` within the call's trace."""
        method, trace = head_of(text)
        observer = the_observer()
        begun: Begun = observer.begin(trace)
        try:
            reply = await answer(text)
        except BaseException:
            observer.call(begun, agent=self._agent, method=method or OTHER, code="cut_off")
            raise
        finally:
            observer.leave(begun)
        observer.call(begun, agent=self._agent, method=method or OTHER, code=_code_of(reply))
        self.noted()
        return reply

    def _settings(self) -> Settings:
        return read_settings(self._env)


def _code_of(reply: str) -> str:
    """The code of the error in an answer, empty when it is none."""
    if reply.startswith('{"ok":true'):
        return ""
    try:
        result_of(reply)
    except LittoralError as error:
        return error.code
    return ""
