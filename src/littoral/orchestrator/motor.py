"""The workflow of a run: a short list of named steps that ask the owner's object what is next.

It knows nothing that is not in the rows, so any instance, also one that begins anew, goes on where
the rows are. ``Engine`` is the platform's workflow step (``workflows/``), or a double that dies.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

BEFORE = ("validate", "reserve", "plan", "approval", "sandbox")
MOST_LOOKS = 1_000
"""Steps that one instance may use for one stage; the platform has a limit of its own."""

NAMES = {
    "validate": "validate the request",
    "reserve": "reserve credits",
    "plan": "plan the commands",
    "approval": "ask for approval",
    "sandbox": "start the sandbox",
    "close": "collect artifacts, settle credits, end",
}

Ask = Callable[[str], Awaitable[dict[str, Any]]]


class Engine(Protocol):
    """What a workflow may do."""

    async def do(self, name: str, work: Callable[[], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
        """Does named work; once it has succeeded its result is kept and it is not done again."""
        ...

    async def wait_for_news(self, name: str, seconds: int) -> None:
        """Returns at the next news, or when the time is over."""
        ...


async def drive(engine: Engine, ask: Ask) -> str:
    """Drives one run to its end. ``ask(stage)`` calls the owner's object."""
    commands = await _prepare(engine, ask)
    for index in range(commands):
        begun = await _settled(engine, ask, f"begin {index}", f"command {index}: start")
        if begun["next"] == "over":
            break
        await _settled(engine, ask, f"await {index}", f"command {index}: wait for its end")
    await _settled(engine, ask, "close", NAMES["close"])
    return "ended"


async def open_session(engine: Engine, ask: Ask) -> str:
    """Makes a sandbox session ready."""
    for stage in ("reserve", "sandbox"):
        answer = await _settled(engine, ask, stage, NAMES[stage])
        if answer["next"] == "over":
            return "failed"
    return "ready"


async def _prepare(engine: Engine, ask: Ask) -> int:
    """Everything before the first command; how many commands there are, 0 when it is over."""
    commands = 0
    for stage in BEFORE:
        answer = await _settled(engine, ask, stage, NAMES[stage])
        if answer["next"] == "over":
            return 0
        commands = answer["commands"] or commands
    return commands


async def _settled(engine: Engine, ask: Ask, stage: str, name: str) -> dict[str, Any]:
    """Asks for a stage until it does not say ``wait`` any more."""
    for look in range(1, MOST_LOOKS + 1):
        told = name if look == 1 else f"{name}, look {look}"
        answer = await engine.do(told, lambda: ask(stage))
        if answer["next"] != "wait":
            return answer
        await engine.wait_for_news(f"{name}, wait {look}", max(1, int(answer["waitSeconds"])))
    raise RuntimeError(f"the stage {stage!r} did not come to an end in {MOST_LOOKS} looks")
