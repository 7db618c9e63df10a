"""Secrets of webhooks, in rows beside the events: they are never part of what is shown or replayed.

A secret is given out once, when it is made; afterwards it only signs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from littoral.mesh.watch.signature import new_secret
from littoral.store.migrations import Schema
from littoral.store.sql import Sql

SECRETS_SCHEMA: Final = Schema(
    name="webhook_secrets",
    steps=(
        "CREATE TABLE webhook_secrets (webhook_id TEXT PRIMARY KEY, secret TEXT NOT NULL) "
        "WITHOUT ROWID",
    ),
)


class WebhookSecrets:
    """Of one notification agent."""

    def __init__(self, sql: Sql, make: Callable[[], str] = new_secret) -> None:
        self._sql = sql
        self._make = make

    def reveal(self, webhook_id: str) -> str | None:
        """A new secret, the first time that it is asked; ``None`` ever after."""
        if self._known(webhook_id) is not None:
            return None
        return self._made(webhook_id)

    def secret(self, webhook_id: str) -> str:
        """The secret to sign with; one that nobody saw is made when there is none."""
        return self._known(webhook_id) or self._made(webhook_id)

    def forget(self, webhook_id: str) -> None:
        """Deletes a secret. Repeatable."""
        self._sql.run("DELETE FROM webhook_secrets WHERE webhook_id = ?", webhook_id)

    def _known(self, webhook_id: str) -> str | None:
        found = self._sql.value(
            "SELECT secret FROM webhook_secrets WHERE webhook_id = ?", webhook_id
        )
        return None if found is None else str(found)

    def _made(self, webhook_id: str) -> str:
        secret = self._make()
        self._sql.run("INSERT INTO webhook_secrets VALUES (?, ?)", webhook_id, secret)
        return secret
