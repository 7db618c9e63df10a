"""What answers about builds look like, for the API description."""

from __future__ import annotations

from typing import Any, Literal

from littoral.api.answers import Answer

BuildStatusName = Literal[
    "drafting",
    "waiting",
    "building",
    "reviewing",
    "completed",
    "completed_with_issues",
    "failed",
    "cancelled",
    "budget_exceeded",
]


class BuildStarted(Answer):
    """The build is there. ``websocketUrl`` shows it live."""

    success: Literal[True]
    session_id: str
    status: BuildStatusName
    websocket_url: str


class BuildAnswer(Answer):
    """A build as it is now."""

    success: Literal[True]
    session_id: str
    state: dict[str, Any]


class BuildSummary(Answer):
    """One line of the list."""

    id: str
    title: str
    query: str
    status: BuildStatusName
    mode: Literal["deterministic", "smart"]
    created_at: str
    updated_at: str
    files: int
    bytes: int


class BuildList(Answer):
    """A page of builds, newest first."""

    builds: list[BuildSummary]
    cursor: str | None


class BuildFiles(Answer):
    """The files of a build; the content with a file that was asked for by its path."""

    success: Literal[True]
    session_id: str
    files: list[dict[str, Any]]


class RevisionFile(Answer):
    """A file of a revision. ``hash`` is the SHA-256 of its content."""

    path: str
    hash: str
    bytes: int
    type: str


class RevisionAnswer(Answer):
    """All files at one moment."""

    number: int
    hash: str
    reason: str
    restored_from: int | None
    created_at: str
    bytes: int
    files: list[RevisionFile]


class RevisionList(Answer):
    """What is kept, newest first."""

    revisions: list[RevisionAnswer]


class BuildEventAnswer(Answer):
    """A numbered fact about a build."""

    number: int
    type: str
    at: str
    data: dict[str, Any]


class BuildEventPage(Answer):
    """Events in order. ``ended``: the build stands still after the last of them."""

    events: list[BuildEventAnswer]
    next: int
    ended: bool


class PreviewLinkAnswer(Answer):
    """A link that shows the newest revision to whoever has it."""

    success: Literal[True]
    url: str
    expires_at: str
