"""``Runner`` on dynamic Workers: one isolate for each owner and source, without network.

What goes along into the isolate is ``littoral.functions.code.guest``; what an outcome means is
``littoral.functions.code.outcome``'s.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from typing import Any

from littoral.errors import DeadlineExceeded
from littoral.functions import limits
from littoral.functions.code.code import Code
from littoral.functions.code.outcome import Outcome, failed, read_outcome
from littoral.functions.code.runner import (
    GUEST_VERSION,
    call_text,
    guest_main,
    guest_modules,
    refused,
)
from littoral.platform.dynamic_worker import (
    AnswerTooLong,
    DynamicProgram,
    DynamicWorkers,
    ProgramBroken,
)


class FunctionRunner:
    """Functions of one owner. Two owners never share an isolate, nor do two sources."""

    def __init__(self, workers: DynamicWorkers, *, owner: str) -> None:
        self._workers = workers
        self._owner = owner

    async def run(self, code: Code, args: Any, *, network: Sequence[str] = ()) -> Outcome:
        """As ``Runner.run``."""
        if network:
            return failed("refused", "A function cannot be given the network.")
        too_large = refused(code, args)
        if too_large is not None:
            return too_large
        began = time.monotonic()

        def took_ms() -> int:
            return round((time.monotonic() - began) * 1000)

        try:
            text = await self._workers.ask(
                self._program(code),
                call_text(code, args),
                deadline_seconds=limits.START_SECONDS + limits.RUN_SECONDS,
                most_bytes=limits.ANSWER_BYTES,
            )
        except DeadlineExceeded as error:
            return failed("deadline", error.detail, duration_ms=took_ms())
        except AnswerTooLong as error:
            return failed("output", str(error), duration_ms=took_ms())
        except ProgramBroken as broken:
            return _of_broken(str(broken), took_ms())
        return read_outcome(text, duration_ms=took_ms())

    def _program(self, code: Code) -> DynamicProgram:
        owner = hashlib.sha256(self._owner.encode()).hexdigest()[:24]
        return DynamicProgram(
            id=f"fn{GUEST_VERSION}-{owner}-{code.hash}",
            main=guest_main(code.language),
            modules=guest_modules(code.language),
            cpu_ms=limits.CPU_MS,
        )


def _of_broken(words: str, duration_ms: int) -> Outcome:
    """An isolate that ended instead of answering: by the platform's limits, or by the code."""
    lower = words.lower()
    if "memory" in lower:
        return failed(
            "memory", "The function used up its isolate's memory.", duration_ms=duration_ms
        )
    if "cpu" in lower:
        return failed("deadline", "The function used up its CPU time.", duration_ms=duration_ms)
    return failed("raised", f"The isolate ended: {words[:500]}", duration_ms=duration_ms)
