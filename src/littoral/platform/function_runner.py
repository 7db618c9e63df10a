"""``Runner`` on dynamic Workers: one isolate for each owner and source, without network.

A call that was granted hosts has an isolate of its own, which ends with it, and its only way out is
``littoral.platform.egress``.

What goes along into the isolate is ``littoral.functions.code.guest``; what an outcome means is
``littoral.functions.code.outcome``'s.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from typing import Any

from littoral.clock import Clock, Ids
from littoral.errors import DeadlineExceeded
from littoral.functions import limits
from littoral.functions.code.code import Code
from littoral.functions.code.outcome import Outcome, failed, read_outcome
from littoral.functions.code.runner import (
    GUEST_VERSION,
    call_text,
    clients_of,
    guest_main,
    guest_modules,
    refused,
    run_seconds,
)
from littoral.functions.egress import Grant
from littoral.platform.dynamic_worker import (
    AnswerTooLong,
    DynamicProgram,
    DynamicWorkers,
    ProgramBroken,
)
from littoral.platform.egress import egress_fetcher


class FunctionRunner:
    """Functions of one owner. Two owners never share an isolate, nor do two sources."""

    def __init__(
        self, workers: DynamicWorkers, *, owner: str, exports: Any, clock: Clock, ids: Ids
    ) -> None:
        """``exports`` are the entries of this Worker, as a raw context has them."""
        self._workers = workers
        self._owner = owner
        self._exports = exports
        self._clock = clock
        self._ids = ids

    async def run(self, code: Code, args: Any, *, network: Sequence[str] = ()) -> Outcome:
        """As ``Runner.run``."""
        if network and code.language != "python":
            return failed("refused", "Only Python can be granted network.")
        too_large = refused(code, args)
        if too_large is not None:
            return too_large
        began = time.monotonic()

        def took_ms() -> int:
            return round((time.monotonic() - began) * 1000)

        try:
            text = await self._workers.ask(
                self._granted(code, network) if network else self._program(code),
                call_text(code, args, network=network),
                deadline_seconds=limits.START_SECONDS + run_seconds(network),
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

    def _granted(self, code: Code, network: Sequence[str]) -> DynamicProgram:
        seconds = limits.START_SECONDS + run_seconds(network)
        grant = Grant(
            hosts=tuple(network),
            call=self._ids.new("call"),
            ends_at_ms=self._clock.now_ms() + round(seconds * 1000),
        )
        return DynamicProgram(
            id="",
            main=guest_main(code.language),
            modules=guest_modules(code.language, clients_of(code)),
            cpu_ms=limits.CPU_MS,
            subrequests=limits.NETWORK_REQUESTS,
            outbound=egress_fetcher(self._exports, grant),
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
