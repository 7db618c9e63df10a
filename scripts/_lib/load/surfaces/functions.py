"""Functions: code whose result is known before."""

from __future__ import annotations

import math
import random
from typing import Any

from _lib.load.client import Client, require

Call = tuple[str, dict[str, Any], Any]
"""Words, arguments, and the result that is wanted."""


class Functions:
    """Sorting and factorials with other arguments each time."""

    needs = "/fn"
    at_once = 16

    async def prepare(self, client: Client) -> None:
        """The code is written and its isolate started: the first call is the cold one."""
        await self.once(client, 0)
        await self.once(client, 1)

    async def once(self, client: Client, number: int) -> None:
        words, args, wanted = _sorting(number) if number % 2 else _factorial(number)
        answer = await client.ask("POST", "/fn", json={"description": words, "args": args})
        if answer["status"] in ("queued", "running", "waiting"):
            path = f"/fn/jobs/{answer['jobId']}"
            answer = await client.until(path, lambda job: job["status"] == "completed", 60)
        require(answer["status"] == "completed", "the function did not complete", answer)
        require(answer["result"] == wanted, f"{words} of {args} is {wanted}", answer["result"])

    async def finish(self, client: Client) -> None:
        """Jobs are few bytes and go by themselves."""


def _sorting(number: int) -> Call:
    chance = random.Random(number)  # noqa: S311 - arguments, the same in every run
    numbers = [chance.randrange(1_000) for _ in range(12)]
    return "Sort array of numbers", {"numbers": numbers}, sorted(numbers)


def _factorial(number: int) -> Call:
    n = 1 + number // 2 % 14
    return "Calculate factorial", {"n": n}, math.factorial(n)
