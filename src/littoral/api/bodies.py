"""The bodies of requests, checked by Pydantic. What answers look like is in
``littoral.api.answers``.

JSON names are camelCase, types are taken as they are written (``"1"`` is no number), unknown fields
are refused, and text holds no control characters.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from littoral.accounts.session_id import SESSION_ID_PATTERN
from littoral.api.limits import DUE_CHARACTERS, SESSION_TITLE_CHARACTERS
from littoral.tasks.preferences import MAX_NAME_CHARACTERS
from littoral.tasks.task import MAX_TITLE_CHARACTERS
from littoral.text import MAX_MESSAGE_CHARACTERS

_LINES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# The same rules for readers of the schema: something that is not blank, and no control characters.
_LINES_PATTERN = (
    r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f]"
    r"[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$"
)
_LINE_PATTERN = (
    r"^[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*$"
)


def _lines(value: str) -> str:
    return _clean(value, _LINES)


def _line(value: str) -> str:
    return _clean(value, _LINE)


def _clean(value: str, refused: re.Pattern[str]) -> str:
    if not value.strip():
        raise PydanticCustomError("blank", "This is empty; write something")
    found = refused.search(value)
    if found:
        raise PydanticCustomError(
            "not_text",
            "The character {code} at position {position} is not taken in text",
            {"code": f"U+{ord(found.group()):04X}", "position": found.start()},
        )
    return value


Text = Annotated[str, AfterValidator(_lines), Field(json_schema_extra={"pattern": _LINES_PATTERN})]
Line = Annotated[str, AfterValidator(_line), Field(json_schema_extra={"pattern": _LINE_PATTERN})]

SessionTitle = Annotated[Line, Field(min_length=1, max_length=SESSION_TITLE_CHARACTERS)]
TaskTitle = Annotated[Line, Field(min_length=1, max_length=MAX_TITLE_CHARACTERS)]
Due = Annotated[Line, Field(min_length=1, max_length=DUE_CHARACTERS)]
TimeZone = Annotated[str, Field(pattern=r"^[A-Za-z0-9_+\-/ ]{1,64}$", examples=["Europe/Berlin"])]
Language = Annotated[
    str, Field(pattern=r"^[A-Za-z]{2,20}(-[A-Za-z0-9]{2,8}){0,3}$", examples=["de-CH"])
]
Recurrence = Annotated[Line, Field(min_length=1, max_length=80, examples=["daily", "weekdays"])]
Priority = Literal["low", "normal", "high"]
Status = Literal["pending", "completed"]


class Body(BaseModel):
    """What all bodies have in common."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        strict=True,
        frozen=True,
        hide_input_in_errors=True,
    )

    def sent(self) -> dict[str, Any]:
        """Only the fields that the caller sent, by their JSON names."""
        return self.model_dump(by_alias=True, exclude_unset=True)


class Change(Body):
    """A body that changes something: at least one field is there."""

    @model_validator(mode="after")
    def _says_something(self) -> Change:
        if not self.model_fields_set:
            raise PydanticCustomError("nothing_to_change", "Name at least one field to change")
        return self


class ChatRequest(Body):
    """One message to the agent. Without ``sessionId`` a session begins."""

    message: Annotated[Text, Field(min_length=1, max_length=MAX_MESSAGE_CHARACTERS)] = Field(
        examples=["Add task: Buy milk"]
    )
    session_id: Annotated[str, Field(pattern=SESSION_ID_PATTERN)] | None = None
    time_zone: TimeZone | None = None


class NewSession(Body):
    """A session to begin."""

    title: SessionTitle | None = None


class SessionChange(Body):
    """A session's new name."""

    title: SessionTitle


class PreferencesChange(Change):
    """Preferences to set; ``null`` takes one back.

    ``name`` is what you are called, ``dateFormat`` the order in which ``3/4`` is read.
    """

    time_zone: TimeZone | None = None
    name: Annotated[Line, Field(min_length=1, max_length=MAX_NAME_CHARACTERS)] | None = None
    language: Language | None = None
    date_format: Literal["dmy", "mdy", "ymd"] | None = None
    time_format: Literal["24h", "12h"] | None = None


class NewTaskBody(Body):
    """A task to add. ``due`` is ISO 8601 or words such as ``tomorrow at 5``."""

    title: TaskTitle
    priority: Priority = "normal"
    due: Due | None = None
    recurrence: Recurrence | None = None


class Decision(Body):
    """Whether a tool call that waits for you may be made."""

    approved: bool


class TaskChange(Change):
    """What to change in a task; ``null`` takes a due date or a recurrence away."""

    title: TaskTitle | None = None
    status: Status | None = None
    priority: Priority | None = None
    due: Due | None = None
    recurrence: Recurrence | None = None

    @model_validator(mode="after")
    def _keeps_what_is_needed(self) -> TaskChange:
        for name in ("title", "status", "priority"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise PydanticCustomError("not_null", "{name} cannot be null", {"name": name})
        return self
