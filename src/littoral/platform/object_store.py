"""Objects in R2, through the raw binding."""

from __future__ import annotations

import json
from typing import Any

import js
from pyodide.ffi import JsException, JsProxy

from littoral.errors import DependencyUnavailable


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
