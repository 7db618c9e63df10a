"""What the user told about themselves: a closed set of settings as rows, one for each that is set.

Leaves to others: the words that set them (``preference_words``), who is told of a change (the
agent).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any

from littoral.errors import InvalidInput
from littoral.store.kept import Kept
from littoral.store.migrations import Schema
from littoral.store.sql import Sql
from littoral.tasks.time_zone import zone, zone_name

MAX_NAME_CHARACTERS = 80

PREFERENCES_SCHEMA = Schema(
    name="preferences",
    steps=("CREATE TABLE preferences (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",),
)

_LANGUAGE = re.compile(r"[A-Za-z]{2,20}(?:-[A-Za-z0-9]{2,8}){0,3}")
_NOT_VISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff<>]")


def _name(text: str) -> str:
    name = " ".join(_NOT_VISIBLE.sub(" ", unicodedata.normalize("NFC", text)).split())
    if not 1 <= len(name) <= MAX_NAME_CHARACTERS:
        raise _refused("name", f"1 to {MAX_NAME_CHARACTERS} visible characters")
    return name


def _language(text: str) -> str:
    if not _LANGUAGE.fullmatch(text.strip()):
        raise _refused("language", "a language like 'German' or 'de-CH'")
    return text.strip()


def _one_of(key: str, *allowed: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text.strip().lower() not in allowed:
            raise _refused(key, " or ".join(allowed))
        return text.strip().lower()

    return check


def _refused(key: str, rule: str) -> InvalidInput:
    return InvalidInput(
        f"The preference {key} must be {rule}.", fields=[{"field": key, "message": rule}]
    )


_CHECKS: dict[str, Callable[[str], str]] = {
    "timeZone": zone_name,
    "name": _name,
    "language": _language,
    "dateFormat": _one_of("dateFormat", "dmy", "mdy", "ymd"),
    "timeFormat": _one_of("timeFormat", "24h", "12h"),
}

KEYS = tuple(_CHECKS)
"""``timeZone`` (IANA name), ``name`` (what the user is called), ``language``, ``dateFormat`` (the
order in ``3/4``: dmy, mdy or ymd), ``timeFormat`` (24h or 12h)."""


class Preferences:
    """The preferences of one session, read once and again after each change."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql
        self._kept = Kept(sql, self._read)

    def all(self) -> dict[str, str]:
        """The preferences that are set, by key: the same object until one changes, not to be
        changed by who gets it."""
        return self._kept.get()

    def forget(self) -> None:
        """Drops what is in memory: the rows were erased."""
        self._kept.drop()

    def _read(self) -> dict[str, str]:
        rows = self._sql.rows("SELECT key, value FROM preferences")
        kept = {str(key): str(value) for key, value in rows}
        return {key: kept[key] for key in KEYS if key in kept}

    def zone(self) -> tzinfo:
        """The user's time zone; UTC as long as it is not known."""
        return zone(self.all().get("timeZone"))

    def day_first(self) -> bool:
        """Whether ``3/4`` is the third of April; true unless the user chose otherwise."""
        return self.all().get("dateFormat") != "mdy"

    def set(self, key: str, value: str | None) -> str | None:
        """Sets one preference, or takes it back with ``None``; gives the value as it is kept.

        Raises ``InvalidInput`` for an unknown key or a value that breaks its rule. Repeating is
        safe and writes nothing.
        """
        return self.update({key: value}).get(key)

    def update(self, fields: Mapping[str, Any]) -> dict[str, str]:
        """Sets several at once, or none when one of them is refused; gives all that are set."""
        known = self.all()
        self._kept.drop()
        for key, value in _checked(fields).items():
            if value is None and key in known:
                self._sql.run("DELETE FROM preferences WHERE key = ?", key)
            elif value is not None and known.get(key) != value:
                self._sql.run("INSERT OR REPLACE INTO preferences VALUES (?, ?)", key, value)
        return self.all()


def _checked(fields: Mapping[str, Any]) -> dict[str, str | None]:
    checked: dict[str, str | None] = {}
    for key, value in fields.items():
        if key not in _CHECKS:
            raise InvalidInput(
                f"There is no preference {str(key)[:40]!r}; there are {', '.join(KEYS)}.",
                fields=[{"field": str(key)[:40], "message": "not a known preference"}],
            )
        if value is not None and (not isinstance(value, str) or len(value) > 200):
            raise _refused(key, "text of at most 200 characters, or null")
        checked[key] = None if value is None else _CHECKS[key](value)
    return checked
