"""Bodies of requests about runs and sandbox sessions.

Shapes are checked here; what they mean (hosts, budgets, how long) where runs are accepted
(``littoral.orchestrator.request``).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from littoral.accounts.session_id import SESSION_ID_PATTERN
from littoral.api.bodies import Body, Line, Text
from littoral.orchestrator import limits

Command = Annotated[str, Field(min_length=1, max_length=limits.MAX_COMMAND_CHARACTERS)]
Host = Annotated[
    str, Field(min_length=1, max_length=253, examples=["api.example.org", "*.example.com"])
]
Hosts = Annotated[list[Host], Field(max_length=limits.MAX_NETWORK_HOSTS)]
Seconds = Annotated[int, Field(ge=1, le=limits.MAX_TIMEOUT_SECONDS)]


class RunRequest(Body):
    """Work to do: one of ``command``, ``commands`` and ``task`` (words for the planner)."""

    command: Command | None = Field(default=None, examples=["python3 -c 'print(6*7)'"])
    commands: Annotated[list[Command], Field(min_length=1, max_length=limits.MAX_COMMANDS)] | (
        None
    ) = None
    task: Annotated[Text, Field(min_length=1, max_length=limits.MAX_TASK_CHARACTERS)] | None = None
    title: Annotated[Line, Field(min_length=1, max_length=limits.MAX_TITLE_CHARACTERS)] | None = (
        None
    )
    session_id: Annotated[str, Field(pattern=SESSION_ID_PATTERN)] | None = None
    require_approval: bool = False
    timeout_seconds: Seconds | None = None
    approval_timeout_seconds: Annotated[int, Field(ge=1, le=limits.MAX_APPROVAL_SECONDS)] | None = (
        None
    )
    network: Hosts | None = None
    env: Annotated[dict[str, str], Field(max_length=limits.MAX_VARIABLES)] | None = None
    max_credits: Annotated[float, Field(gt=0, le=1_000_000, strict=False)] | None = None

    @model_validator(mode="after")
    def _says_what_to_do(self) -> RunRequest:
        given = [each for each in (self.command, self.commands, self.task) if each is not None]
        if len(given) != 1:
            raise PydanticCustomError("one_of", "Give one of command, commands and task")
        return self


class RunDecision(Body):
    """An answer to an approval: to the one named, or to the one that waits longest."""

    approval_id: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    reason: Annotated[Text, Field(max_length=limits.MAX_REASON_CHARACTERS)] | None = None


class NewSandboxSession(Body):
    """A sandbox that stays."""

    name: Annotated[Line, Field(min_length=1, max_length=80)] | None = None
    network: Hosts | None = None
