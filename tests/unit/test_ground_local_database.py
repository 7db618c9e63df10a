"""The local database gets each migration once, whole or not at all."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from _lib.failures import SetupFailure
from _lib.local_database import database_file, local_id, migrate_local_databases

FIRST = "CREATE TABLE things (name TEXT);"
SECOND = "INSERT INTO things VALUES ('a');\nINSERT INTO things VALUES ('b');"


def migrations(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.sql").write_text(text)
    return folder


def names(state: Path) -> list[str]:
    with closing(sqlite3.connect(database_file(state, "littoral"))) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM things ORDER BY name")]


def test_what_is_new_is_applied_in_order_and_once(tmp_path: Path) -> None:
    folder = migrations(tmp_path / "m", m1=FIRST)
    assert migrate_local_databases(tmp_path, migrations=folder) == ["m1.sql"]
    migrations(folder, m2=SECOND)
    assert migrate_local_databases(tmp_path, migrations=folder) == ["m2.sql"]
    assert migrate_local_databases(tmp_path, migrations=folder) == []
    assert names(tmp_path) == ["a", "b"]


def test_a_migration_that_fails_leaves_nothing_and_is_tried_again(tmp_path: Path) -> None:
    folder = migrations(tmp_path / "m", m1=FIRST, m2="INSERT INTO things VALUES ('x'); NOT SQL;")
    with pytest.raises(SetupFailure, match=r"m2\.sql cannot be applied"):
        migrate_local_databases(tmp_path, migrations=folder)
    assert names(tmp_path) == []
    migrations(folder, m2=SECOND)
    assert migrate_local_databases(tmp_path, migrations=folder) == ["m2.sql"]
    assert names(tmp_path) == ["a", "b"]


def test_a_real_id_of_the_deployed_database_does_not_move_the_local_one() -> None:
    local = {"binding": "DB", "preview_database_id": "littoral"}
    assert local_id({**local, "database_id": "one"}) == local_id({**local, "database_id": "two"})
    assert local_id({"binding": "DB"}) == "DB"


def test_the_projects_own_migrations_can_be_applied(tmp_path: Path) -> None:
    assert migrate_local_databases(tmp_path)[:2] == ["0001_accounts.sql", "0002_credits.sql"]
