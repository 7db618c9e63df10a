"""Which language a file is in, by the end of its name."""

from __future__ import annotations

from typing import Final

PLAIN: Final = "text"

_LANGUAGES: Final = {
    "html": "html",
    "htm": "html",
    "css": "css",
    "js": "javascript",
    "mjs": "javascript",
    "json": "json",
    "webmanifest": "json",
    "py": "python",
    "md": "markdown",
    "svg": "xml",
    "xml": "xml",
    "toml": "toml",
    "yaml": "yaml",
    "yml": "yaml",
    "sql": "sql",
    "sh": "shell",
    "csv": "csv",
}


def language_of(path: str) -> str:
    """Its name as highlighters know it; ``text`` for everything unknown."""
    name = path.rpartition("/")[2]
    _, dot, ending = name.rpartition(".")
    return _LANGUAGES.get(ending.lower(), PLAIN) if dot else PLAIN
