"""Contents of a build's files in an object store, each under the SHA-256 of its bytes.

What was put once is never changed, so putting again is safe and a revision is only a list of names.
Which blobs are still named by something is for ``littoral.builder.revisions`` to say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from littoral.errors import DependencyUnavailable

BLOB_TYPE = "application/octet-stream"

_HASH = re.compile(r"[0-9a-f]{64}")


class ObjectStore(Protocol):
    """Objects by key (R2). Each method raises ``DependencyUnavailable``; all may be repeated."""

    async def put(self, key: str, content: bytes, content_type: str) -> None:
        """Stores or replaces."""
        ...

    async def get(self, key: str) -> bytes | None:
        """What is stored there, ``None`` when nothing is."""
        ...

    async def delete(self, keys: Sequence[str]) -> None:
        """Forgets these; those that are not there do not matter."""
        ...

    async def keys(self, prefix: str) -> list[str]:
        """All keys that begin so."""
        ...


@dataclass(frozen=True, kw_only=True)
class Blobs:
    """The blobs of one build."""

    store: ObjectStore
    owner: str
    build_id: str

    async def put(self, content: bytes) -> str:
        """Stores a content and gives its hash. Raises ``DependencyUnavailable``."""
        blob_hash = hash_of(content)
        await self.store.put(self._key(blob_hash), content, BLOB_TYPE)
        return blob_hash

    async def get(self, blob_hash: str) -> bytes:
        """A content, checked against its hash; ``DependencyUnavailable`` when it is not there."""
        content = await self.store.get(self._key(blob_hash))
        if content is None or hash_of(content) != blob_hash:
            raise DependencyUnavailable("The content of a file is not in the store.")
        return content

    async def delete(self, hashes: Sequence[str]) -> None:
        """Forgets contents that nothing names any more."""
        await self.store.delete([self._key(each) for each in hashes])

    async def delete_all(self) -> None:
        """Forgets every content of the build, those of a save that was cut off too."""
        await self.store.delete(await self.store.keys(self._prefix))

    @property
    def _prefix(self) -> str:
        return f"{self.owner}/{self.build_id}/blobs/"

    def _key(self, blob_hash: str) -> str:
        if not _HASH.fullmatch(blob_hash):
            raise ValueError(f"{blob_hash[:80]!r} is no SHA-256 in hexadecimal digits")
        return self._prefix + blob_hash


def hash_of(content: bytes) -> str:
    """The name of a content: its SHA-256 as 64 hexadecimal digits."""
    return sha256(content).hexdigest()
