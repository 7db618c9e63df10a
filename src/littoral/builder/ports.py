"""What a build needs from outside: checks, the list of builds, credits, contents, the model.

The implementations over the platform are in ``littoral.platform``; the doubles in ``tests/fakes``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from littoral.agent.alarm import AlarmClock
from littoral.agent.connection import Connections
from littoral.builder.blobs import ObjectStore
from littoral.builder.blueprint import Blueprint
from littoral.builder.issue import Issue
from littoral.credits.till import Till
from littoral.store.database import Database
from littoral.store.sql import Sql


@dataclass(frozen=True, kw_only=True)
class SyntaxProblem:
    """Where a JavaScript module cannot be read; ``line`` counts from 1, 0 when it is unknown."""

    line: int
    message: str


class JavaScriptParser(Protocol):
    """Reads modules without running them."""

    async def problem(self, source: str, *, module: bool = True) -> SyntaxProblem | None:
        """The first problem of a source, ``None`` when it can be read.

        Raises ``DependencyUnavailable`` when nothing can say.
        """
        ...


class Checks(Protocol):
    """Looks at the files without a model; same files, same issues."""

    async def run(self, files: Mapping[str, str], blueprint: Blueprint) -> Sequence[Issue]:
        """What is wrong, each with its place (``littoral.builder.issue.found``).

        ``files`` are texts by path. Never raises for what stands in a file.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the object stands: whose build it is, and what the platform gives it.

    ``assets`` holds the contents that previews are served from, ``database`` the list of builds.
    """

    owner: str
    build_id: str
    sql: Sql
    connections: Connections
    alarm: AlarmClock
    till: Till
    database: Database
    assets: ObjectStore
    checks: Checks
