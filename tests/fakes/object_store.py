"""``ObjectStore`` in memory."""

from __future__ import annotations

from collections.abc import Sequence

from littoral.errors import DependencyUnavailable


class MemoryStore:
    """``objects`` holds what is stored; ``puts`` counts. ``down`` makes every call fail."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.puts = 0
        self.down = False

    async def put(self, key: str, content: bytes, content_type: str) -> None:
        self._require_up()
        self.puts += 1
        self.objects[key] = content

    async def get(self, key: str) -> bytes | None:
        self._require_up()
        return self.objects.get(key)

    async def delete(self, keys: Sequence[str]) -> None:
        self._require_up()
        for key in keys:
            self.objects.pop(key, None)

    async def keys(self, prefix: str) -> list[str]:
        self._require_up()
        return sorted(key for key in self.objects if key.startswith(prefix))

    def _require_up(self) -> None:
        if self.down:
            raise DependencyUnavailable("The object store is down.")
