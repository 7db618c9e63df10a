"""Notes what happens: each request, call, turn, message, stage and model call, as it ends.

    begin ── the place in the trace, current until ``leave``
    request · call · work · message · stage · model ── counts, a span when sampled, a log line

Everything here is a few operations in memory. ``littoral.platform.telemetry`` tells what was noted
to the telemetry's object, after the answers have left.
"""

from __future__ import annotations

from contextvars import Token
from typing import Final, NamedTuple

from littoral.clock import Clock
from littoral.ops import metric
from littoral.ops.current import current, enter, leave
from littoral.ops.log_line import Fact, Line, LineKind
from littoral.ops.recorder import Recorder
from littoral.ops.span import SpanKind, span_at
from littoral.ops.trace import Trace

OUTSIDERS_A_SECOND: Final = 20
"""Traces of callers who ask for sampling by their own flag that are obeyed in a second; beyond
that the share decides, so that nobody fills the store of traces from outside."""

LINES: Final[dict[str, LineKind]] = {
    "turn": "turn", "run": "run", "build": "build", "job": "job", "execution": "execution",
}  # fmt: skip


class Begun(NamedTuple):
    """A piece of work that has begun: its place, what it is part of, and when."""

    place: Trace
    parent_id: str
    at_ms: int
    token: Token[Trace | None]


class Observer:
    """Of one isolate. ``share`` of new traces are sampled."""

    def __init__(self, recorder: Recorder, clock: Clock, *, share: float) -> None:
        self.recorder = recorder
        self._clock = clock
        self._share = share
        self._second = 0
        self._obeyed = 0

    # --- beginning and leaving -------------------------------------------------------------------

    def begin(self, traceparent: str | None = None, *, outside: bool = False) -> Begun:
        """A piece of work begins: a child of the trace in the header, else of the current one, else
        the first of a new trace. It is the current one until ``leave``.

        ``outside`` marks a header that a stranger sent.
        """
        if traceparent:
            above = Trace.read(traceparent) if outside else Trace.of_ours(traceparent)
        else:
            above = current()
        now = self._clock.now_ms()
        if above is None:
            place, parent_id = Trace.begin(self._share), ""
        else:
            place, parent_id = above.child(), above.span_id
            if outside and place.sampled and not self._obeys(now):
                place = place._replace(sampled=False)
        return Begun(place, parent_id, now, enter(place))

    def leave(self, begun: Begun) -> None:
        """What is current is what was before ``begin``. Only where that was called."""
        leave(begun.token)

    def _obeys(self, now_ms: int) -> bool:
        if now_ms // 1000 != self._second:
            self._second, self._obeyed = now_ms // 1000, 0
        self._obeyed += 1
        return self._obeyed <= OUTSIDERS_A_SECOND

    # --- what has ended --------------------------------------------------------------------------

    def request(
        self,
        begun: Begun,
        *,
        method: str,
        route: str,
        status: int,
        request_id: str,
        user: str = "",
        code: str = "",
    ) -> None:
        """A request was answered. ``route`` is its template, ``code`` that of its error."""
        now = self._clock.now_ms()
        self.recorder.time((metric.HTTP, method, route, str(status)), now - begun.at_ms)
        if code:
            self.recorder.count((metric.ERRORS, code))
        if begun.place.sampled or status >= 500:
            facts: dict[str, str | int | float] = {"status": status, "requestId": request_id}
            if code:
                facts["code"] = code
            self._span(begun, f"{method} {route}", "http", now, ok=status < 500, facts=facts)
        self._line(
            "request",
            begun.place,
            now,
            {
                "method": method,
                "route": route,
                "status": status,
                "ms": now - begun.at_ms,
                "requestId": request_id,
                "user": user,
                "code": code,
            },
        )

    def call(self, begun: Begun, *, agent: str, method: str, code: str = "") -> None:
        """An object answered a call of a method; ``code`` is empty when it went well."""
        now = self._clock.now_ms()
        outcome = "failed" if code else "ok"
        self.recorder.time((metric.CALL, agent, method, outcome), now - begun.at_ms)
        if begun.place.sampled:
            facts = {"code": code} if code else None
            self._span(begun, f"{agent} {method}", "call", now, ok=not code, facts=facts)

    def work(
        self,
        *,
        agent: str,
        work: str,
        outcome: str,
        begun_ms: int,
        id: str = "",  # noqa: A002 - the name of the fact
        user: str = "",
        request_id: str = "",
        model: str = "",
        input_tokens: int = 0,
        output_tokens: int = 0,
        credits: float = 0.0,  # noqa: A002
        code: str = "",
        trace: str = "",
    ) -> None:
        """A turn, run, build, job or execution has ended; it belongs to the current trace, or to
        that of the header ``trace`` where none is current (an alarm ended it)."""
        now = self._clock.now_ms()
        self.recorder.time((metric.WORK, agent, work, outcome), now - begun_ms)
        if credits:
            self.recorder.count((metric.CREDITS, agent), credits)
        if code:
            self.recorder.count((metric.ERRORS, code))
        above = current() or Trace.read(trace)
        place = Trace.begin(self._share) if above is None else above.child()
        facts: dict[str, Fact] = {
            "agent": agent,
            "id": id,
            "outcome": outcome,
            "ms": now - begun_ms,
            "requestId": request_id,
            "user": user,
            "model": model,
            "inputTokens": input_tokens,
            "outputTokens": output_tokens,
            "credits": credits,
            "code": code,
        }
        if place.sampled or outcome == "failed":
            kept = ("id", "outcome", "model", "inputTokens", "outputTokens", "credits", "code")
            self.recorder.span(
                span_at(
                    place,
                    "" if above is None else above.span_id,
                    f"{agent} {work}",
                    "work",
                    begun_ms=begun_ms,
                    ended_ms=now,
                    ok=outcome != "failed",
                    facts={name: facts[name] or "" for name in kept if facts[name]},
                )
            )
        self._line(LINES.get(work, "work"), place, now, facts)

    def message(self, begun: Begun, *, queue: str, outcome: str, id: str = "") -> None:  # noqa: A002
        """A message of a queue was handled; ``id`` names what it is about."""
        now = self._clock.now_ms()
        self.recorder.time((metric.MESSAGE, queue, outcome), now - begun.at_ms)
        self.recorder.note(f"queue {queue}", {"atMs": now, "outcome": outcome})
        if begun.place.sampled:
            ok = outcome != "failed"
            self._span(begun, f"{queue} message", "message", now, ok=ok, facts={"id": id})
        facts: dict[str, Fact] = {
            "queue": queue, "id": id, "outcome": outcome, "ms": now - begun.at_ms,
        }  # fmt: skip
        self._line("message", begun.place, now, facts)

    def stage(self, begun: Begun, *, workflow: str, stage: str, ok: bool) -> None:
        """One stage of a workflow came to its end."""
        now = self._clock.now_ms()
        outcome = "ok" if ok else "failed"
        self.recorder.time((metric.STAGE, workflow, stage, outcome), now - begun.at_ms)
        if begun.place.sampled:
            self._span(begun, f"{workflow} {stage}", "stage", now, ok=ok)

    def model(
        self,
        *,
        model: str,
        begun_ms: int,
        breaker: str,
        code: str = "",
        input_tokens: int = 0,
        output_tokens: int = 0,
    ) -> None:
        """One attempt at a model ended; ``breaker`` is the state of its breaker after it."""
        now = self._clock.now_ms()
        outcome = "failed" if code else "ok"
        self.recorder.time((metric.MODEL, model, outcome), now - begun_ms)
        if input_tokens:
            self.recorder.count((metric.TOKENS, model, "input"), input_tokens)
        if output_tokens:
            self.recorder.count((metric.TOKENS, model, "output"), output_tokens)
        note = {"atMs": now, "outcome": outcome, "breaker": breaker, "code": code}
        self.recorder.note(f"model {model}", note)
        above = current()
        if above is not None and above.sampled:
            facts: dict[str, str | int | float] = {"inputTokens": input_tokens}
            facts["outputTokens"] = output_tokens
            if code:
                facts["code"] = code
            span = span_at(
                above.child(),
                above.span_id,
                model,
                "model",
                begun_ms=begun_ms,
                ended_ms=now,
                ok=not code,
                facts=facts,
            )
            self.recorder.span(span)

    # --- parts -----------------------------------------------------------------------------------

    def _span(
        self,
        begun: Begun,
        name: str,
        kind: SpanKind,
        ended_ms: int,
        *,
        ok: bool,
        facts: dict[str, str | int | float] | dict[str, str] | None = None,
    ) -> None:
        self.recorder.span(
            span_at(
                begun.place,
                begun.parent_id,
                name,
                kind,
                begun_ms=begun.at_ms,
                ended_ms=ended_ms,
                ok=ok,
                facts=facts,
            )
        )

    def _line(self, kind: LineKind, place: Trace, at_ms: int, facts: dict[str, Fact]) -> None:
        self.recorder.line(Line(kind, at_ms, place.trace_id, facts))
