"""Objects in R2, through the raw binding."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

import js
from pyodide.ffi import JsException, JsProxy

from littoral.errors import DependencyUnavailable

MOST_KEYS_AT_ONCE: Final = 1_000
"""Of one call that deletes or lists (a limit of R2)."""


class R2Store:
    """``bucket`` is a raw R2 binding."""

    def __init__(self, bucket: Any) -> None:
        self._bucket = bucket

    async def put(self, key: str, content: bytes, content_type: str) -> None:
        """Stores or replaces; safe to repeat. Raises ``DependencyUnavailable``."""
        body = js.Uint8Array.new(len(content))
        body.assign(content)
        options = js.JSON.parse(json.dumps({"httpMetadata": {"contentType": content_type}}))
        try:
            await self._bucket.put(key, body, options)
        except JsException:
            raise DependencyUnavailable("The object store did not take the file.") from None

    async def get(self, key: str) -> bytes | None:
        """What is stored there, ``None`` when nothing is. Raises ``DependencyUnavailable``."""
        try:
            found = await self._bucket.get(key)
            if not isinstance(found, JsProxy):
                return None
            content: bytes = (await found.arrayBuffer()).to_bytes()
        except JsException:
            raise DependencyUnavailable("The object store did not give the file.") from None
        return content

    async def delete(self, keys: Sequence[str]) -> None:
        """Forgets these; safe to repeat. Raises ``DependencyUnavailable``."""
        try:
            for start in range(0, len(keys), MOST_KEYS_AT_ONCE):
                some = list(keys[start : start + MOST_KEYS_AT_ONCE])
                await self._bucket.delete(js.JSON.parse(json.dumps(some)))
        except JsException:
            raise DependencyUnavailable("The object store did not delete the files.") from None

    async def keys(self, prefix: str) -> list[str]:
        """All keys that begin so. Raises ``DependencyUnavailable``."""
        found: list[str] = []
        cursor: str | None = None
        try:
            while True:
                wish = {"prefix": prefix, **({"cursor": cursor} if cursor else {})}
                page = await self._bucket.list(js.JSON.parse(json.dumps(wish)))
                found += [str(each.key) for each in page.objects]
                if not page.truncated:
                    return found
                cursor = str(page.cursor)
        except JsException:
            raise DependencyUnavailable("The object store did not list the files.") from None
