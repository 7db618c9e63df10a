"""Bodies of requests about builds.

Shapes are checked here; what they mean where builds are accepted (``littoral.builder``).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from littoral.api.bodies import Body, Text
from littoral.builder import limits

MOST_REVISION = 2**31 - 1


class BuildBudget(Body):
    """The most that a build may use; what is left out is usual."""

    tokens: Annotated[int, Field(ge=1, le=limits.MOST_TOKENS)] | None = None
    calls: Annotated[int, Field(ge=1, le=limits.MOST_CALLS)] | None = None
    seconds: Annotated[int, Field(ge=1, le=limits.MOST_SECONDS)] | None = None
    credits: Annotated[float, Field(gt=0, le=limits.MOST_CREDITS, strict=False)] | None = None


class NewBuild(Body):
    """What is to be built, in words. ``start`` builds at once instead of waiting for ``generate``.

    ``deterministic`` goes through blueprint, phases and reviews in order; in ``smart`` mode the
    model chooses what comes next.
    """

    query: Annotated[Text, Field(min_length=1, max_length=limits.MAX_QUERY_CHARACTERS)] = Field(
        examples=["Build a blog application"]
    )
    mode: Literal["deterministic", "smart"] = "deterministic"
    start: bool = False
    budget: BuildBudget | None = None


class BuildStart(Body):
    """Lets a build begin, or go on after it has ended, within a budget."""

    budget: BuildBudget | None = None


class BuildMessage(Body):
    """Words for a build, taken up at its next phase; one that is done goes on within a budget."""

    message: Annotated[Text, Field(min_length=1, max_length=limits.MAX_MESSAGE_CHARACTERS)]
    budget: BuildBudget | None = None


class BuildCancel(Body):
    """Why it shall end, for those who look at it later."""

    reason: Annotated[Text, Field(min_length=1, max_length=500)] | None = None


class BlueprintChange(Body):
    """The blueprint as it shall be: the whole of it."""

    blueprint: dict[str, Any]


class PreviewProblem(Body):
    """Something that went wrong in the preview's page."""

    message: Annotated[Text, Field(min_length=1, max_length=500)]
    source: Annotated[str, Field(max_length=200)] = ""
    line: Annotated[int, Field(ge=0, le=10_000_000)] = 0


class PreviewProblems(Body):
    """What a preview reported."""

    problems: Annotated[list[PreviewProblem], Field(min_length=1, max_length=limits.MAX_PROBLEMS)]


class RevisionChoice(Body):
    """Which revision's files shall be the newest again."""

    revision: Annotated[int, Field(ge=1, le=MOST_REVISION)]
