"""Answers that are given again: the cache of one owner's executions, in the shared database.

An answer is kept under everything that decided it, after it was filtered. It lies in the database
and not in a key-value store, because executions of one agent run in several places and have to see
at once what another place has kept, and what was kept goes away with one statement.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from littoral.jsontext import dumps
from littoral.memory.passages import Passage
from littoral.registry.execution import Ask
from littoral.registry.limits import KEPT_ANSWERS
from littoral.store.database import Database, Statement


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a model said, filtered; ``kept_at_ms`` is when."""

    output: str
    model: str
    filtered: tuple[dict[str, Any], ...]
    kept_at_ms: int


class Answers:
    """Finds and keeps answers. Raises ``DependencyUnavailable``; repeating is safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, owner: str, key: str, *, since_ms: int) -> Answer | None:
        """The answer kept under ``key`` at ``since_ms`` or later."""
        rows = await self._database.rows(
            "SELECT answer, created_at FROM kept_answers "
            "WHERE owner = ? AND key = ? AND created_at >= ?",
            *(owner, key, since_ms),
        )
        if not rows:
            return None
        raw = json.loads(str(rows[0][0]))
        return Answer(
            output=raw["output"],
            model=raw["model"],
            filtered=tuple(raw["filtered"]),
            kept_at_ms=int(rows[0][1] or 0),
        )

    async def keep(self, owner: str, key: str, answer: Answer, *, seconds: int) -> None:
        """Keeps an answer in place of an older one; now and then lets go of the oldest ones."""
        now = answer.kept_at_ms
        text = dumps(
            {"output": answer.output, "model": answer.model, "filtered": list(answer.filtered)}
        )
        statements = [
            Statement(
                text="INSERT INTO kept_answers VALUES (?, ?, ?, ?, ?) ON CONFLICT (owner, key) DO "
                "UPDATE SET answer = excluded.answer, created_at = excluded.created_at, "
                "expires_at = excluded.expires_at",
                values=(owner, key, text, now, now + seconds * 1000),
            )
        ]
        if key.startswith("0"):  # One in sixteen tidies up.
            statements += _tidying(owner, now)
        await self._database.batch(statements)


def _tidying(owner: str, now_ms: int) -> list[Statement]:
    return [
        Statement(
            text="DELETE FROM kept_answers WHERE key IN "
            "(SELECT key FROM kept_answers WHERE expires_at < ? LIMIT 200) AND expires_at < ?",
            values=(now_ms, now_ms),
        ),
        Statement(
            text="DELETE FROM kept_answers WHERE owner = ? AND key NOT IN "
            "(SELECT key FROM kept_answers WHERE owner = ? ORDER BY created_at DESC LIMIT ?)",
            values=(owner, owner, KEPT_ANSWERS),
        ),
    ]


def may_be_kept(ask: Ask) -> bool:
    """Whether an agent's answers are given again: always, never, or where they do not vary."""
    mode = ask.definition.cache
    return mode == "always" or (mode == "auto" and ask.definition.temperature == 0)


def key_of(ask: Ask, passages: Sequence[Passage]) -> str:
    """Names an answer by all that decides it, as 64 hexadecimal digits."""
    definition = ask.definition
    decides = [
        definition.model,
        definition.system_prompt,
        ask.prompt,
        definition.temperature,
        definition.max_tokens,
        definition.output_filter.secrets,
        definition.output_filter.personal_data,
        [[each.title, each.text] for each in passages],
    ]
    return hashlib.sha256(dumps(decides).encode()).hexdigest()
