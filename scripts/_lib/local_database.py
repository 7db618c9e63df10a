"""Owns the local D1 database: where its file lies, and the migrations that were applied to it.

wrangler keeps a D1 database as the SQLite of one object of its own, named by the database's id.
Migrations are applied to that file while no server runs on it, and noted in the table that
`wrangler d1 migrations` keeps, so that either may go on where the other stopped. A start of
wrangler only for that would cost seconds.
"""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
import tomllib
from pathlib import Path
from typing import Any

from _lib import project
from _lib.failures import SetupFailure

MIGRATIONS = project.ROOT / "migrations"
_OBJECT_CLASS = "miniflare-D1DatabaseObject"
_NOTED = (
    "CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, "
    "name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)"
)


def migrate_local_databases(state: Path, *, migrations: Path = MIGRATIONS) -> list[str]:
    """Applies what is missing to the databases of wrangler.toml; names of what was applied.

    `state` is what `wrangler dev` gets as `--persist-to`; no server may run on it. A migration and
    its note are one transaction: after a kill it is there or not. Repeatable, milliseconds.
    """
    config = tomllib.loads((project.ROOT / "wrangler.toml").read_text(encoding="utf-8"))
    done: list[str] = []
    for database in config.get("d1_databases", []):
        done += _migrate(database_file(state, local_id(database)), migrations)
    return done


def local_id(database: dict[str, Any]) -> str:
    """The id by which a local server knows a database of the configuration."""
    return str(
        database.get("preview_database_id") or database.get("database_id") or database["binding"]
    )


def database_file(state: Path, database_id: str) -> Path:
    """Where a local server looks for it: named by the object's id, made from the database's."""
    key = hashlib.sha256(_OBJECT_CLASS.encode()).digest()
    name = hmac.new(key, database_id.encode(), hashlib.sha256).digest()[:16]
    check = hmac.new(key, name, hashlib.sha256).digest()[:16]
    return state / "v3" / "d1" / _OBJECT_CLASS / f"{(name + check).hex()}.sqlite"


def _migrate(file: Path, migrations: Path) -> list[str]:
    file.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(file, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(_NOTED)
        known = {name for (name,) in connection.execute("SELECT name FROM d1_migrations")}
        missing = [each for each in sorted(migrations.glob("*.sql")) if each.name not in known]
        for each in missing:
            _apply(connection, each)
        return [each.name for each in missing]
    finally:
        connection.close()


def _apply(connection: sqlite3.Connection, file: Path) -> None:
    name = file.name.replace("'", "''")
    script = file.read_text(encoding="utf-8")
    try:
        connection.executescript(
            f"BEGIN;\n{script}\nINSERT INTO d1_migrations (name) VALUES ('{name}');\nCOMMIT;"
        )
    except sqlite3.Error as error:
        raise SetupFailure(
            f"the migration {file.name} cannot be applied ({error})",
            "mend that file; or delete the state folder, if a migration that it had was changed",
        ) from error
