"""Which paths a file of a build may have: relative, plain, the same on every system."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from littoral.builder.limits import MAX_PATH_CHARACTERS, MAX_PATH_DEPTH
from littoral.errors import InvalidInput

PATH_PATTERN: Final = r"^[A-Za-z0-9_][A-Za-z0-9_.\-]*(/[A-Za-z0-9_][A-Za-z0-9_.\-]*)*$"
"""What a schema can say of it; ``require_path`` says the rest."""

_PATH = re.compile(PATH_PATTERN)
_WINDOWS = frozenset({"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10))})


def require_path(path: object) -> str:
    """``path`` if a build may have a file there; raises ``InvalidInput`` that says why not."""
    why = _objection(path)
    if why:
        raise InvalidInput(f"The path {str(path)[:80]!r} {why}.")
    return str(path)


def require_no_clash(paths: Iterable[str]) -> None:
    """Refuses two paths that are one file on some systems, or a file that is also a folder."""
    seen: dict[str, str] = {}
    folders: dict[str, str] = {}
    for path in sorted(set(paths)):
        other = seen.setdefault(path.casefold(), path)
        if other != path:
            raise InvalidInput(f"The paths {other!r} and {path!r} differ only in case.")
        for folder in _folders(path):
            folders.setdefault(folder.casefold(), path)
    for folded, path in seen.items():
        if folded in folders:
            raise InvalidInput(f"{path!r} is a file and the folder of {folders[folded]!r}.")


def _objection(path: object) -> str:
    if not isinstance(path, str) or not path:
        return "is no text"
    if len(path) > MAX_PATH_CHARACTERS:
        return f"is longer than {MAX_PATH_CHARACTERS} characters"
    if path.startswith(("/", "\\")) or (len(path) > 1 and path[1] == ":"):
        return "is not relative"
    parts = path.replace("\\", "/").split("/")
    if ".." in parts or "." in parts:
        return "leaves the build's folder"
    if any(part.startswith(".") for part in parts):
        return "is hidden: names must not begin with a dot"
    if not _PATH.fullmatch(path):
        return "may only have A-Z a-z 0-9 _ . - and single slashes"
    if len(parts) > MAX_PATH_DEPTH:
        return f"is more than {MAX_PATH_DEPTH} levels deep"
    if any(part.endswith(".") or part.split(".")[0].lower() in _WINDOWS for part in parts):
        return "has a name that some systems do not allow"
    return ""


def _folders(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]
