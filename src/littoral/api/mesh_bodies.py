"""Bodies of requests about the mesh itself: replay and permissions."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from littoral.api.bodies import Body
from littoral.mesh.kernel.permissions import KIND_PATTERN, MAX_RULES, NAME_PATTERN

MOST_EVENTS = 2**53 - 2


class ReplayRequest(Body):
    """Up to which event the state shall be built; to the newest when it is left out."""

    up_to: Annotated[int, Field(ge=0, le=MOST_EVENTS)] | None = None


class PermissionRule(Body):
    """Who may send what to whom: an agent's name, a kind of agents, `user`, or `*`.

    `kind` is a kind of messages, `part.*` for all that begin so, or `*`.
    """

    sender: Annotated[str, Field(alias="from", pattern=f"^({NAME_PATTERN})$")]
    to: Annotated[str, Field(pattern=f"^({NAME_PATTERN})$")]
    kind: Annotated[str, Field(pattern=f"^({KIND_PATTERN})$")] = "*"
    allow: bool = True


class PermissionRules(Body):
    """All rules, the first that fits decides; what none fits is refused.

    `version` is the one that you read: the change is refused when there is another by now.
    """

    rules: Annotated[list[PermissionRule], Field(max_length=MAX_RULES)]
    version: Annotated[int, Field(ge=0, le=MOST_EVENTS)] | None = None
