"""Owns what a family of app is: how it is recognised, planned and written, file by file.

The families themselves are modules of their own; ``littoral.builder.offline.families`` chooses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from littoral.builder.offline.wish import Wish


@dataclass(frozen=True, kw_only=True)
class PlannedPhase:
    """One phase of a plan; ``files`` maps paths to what each file is for, in order."""

    name: str
    description: str
    files: Mapping[str, str]

    def document(self) -> dict[str, object]:
        files = [{"path": path, "purpose": purpose} for path, purpose in self.files.items()]
        return {"name": self.name, "description": self.description, "files": files}


class Family(Protocol):
    """A kind of app that is composed from parts.

    ``kind`` is the blueprint's. ``features`` are the ids of the switches it has, ``always`` what
    each of its apps can do, in words. All answers depend on the wish alone.
    """

    @property
    def name(self) -> str: ...

    @property
    def features(self) -> Sequence[str]: ...

    @property
    def usual(self) -> Sequence[str]:
        """Ids of the features that it has unless they are refused."""
        ...

    def kind(self, wish: Wish) -> str: ...

    def title(self, wish: Wish) -> str:
        """What the app is called when the words do not name it."""
        ...

    def description(self, wish: Wish) -> str:
        """What will be built, one or two sentences."""
        ...

    def always(self, wish: Wish) -> Sequence[str]: ...

    def phases(self, wish: Wish) -> Sequence[PlannedPhase]: ...

    def write(self, path: str, wish: Wish) -> str | None:
        """The whole text of a file; ``None`` for a path that is not of this family."""
        ...
