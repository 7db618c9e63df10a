"""One viewer's socket joined to a socket of the sandbox's daemon, frame by frame.

The sockets do not hibernate: what the sandbox says must get through at once, and an object with an
open terminal is at work anyway. How much is on its way is bounded end to end, by the daemon and
what viewers acknowledge (docs/socket-protocol.md); nothing is queued here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import js
from pyodide.ffi import JsException, create_proxy

from littoral.terminal.desk import Admission
from littoral.terminal.viewing import CLOSE_AWAY, MOST_FRAME_BYTES, PING, PONG, may_pass

NORMAL_CLOSURE = 1000
_MAY_BE_SENT = frozenset((NORMAL_CLOSURE, *range(3000, 5000)))
_TOO_LARGE = "e" + json.dumps({"message": f"A frame has at most {MOST_FRAME_BYTES} bytes."})


class TerminalRelay:
    """``near`` is our end of the viewer's socket, ``far`` the daemon's; both raw, not accepted.

    ``on_end`` is called once, when both are closed or about to be.
    """

    def __init__(
        self,
        near: Any,
        far: Any,
        admission: Admission,
        *,
        on_end: Callable[[TerminalRelay], None],
    ) -> None:
        self.admission = admission
        self._near = near
        self._far = far
        self._on_end = on_end
        self._ended = False
        self._listeners: list[tuple[Any, str, Any]] = []
        self._listen(near, "message", self._from_viewer)
        self._listen(near, "close", lambda _event: self._end_far())
        self._listen(near, "error", lambda _event: self._end_far())
        self._listen(far, "message", self._from_sandbox)
        self._listen(far, "close", lambda event: self._end_near(event.code, event.reason))
        self._listen(far, "error", lambda _event: self.close(CLOSE_AWAY, "the sandbox went away"))
        for socket in (near, far):
            socket.binaryType = "arraybuffer"  # newer runtimes give blobs otherwise
            socket.accept()

    def close(self, code: int, reason: str) -> None:
        """Closes both sides; repeating is harmless."""
        if self._ended:
            return
        self._ended = True
        _close(self._near, code, reason)
        _close(self._far, NORMAL_CLOSURE, "")
        for socket, kind, listener in self._listeners:
            socket.removeEventListener(kind, listener)
            listener.destroy()
        self._listeners.clear()
        self._on_end(self)

    def _listen(self, socket: Any, kind: str, hear: Callable[[Any], None]) -> None:
        listener = create_proxy(hear)
        socket.addEventListener(kind, listener)
        self._listeners.append((socket, kind, listener))

    def _from_viewer(self, event: Any) -> None:
        data = event.data
        if data == PING:
            _send(self._near, PONG)
            return
        first, length = _measure(data)
        if may_pass(first, length, read_only=self.admission.read_only):
            _send(self._far, data)
        elif length > MOST_FRAME_BYTES:
            _send(self._near, _TOO_LARGE)

    def _from_sandbox(self, event: Any) -> None:
        _send(self._near, event.data)

    def _end_far(self) -> None:
        self.close(NORMAL_CLOSURE, "")

    def _end_near(self, code: int, reason: str) -> None:
        if code in _MAY_BE_SENT:
            self.close(code, reason)
        else:
            self.close(CLOSE_AWAY, "the sandbox went away")


def _measure(data: Any) -> tuple[int | None, int]:
    """First byte and length of a frame; texts are ASCII where it matters."""
    if isinstance(data, str):
        return (ord(data[0]) if data else None), len(data)
    length: int = data.byteLength
    return (js.Uint8Array.new(data, 0, 1)[0] if length else None), length


def _send(socket: Any, data: Any) -> None:
    try:
        socket.send(data)
    except JsException:
        pass  # it is closing; its close event ends the relay


def _close(socket: Any, code: int, reason: str) -> None:
    try:
        socket.close(code, reason[:120])
    except JsException:
        pass
