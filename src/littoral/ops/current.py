"""The trace of what is going on now, as a context variable.

Whoever takes something from outside (a request, a call, a message, a workflow's step) enters its
trace; whoever calls something outside passes on ``traceparent()``. Tasks that are begun meanwhile
inherit it.
"""

from __future__ import annotations

from contextvars import ContextVar, Token

from littoral.ops.trace import Trace

_current: ContextVar[Trace | None] = ContextVar("littoral_trace", default=None)


def current() -> Trace | None:
    """The trace of what is going on, ``None`` outside of any."""
    return _current.get()


def enter(trace: Trace | None) -> Token[Trace | None]:
    """Makes a trace the current one; give the result to ``leave`` afterwards."""
    return _current.set(trace)


def leave(token: Token[Trace | None]) -> None:
    """Ends what ``enter`` began."""
    _current.reset(token)


def traceparent() -> str:
    """The header that passes the current trace on; empty outside of any."""
    trace = _current.get()
    return "" if trace is None else trace.header()
