"""From the path in a preview's address to a file of a revision."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

_REFUSED = re.compile(r"%(?:2f|5c|0[0-9a-f]|1[0-9a-f]|7f|25)|[\\\x00-\x1f\x7f]", re.IGNORECASE)
_INDEX = "index.html"


@dataclass(frozen=True, kw_only=True)
class Found:
    """Either the path of a file, or ``folder``: where, below the prefix, the folder's slash is."""

    path: str = ""
    folder: str = ""


def decoded_path(raw: str) -> str | None:
    """A path below the prefix as a name of a file, decoded once.

    ``None`` for what no file of a build is called: encoded slashes, backslashes, percent signs and
    control characters, ``.``, ``..`` and empty parts, and bytes that are no UTF-8.
    """
    if _REFUSED.search(raw):
        return None
    try:
        path = unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        return None
    parts = path.removesuffix("/").split("/") if path else []
    return None if any(part in ("", ".", "..") for part in parts) else path


def find(raw: str, paths: Collection[str]) -> Found | None:
    """The file for a path as the address has it; ``None`` when there is none.

    A folder means its ``index.html``. What is looked up is one of ``paths``, so nothing else can
    be reached.
    """
    asked = decoded_path(raw)
    if asked is None:
        return None
    root = root_of(paths)
    for base in dict.fromkeys((root, "")):
        path = base + asked
        if asked in ("",) or asked.endswith("/"):
            path += _INDEX
        if path in paths:
            return Found(path=path)
        if f"{path}/{_INDEX}" in paths:
            return Found(folder=quote(asked) + "/")
    return None


def root_of(paths: Iterable[str]) -> str:
    """The folder whose ``index.html`` is the beginning: the shallowest, ``""`` or ``public/``."""
    pages = [path for path in paths if path == _INDEX or path.endswith(f"/{_INDEX}")]
    first = min(pages, key=lambda path: (path.count("/"), path), default=_INDEX)
    return first.removesuffix(_INDEX)
