"""Does parts for a worker: text by itself, the rest by a model or a function. The impure side.

Whatever goes wrong is an outcome too, so that the coordinator decides about another try. What was
done leaves a receipt first: a part that comes again is answered by it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from littoral.clock import Clock
from littoral.credits.prices import PRICES
from littoral.errors import DeadlineExceeded, InvalidInput, LittoralError, TooLarge, short_problem
from littoral.jsontext import dumps
from littoral.mesh.kernel.behaviour import Effect
from littoral.mesh.work.limits import MAX_RESULT_CHARACTERS, WORK_SECONDS
from littoral.mesh.work.receipts import Receipts
from littoral.mesh.work.text_work import text_result

Doing = Callable[[Mapping[str, Any]], Awaitable[dict[str, Any]]]


class Working:
    """``littoral.mesh.work.worker.Working``. ``kinds`` says who does which work beside text."""

    def __init__(
        self, worker: str, receipts: Receipts, clock: Clock, kinds: Mapping[str, Doing]
    ) -> None:
        self._worker = worker
        self._receipts = receipts
        self._clock = clock
        self._kinds: Mapping[str, Doing] = {"text": _text, **kinds}

    async def perform(self, effect: Effect) -> Mapping[str, Any]:
        """``{result, error, usage, tookMs}``; never raises ``LittoralError``."""
        begun = self._clock.now_ms()
        try:
            async with asyncio.timeout(WORK_SECONDS):
                outcome = await self._outcome(effect.body)
        except TimeoutError:
            late = DeadlineExceeded(f"The part took longer than {WORK_SECONDS} seconds.")
            outcome = {"result": None, "error": short_problem(late), "usage": {}}
        except LittoralError as error:
            outcome = {"result": None, "error": short_problem(error), "usage": {}}
        return {**outcome, "tookMs": max(0, self._clock.now_ms() - begun)}

    async def _outcome(self, part: Mapping[str, Any]) -> Mapping[str, Any]:
        part_id = part["partId"]
        if part["work"] != "text":
            found = await self._receipts.find(part_id)
            if found is not None:
                return found
        made = await self._do(part)
        usage = {**made["usage"], "cost": made["usage"].get("cost", 0) + PRICES["mesh.part"]}
        outcome = {"result": made["result"], "error": None, "usage": usage}
        return await self._receipts.keep(part_id, self._worker, outcome)

    async def _do(self, part: Mapping[str, Any]) -> dict[str, Any]:
        doing = self._kinds.get(part["work"])
        if doing is None:
            raise InvalidInput(
                f"No worker here does {part['work']!r}.",
                next_step=f"Ask for one of: {', '.join(self._kinds)}.",
            )
        made = await doing(part)
        size = len(dumps(made["result"]))
        if size > MAX_RESULT_CHARACTERS:
            raise TooLarge(
                f"The result has {size} characters; at most {MAX_RESULT_CHARACTERS} are kept."
            )
        return made


async def _text(part: Mapping[str, Any]) -> dict[str, Any]:
    given = part["input"]
    return {"result": text_result(given["operation"], given["text"]), "usage": {}}
