"""One call of a Python function: JSON text in, JSON text out.

``{"source", "entry", "args", "network", "limits": {"steps", "seconds", "memoryBytes",
"resultBytes", "stdoutBytes"}}`` becomes ``{"reason", "result", "error": {"type", "message",
"line"}, "stdout", "stdoutCut", "steps"}``. The module is run anew for every call, so nothing that
it keeps in its globals reaches the next one.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from types import CodeType
from typing import Any

from littoral.functions.code.guest.meter import Meter, Stop
from littoral.functions.code.guest.modules import Granted
from littoral.functions.code.guest.names import built_in_names
from littoral.functions.code.guest.result import NotJson, json_text
from littoral.functions.code.guest.rewrite import FILE, Refused, rewritten

ENTRY = "run"
_MOST_MESSAGE = 2_000


class Session:
    """Runs functions, one at a time. ``heap`` gives the process's bytes.

    ``watched`` is called with the meter's ``look`` before the code runs and gives what ends the
    watching; a platform uses it to interrupt what no step is counted in. ``granted`` gives the
    modules of a call that was granted network; without it there are none.
    """

    def __init__(
        self,
        *,
        heap: Callable[[], int] | None = None,
        watched: Callable[[Callable[[], None]], Callable[[], None]] | None = None,
        granted: Callable[[], Granted] | None = None,
    ) -> None:
        self._heap = heap
        self._watched = watched
        self._granted = granted
        self._compiled: dict[str, CodeType] = {}

    def execute(self, text: str) -> str:
        """The answer; never raises for what the function does."""
        asked = json.loads(text)
        limits = asked["limits"]
        out = _Output(limits["stdoutBytes"])
        meter = Meter(
            steps=limits["steps"],
            seconds=limits["seconds"],
            memory_bytes=limits["memoryBytes"],
            heap=self._heap,
        )
        answer = self._run(asked, meter, out)
        stopped = meter.stopped
        if stopped is not None:
            answer = _failed(stopped.reason, stopped, answer.get("error", {}).get("line", 0))
        if len(answer.get("result", "").encode()) > limits["resultBytes"]:
            said = ValueError(f"The result has more than {limits['resultBytes']:,} bytes.")
            answer = _failed("output", said, 0)
        head = json.dumps(
            {**answer, "result": None, "stdout": out.text(), "stdoutCut": out.cut,
             "steps": meter.steps}
        )  # fmt: skip
        return head.replace('"result": null', f'"result": {answer.get("result", "null")}', 1)

    def _run(self, asked: Any, meter: Meter, out: _Output) -> dict[str, Any]:
        try:
            code = self._code(asked["source"])
        except Refused as refused:
            return _failed("refused", refused, refused.line)
        more = self._granted() if self._granted and asked.get("network") else None
        unwatch = self._watched(meter.look) if self._watched else None
        try:
            names = built_in_names(meter, out.write, more)
            return {"reason": "completed", "result": json_text(_called(code, asked, names))}
        except Stop as stop:
            return _failed(stop.reason, stop, _line(stop))
        except NotJson as error:
            return _failed("raised", error, 0)
        except MemoryError as error:
            return _failed("memory", MemoryError("There is not enough memory."), _line(error))
        except BaseException as error:  # noqa: BLE001 - whatever the user's code raised
            return _failed("raised", error, _line(error))
        finally:
            if unwatch is not None:
                unwatch()

    def _code(self, source: str) -> CodeType:
        if source not in self._compiled:
            tree = rewritten(source)
            try:
                made = compile(tree, FILE, "exec", dont_inherit=True)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                line = getattr(error, "lineno", 0) or 0
                raise Refused(f"{type(error).__name__}: {error}", line) from None
            self._compiled.clear()
            self._compiled[source] = made
        return self._compiled[source]


class _Output:
    """What was printed, up to a limit."""

    def __init__(self, most_bytes: int) -> None:
        self._parts: list[str] = []
        self._left = most_bytes
        self.cut = False

    def write(self, text: str) -> None:
        if self.cut or not text:
            return
        piece = text[: self._left]
        while len(piece.encode("utf-8", "replace")) > self._left:
            piece = piece[: len(piece) * 3 // 4]
        self._left -= len(piece.encode("utf-8", "replace"))
        self.cut = len(piece) < len(text)
        self._parts.append(piece)

    def text(self) -> str:
        return "".join(self._parts).encode("utf-8", "replace").decode("utf-8")


def _called(code: CodeType, asked: Any, built_in: dict[str, Any]) -> Any:
    names: dict[str, Any] = {"__builtins__": built_in, "__name__": "function"}
    exec(code, names)  # noqa: S102 - that is what this module is for
    entry = asked.get("entry") or ENTRY
    function = names.get(entry)
    if not callable(function):
        raise NameError(f"the source defines no function {entry}(args)")
    return function(asked["args"])


def _failed(reason: str, error: BaseException, line: int) -> dict[str, Any]:
    try:
        message = str(error)[:_MOST_MESSAGE]
    except BaseException:  # noqa: BLE001 - an error of the user's that cannot even be told
        message = ""
    kind = type(error).__name__ if reason == "raised" else reason
    return {
        "reason": reason,
        "error": {"type": kind, "message": _sound(message) or kind, "line": line},
    }


def _sound(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _line(error: BaseException) -> int:
    """The last line of the user's source that the error came through."""
    line = 0
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILE:
            line = trace.tb_lineno or line
        trace = trace.tb_next
    return line
