"""Bodies of requests about functions.

Shapes are checked here; what they mean (schemas, sizes, hosts) where calls are accepted
(``littoral.functions.request``).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from littoral.api.bodies import Body, Text
from littoral.functions import job_limits
from littoral.functions.function_type import FunctionType

Description = Annotated[Text, Field(min_length=1, max_length=job_limits.MAX_DESCRIPTION_CHARACTERS)]
Host = Annotated[str, Field(min_length=1, max_length=253, examples=["api.example.com"])]
JsonSchemaDocument = Annotated[
    dict[str, Any] | bool, Field(description="A JSON Schema of draft 2020-12.")
]


class FunctionExample(Body):
    """What the function must give for some arguments."""

    args: Any
    result: Any


class FunctionOptions(Body):
    """How a function is called. ``timeoutSeconds`` is how long a sync call waits."""

    mode: Literal["sync", "async"] | None = None
    type: FunctionType | None = None
    timeout_seconds: Annotated[int, Field(ge=1, le=job_limits.MAX_WAIT_SECONDS)] | None = None
    network: Annotated[list[Host], Field(max_length=job_limits.MAX_HOSTS)] | None = None
    language: Literal["python", "javascript"] | None = None
    deadline_seconds: Annotated[int, Field(ge=1, le=job_limits.MAX_DEADLINE_SECONDS)] | None = None
    assignee: Annotated[Text, Field(max_length=job_limits.MAX_ASSIGNEE_CHARACTERS)] | None = None
    note: Annotated[Text, Field(max_length=job_limits.MAX_NOTE_CHARACTERS)] | None = None


class FunctionCall(Body):
    """A function, described in words. ``schema`` is what the result, or the answer, must fit."""

    description: Description = Field(examples=["Sort array of numbers"])
    args: Any = Field(default=None, examples=[{"numbers": [3, 1, 4, 1, 5]}])
    result_schema: JsonSchemaDocument | None = Field(default=None, alias="schema")
    examples: Annotated[list[FunctionExample], Field(max_length=job_limits.MAX_EXAMPLES)] | (
        None
    ) = None
    options: FunctionOptions | None = None


class FunctionDescription(Body):
    """Words to classify."""

    description: Description
    args: Any = None
    result_schema: JsonSchemaDocument | None = Field(default=None, alias="schema")
    type: FunctionType | None = None


class TypeOverride(Body):
    """What words mean from now on."""

    description: Description
    type: FunctionType


class JobReason(Body):
    """Why a job is cancelled."""

    reason: Annotated[Text, Field(max_length=job_limits.MAX_REASON_CHARACTERS)] | None = None


class HumanAnswer(Body):
    """What a person answers; it must fit the task's form."""

    answer: Any


class HumanRejection(Body):
    """Why a person will not do it."""

    reason: Annotated[Text, Field(min_length=1, max_length=job_limits.MAX_REASON_CHARACTERS)]
