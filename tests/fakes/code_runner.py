"""``Runner`` in this process: the guest of Python functions under CPython, without an isolate.

Held to the same tests as the real one where they need no isolate. JavaScript is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from littoral.functions.code.code import Code
from littoral.functions.code.guest.session import Session
from littoral.functions.code.outcome import Outcome, failed, read_outcome
from littoral.functions.code.runner import call_text, refused


class GuestRunner:
    """Runs Python functions here; ``ran`` are the sources, in order."""

    def __init__(self) -> None:
        self._session = Session()
        self.ran: list[str] = []

    async def run(self, code: Code, args: Any, *, network: Sequence[str] = ()) -> Outcome:
        """As ``Runner.run``."""
        self.ran.append(code.source)
        if code.language != "python":
            return failed("refused", "JavaScript needs the real runtime.")
        too_large = refused(code, args)
        if too_large is not None:
            return too_large
        return read_outcome(self._session.execute(call_text(code, args)), duration_ms=1)
