"""Owns the settings of a local server: which are passed on, and the private file they are in.

The names come from `littoral.settings.SETTINGS`; a value set in the caller's environment is passed,
everything else keeps the default of wrangler.toml, but for two that a laptop needs: the model is
`offline`, and SESSION_SECRET is made once per state folder.
"""

from __future__ import annotations

import importlib
import secrets
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from _lib import project
from _lib.failures import SetupFailure
from _lib.files import write_atomically


def setting_names() -> tuple[str, ...]:
    """The names that src/littoral/settings.py declares."""
    return tuple(setting.name for setting in _declared())


def secret_names() -> tuple[str, ...]:
    """Those of them whose values are secrets."""
    return tuple(setting.name for setting in _declared() if setting.secret)


def _declared() -> tuple[Any, ...]:
    sys.path.insert(0, str(project.ROOT / "src"))
    try:
        return tuple(importlib.import_module("littoral.settings").SETTINGS)
    except Exception as error:
        raise SetupFailure(
            f"src/littoral/settings.py cannot be read ({type(error).__name__}: {error})",
            "mend that file; it is imported to learn which settings exist",
        ) from error
    finally:
        sys.path.pop(0)


def local_settings(
    names: Iterable[str], environment: Mapping[str, str], *, session_secret: str
) -> dict[str, str]:
    """What a local server gets besides the defaults of wrangler.toml."""
    given = {name: environment[name] for name in names if environment.get(name)}
    near = {"DEFAULT_MODEL": "offline", "EMBEDDING_MODEL": "offline"}
    near |= {"OPERATORS": "*", "TRACE_SAMPLE": "1", "WATCH_LEAST_SECONDS": "5"}
    return {**near, "SESSION_SECRET": session_secret, **given}


def session_secret(state: Path) -> str:
    """The secret of this state folder: made at first use, for the user alone. Repeatable."""
    path = state / "session_secret"
    if not path.is_file():
        write_atomically(path, secrets.token_urlsafe(32).encode(), mode=0o600)
    return path.read_text().strip()


def write_settings_file(path: Path, settings: Mapping[str, str]) -> None:
    """A dotenv file for the user alone; SetupFailure for a value that no dotenv line can hold."""
    lines = [f"{name}={_quoted(name, value)}" for name, value in sorted(settings.items())]
    write_atomically(path, ("\n".join(lines) + "\n").encode(), mode=0o600)


def _quoted(name: str, value: str) -> str:
    # wrangler reads the file with dotenv, then expands $NAME in every value, however it is quoted.
    for quote in ("'", '"', "`"):
        if quote not in value and "\n" not in value and "\\" not in value:
            return quote + value.replace("$", "\\$") + quote
    raise SetupFailure(
        f"the value of {name} cannot be passed to a local server",
        "leave out line breaks and backslashes, and use at most two kinds of quotation marks in it",
    )
