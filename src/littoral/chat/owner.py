"""What a conversation asks of the agent that it belongs to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol

from littoral.chat.gate import Gate
from littoral.models.tool import ToolSet

if TYPE_CHECKING:
    from littoral.chat.ending import Ending
    from littoral.chat.transcript import Turn


class Owner(Protocol):
    """An agent, as its conversation sees it."""

    def tools(self) -> ToolSet:
        """Tools of the model in this session."""
        ...

    def instructions(self) -> str:
        """The system prompt as of now."""
        ...

    def affinity(self) -> str:
        """A name of this conversation for the model's provider; nothing personal in it."""
        ...

    def gate(self, turn: Turn) -> Gate | None:
        """What is asked before each call of the model in this turn; ``None`` for nothing."""
        ...

    def turn_opened(self, turn: Turn) -> None:
        """A turn was written; called before anything is awaited, in the same event."""
        ...

    def turn_ended(self, ending: Ending) -> None:
        """A turn's end was written."""
        ...

    def cleared(self) -> None:
        """Everything that was said is forgotten."""
        ...

    def fault(self, error: BaseException, where: str) -> None:
        """Something failed that should not have; for the log."""
        ...

    def spawn(self, work: Callable[[], Awaitable[Any]]) -> None:
        """Runs a coroutine function in the background; keeps a reference to it."""
        ...
