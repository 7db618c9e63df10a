"""The agents of all owners, in the database that all share.

An agent belongs to one owner; whoever asks for somebody else's is told that there is none. An edit
writes the new version and the row of versions in one transaction, and only on the version that the
editor saw. Who may call is decided before.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any, Final

from littoral.clock import Clock, iso
from littoral.errors import Conflict, InvalidInput, NotFound, QueueFull
from littoral.jsontext import dumps
from littoral.registry import limits
from littoral.registry.agent import Definition, RegisteredAgent, Stats
from littoral.store.database import Database, Statement
from littoral.store.sql import Row

_COLUMNS: Final = (
    "id, owner, user_id, name, description, definition, version, archived_at, created_at, "
    "updated_at, executions, failed, last_at, latencies"
)
_CURSOR: Final = re.compile(r"([0-9]{1,15})\.(agt_[A-Za-z0-9_-]{1,60})")
_FIND: Final = f"SELECT {_COLUMNS} FROM agents WHERE owner = ? AND id = ?"


@dataclass(frozen=True, kw_only=True)
class Naming:
    """What an agent is called."""

    name: str
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class AgentVersion:
    """An agent as it was defined once."""

    version: int
    naming: Naming
    definition: Definition
    created_at_ms: int

    def to_json(self) -> dict[str, Any]:
        return {
            "version": self.version,
            "name": self.naming.name,
            "description": self.naming.description,
            **self.definition.to_json(),
            "createdAt": iso(self.created_at_ms),
        }


class Agents:
    """Reads and writes agents. Every method may raise ``DependencyUnavailable``."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def find(self, owner: str, agent_id: str) -> RegisteredAgent:
        """One of an owner's agents, also an archived one; raises ``NotFound``."""
        rows = await self._database.rows(_FIND, owner, agent_id)
        if not rows:
            raise no_such_agent(agent_id)
        return _agent(rows[0])

    async def create(
        self, agent_id: str, owner: str, user_id: str, naming: Naming, definition: Definition
    ) -> RegisteredAgent:
        """A new agent, version 1. Repeating with the same id gives the first one.

        Raises ``QueueFull`` when the owner has ``MOST_AGENTS`` already, and ``Conflict`` when the
        id was used for another agent.
        """
        now = self._clock.now_ms()
        text = dumps(definition.to_row())
        await self._database.batch(
            [
                Statement(
                    text="INSERT INTO agents (id, owner, user_id, name, description, definition, "
                    "version, created_at, updated_at) SELECT ?, ?, ?, ?, ?, ?, 1, ?, ? "
                    "WHERE (SELECT count(*) FROM agents WHERE owner = ?) < ? "
                    "ON CONFLICT (id) DO NOTHING",
                    values=(
                        *(agent_id, owner, user_id, naming.name, naming.description, text),
                        *(now, now, owner, limits.MOST_AGENTS),
                    ),
                ),
                Statement(
                    text="INSERT INTO agent_versions SELECT id, version, name, description, "
                    "definition, created_at FROM agents WHERE id = ? AND owner = ? AND version = 1 "
                    "ON CONFLICT DO NOTHING",
                    values=(agent_id, owner),
                ),
            ]
        )
        rows = await self._database.rows(_FIND, owner, agent_id)
        if not rows:
            raise QueueFull(
                f"You have {limits.MOST_AGENTS} agents; more are not taken.",
                next_step="Edit one that you have; archived ones count too.",
                retryable=False,
            )
        made = _agent(rows[0])
        if made.version == 1 and (made.name, made.definition) != (naming.name, definition):
            raise Conflict(
                "This Idempotency-Key was used for another agent.",
                next_step="Use a new key for a new agent.",
            )
        return made

    async def edit(
        self, agent: RegisteredAgent, naming: Naming, definition: Definition
    ) -> RegisteredAgent:
        """The next version of an agent; the same one when nothing changes.

        Raises ``Conflict`` when somebody else edited it meanwhile, or it is archived.
        """
        same = (agent.name, agent.description, agent.definition)
        if (naming.name, naming.description, definition) == same:
            return agent
        if agent.archived:
            raise Conflict("This agent is archived.", next_step="Restore it first.")
        if agent.version >= limits.MOST_VERSIONS:
            raise Conflict(
                f"This agent has {limits.MOST_VERSIONS} versions; more are not taken.",
                next_step="Create a new agent.",
            )
        await self._write_version(agent, naming, definition)
        found = await self.find(agent.owner, agent.id)
        wanted = (agent.version + 1, naming.name, definition)
        if (found.version, found.name, found.definition) != wanted:
            raise Conflict("Somebody else edited this agent at the same time.")
        return found

    async def _write_version(
        self, agent: RegisteredAgent, naming: Naming, definition: Definition
    ) -> None:
        now, text = self._clock.now_ms(), dumps(definition.to_row())
        await self._database.batch(
            [
                Statement(
                    text="UPDATE agents SET name = ?, description = ?, definition = ?, "
                    "version = version + 1, updated_at = ? WHERE id = ? AND owner = ? "
                    "AND version = ? AND archived_at IS NULL",
                    values=(
                        *(naming.name, naming.description, text, now),
                        *(agent.id, agent.owner, agent.version),
                    ),
                ),
                Statement(
                    text="INSERT INTO agent_versions SELECT id, version, name, description, "
                    "definition, updated_at FROM agents WHERE id = ? AND version = ? "
                    "ON CONFLICT DO NOTHING",
                    values=(agent.id, agent.version + 1),
                ),
            ]
        )

    async def archive(self, agent: RegisteredAgent, *, archived: bool) -> RegisteredAgent:
        """Puts an agent away, or takes it out again. Repeating is safe."""
        if agent.archived == archived:
            return agent
        at_ms = self._clock.now_ms() if archived else None
        await self._database.rows(
            "UPDATE agents SET archived_at = ?, updated_at = ? WHERE id = ? AND owner = ?",
            *(at_ms, self._clock.now_ms(), agent.id, agent.owner),
        )
        return replace(agent, archived_at_ms=at_ms, updated_at_ms=self._clock.now_ms())

    async def page(
        self, owner: str, *, archived: bool, words: str = "", cursor: str | None, limit: int
    ) -> tuple[list[RegisteredAgent], str | None]:
        """A page, newest first, and where the next one begins. Raises ``InvalidInput``."""
        before = (2**53 - 2, "") if cursor is None else _read(cursor)
        rows = await self._database.rows(
            f"SELECT {_COLUMNS} FROM agents WHERE owner = ? AND (archived_at IS NOT NULL) = ? "
            "AND (created_at < ? OR (created_at = ? AND id > ?)) "
            "AND (? = '' OR instr(lower(name || ' ' || description), ?) > 0) "
            "ORDER BY created_at DESC, id LIMIT ?",
            *(owner, int(archived), before[0], before[0], before[1]),
            *(words.lower(), words.lower(), limit + 1),
        )
        shown = [_agent(row) for row in rows[:limit]]
        more = f"{shown[-1].created_at_ms}.{shown[-1].id}" if len(rows) > limit else None
        return shown, more

    async def versions(self, agent: RegisteredAgent) -> list[AgentVersion]:
        """Every version, newest first."""
        rows = await self._database.rows(
            "SELECT version, name, description, definition, created_at FROM agent_versions "
            "WHERE agent_id = ? ORDER BY version DESC LIMIT ?",
            *(agent.id, limits.MOST_VERSIONS),
        )
        return [_version(row) for row in rows]

    async def version(self, agent: RegisteredAgent, number: int) -> RegisteredAgent:
        """The agent as it was in one version; raises ``NotFound``."""
        if number == agent.version:
            return agent
        rows = await self._database.rows(
            "SELECT version, name, description, definition, created_at FROM agent_versions "
            "WHERE agent_id = ? AND version = ?",
            *(agent.id, number),
        )
        if not rows:
            raise NotFound(f"The agent has no version {number}; the newest is {agent.version}.")
        old = _version(rows[0])
        return replace(
            agent,
            name=old.naming.name,
            description=old.naming.description,
            definition=old.definition,
            version=old.version,
        )


def no_such_agent(agent_id: str) -> NotFound:
    """The error for an agent that is not there or is somebody else's."""
    return NotFound(
        f"There is no agent {agent_id[:80]!r}.", next_step="List your agents with GET /api/agents."
    )


def _read(cursor: str) -> tuple[int, str]:
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise InvalidInput(
            "The cursor is not one that a page of agents gave.",
            fields=[{"field": "cursor", "message": "take it from the page before"}],
        )
    return int(found[1]), found[2]


def _agent(row: Row) -> RegisteredAgent:
    last_at = row[12]
    return RegisteredAgent(
        id=str(row[0]),
        owner=str(row[1]),
        user_id=str(row[2]),
        name=str(row[3]),
        description=str(row[4]),
        definition=Definition.of_row(json.loads(str(row[5]))),
        version=int(row[6] or 0),
        archived_at_ms=None if row[7] is None else int(row[7]),
        created_at_ms=int(row[8] or 0),
        updated_at_ms=int(row[9] or 0),
        stats=Stats(
            executions=int(row[10] or 0),
            failed=int(row[11] or 0),
            last_at_ms=None if last_at is None else int(last_at),
            latencies=tuple(json.loads(str(row[13]))),
        ),
    )


def _version(row: Row) -> AgentVersion:
    return AgentVersion(
        version=int(row[0] or 0),
        naming=Naming(name=str(row[1]), description=str(row[2])),
        definition=Definition.of_row(json.loads(str(row[3]))),
        created_at_ms=int(row[4] or 0),
    )
