"""Bodies of requests about registry agents and their executions.

Shapes and ranges are checked here; what they mean (models, templates, places) where they are read
(``littoral.registry.reading``).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from littoral.api.bodies import Body, Change, Line, Text
from littoral.registry import limits
from littoral.registry.agent import CacheMode

Name = Annotated[Line, Field(min_length=1, max_length=limits.MAX_NAME_CHARACTERS)]
LongText = Annotated[
    str, Field(pattern=r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$")
]
Description = Annotated[LongText, Field(max_length=limits.MAX_DESCRIPTION_CHARACTERS)]
ModelName = Annotated[
    Line,
    Field(min_length=1, max_length=200, examples=["@cf/meta/llama-3.3-70b-instruct-fp8-fast"]),
]
PromptTemplate = Annotated[
    Text,
    Field(
        min_length=1, max_length=limits.MAX_TEMPLATE_CHARACTERS, examples=["Summarise:\n{{input}}"]
    ),
]
SystemPrompt = Annotated[LongText, Field(max_length=limits.MAX_SYSTEM_CHARACTERS)]
Temperature = Annotated[float, Field(ge=0, le=limits.MAX_TEMPERATURE, allow_inf_nan=False)]
MaxTokens = Annotated[int, Field(ge=1, le=limits.MAX_OUTPUT_TOKENS)]
PlaceName = Annotated[Line, Field(min_length=1, max_length=20, examples=["auto"])]
Places = Annotated[list[PlaceName], Field(min_length=1, max_length=10)]
CacheSeconds = Annotated[int, Field(ge=1, le=limits.MAX_CACHE_SECONDS)]
VariableName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$")]
VariableValue = Annotated[LongText, Field(max_length=limits.MAX_VARIABLE_CHARACTERS)]


class OutputFilterBody(Body):
    """Which rules an agent's output passes."""

    secrets: bool | None = None
    personal_data: bool | None = None


class GatewayBody(Body):
    """Options of AI Gateway for models of Workers AI."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")] | None = None
    skip_cache: bool | None = None
    cache_ttl: Annotated[int, Field(ge=60, le=limits.MAX_CACHE_SECONDS)] | None = None
    collect_log: bool | None = None


class MemoryBody(Body):
    """Whether an agent's memory is asked, and for how many passages."""

    enabled: bool | None = None
    passages: Annotated[int, Field(ge=1, le=limits.MAX_PASSAGES)] | None = None


class NewAgent(Body):
    """An agent to make. Only ``name`` and ``model`` are needed."""

    name: Name
    model: ModelName
    description: Description | None = None
    prompt_template: PromptTemplate | None = None
    system_prompt: SystemPrompt | None = None
    temperature: Temperature | None = None
    max_tokens: MaxTokens | None = None
    edge_locations: Places | None = None
    output_filter: OutputFilterBody | None = None
    cache: CacheMode | None = None
    cache_seconds: CacheSeconds | None = None
    gateway: GatewayBody | None = None
    memory: MemoryBody | None = None


class AgentChange(Change):
    """What to change in an agent; each edit makes a new version.

    ``version``: the one that was looked at; when it is not the newest any more, nothing is changed.
    """

    name: Name | None = None
    model: ModelName | None = None
    description: Description | None = None
    prompt_template: PromptTemplate | None = None
    system_prompt: SystemPrompt | None = None
    temperature: Temperature | None = None
    max_tokens: MaxTokens | None = None
    edge_locations: Places | None = None
    output_filter: OutputFilterBody | None = None
    cache: CacheMode | None = None
    cache_seconds: CacheSeconds | None = None
    gateway: GatewayBody | None = None
    memory: MemoryBody | None = None
    version: Annotated[int, Field(ge=1, le=limits.MOST_VERSIONS)] | None = None

    @model_validator(mode="after")
    def _keeps_what_is_needed(self) -> AgentChange:
        for name in ("name", "model"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise PydanticCustomError("not_null", "{name} cannot be null", {"name": name})
        return self


class ExecutionRequest(Body):
    """One call of an agent. ``variables`` are those of its template, ``input`` aside."""

    input: Annotated[Text, Field(min_length=1, max_length=limits.MAX_INPUT_CHARACTERS)]
    variables: (
        Annotated[dict[VariableName, VariableValue], Field(max_length=limits.MAX_VARIABLES)] | None
    ) = None
    session_id: Annotated[Line, Field(min_length=1, max_length=128)] | None = None
    mode: Literal["sync", "stream", "async"] | None = None
    edge_location: PlaceName | None = None
    temperature: Temperature | None = None
    cache: CacheMode | None = None
    version: Annotated[int, Field(ge=1, le=limits.MOST_VERSIONS)] | None = None


class CancelReason(Body):
    """Why an execution is cancelled."""

    reason: Annotated[Text, Field(max_length=500)] | None = None
