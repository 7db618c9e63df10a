"""Which media type a file of a build is served with, by the end of its name.

A closed list: what is not in it goes out as bytes that no browser runs or shows.
"""

from __future__ import annotations

from typing import Final

UNKNOWN: Final = "application/octet-stream"
HTML: Final = "text/html; charset=utf-8"

_TYPES: Final = {
    "html": HTML,
    "htm": HTML,
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8",
    "json": "application/json",
    "map": "application/json",
    "webmanifest": "application/manifest+json",
    "txt": "text/plain; charset=utf-8",
    "md": "text/plain; charset=utf-8",
    "py": "text/plain; charset=utf-8",
    "toml": "text/plain; charset=utf-8",
    "yaml": "text/plain; charset=utf-8",
    "yml": "text/plain; charset=utf-8",
    "sql": "text/plain; charset=utf-8",
    "sh": "text/plain; charset=utf-8",
    "ini": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "xml": "application/xml",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "ico": "image/x-icon",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "wasm": "application/wasm",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "mp4": "video/mp4",
}


def media_type(path: str) -> str:
    """The type of a path; ``UNKNOWN`` for an ending that is not in the list."""
    name = path.rpartition("/")[2]
    _, dot, ending = name.rpartition(".")
    return _TYPES.get(ending.lower(), UNKNOWN) if dot else UNKNOWN


def is_html(content_type: str) -> bool:
    """Whether a browser would make a page of a body of this type."""
    return content_type.partition(";")[0].strip().lower() in ("text/html", "application/xhtml+xml")
