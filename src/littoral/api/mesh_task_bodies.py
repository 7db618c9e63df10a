"""Bodies of requests about tasks of the mesh. Shapes are checked here; what they mean where tasks
are taken (``littoral.mesh.work.request``)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from littoral.api.bodies import Body, Text
from littoral.mesh.work import limits
from littoral.mesh.work.part import Work


class MeshTaskRequest(Body):
    """A task for the mesh: a goal to be planned, or items that each become a part."""

    goal: Annotated[Text, Field(min_length=1, max_length=limits.MAX_GOAL_CHARACTERS)] = Field(
        examples=["Count the words"]
    )
    items: Annotated[list[Any], Field(min_length=1, max_length=limits.MAX_ITEMS)] | None = Field(
        default=None, examples=[["one", "one two"]]
    )
    work: Work | None = None
    capability: Work | None = None
    deadline_seconds: Annotated[int, Field(ge=1, le=limits.MAX_DEADLINE_SECONDS)] | None = None
    parallel: Annotated[int, Field(ge=1, le=limits.MAX_PARALLEL)] | None = None
    retries: Annotated[int, Field(ge=0, le=limits.MAX_RETRIES)] | None = None


class MeshTaskReason(Body):
    """Why a task is cancelled."""

    reason: Annotated[Text, Field(max_length=limits.MAX_REASON_CHARACTERS)] | None = None
