"""Single facts of an agent itself, and the rules that it knows of who may send what to whom."""

from __future__ import annotations

import json

from littoral.errors import DependencyUnavailable
from littoral.jsontext import dumps
from littoral.mesh.kernel.permissions import Permissions
from littoral.store.sql import Sql


class Facts:
    """Texts by name, one row each."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    def get(self, name: str) -> str | None:
        found = self._sql.value("SELECT value FROM facts WHERE name = ?", name)
        return None if found is None else str(found)

    def keep(self, name: str, value: str) -> None:
        self._sql.run("INSERT OR REPLACE INTO facts VALUES (?, ?)", name, value)


class KnownRules:
    """The agent's copy of the owner's rules. Without one nothing may come in."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._known: Permissions | None = None

    def get(self) -> Permissions:
        """Raises ``DependencyUnavailable`` while there are none."""
        found = self._read()
        if found is None:
            raise DependencyUnavailable("The agent has not learnt yet who may send to it.")
        return found

    @property
    def version(self) -> int:
        """-1 while there are none."""
        found = self._read()
        return -1 if found is None else found.version

    def learn(self, permissions: Permissions) -> None:
        """Keeps rules unless these or newer ones are there."""
        if self.version < permissions.version:
            self._facts.keep("permissions", dumps(permissions.to_json()))
            self._known = permissions

    def _read(self) -> Permissions | None:
        if self._known is None:
            text = self._facts.get("permissions")
            self._known = None if text is None else Permissions.read(json.loads(text))
        return self._known
