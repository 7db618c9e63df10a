"""Artifacts of a run: files below ``artifacts/`` of the workspace, kept in an object store."""

from __future__ import annotations

import hashlib
from typing import Any, Protocol

from littoral.sandbox import limits
from littoral.sandbox.daemon import Daemon


class ObjectStore(Protocol):
    """Where artifacts are kept (R2)."""

    async def put(self, key: str, content: bytes, content_type: str) -> None:
        """Stores or replaces; safe to repeat."""
        ...


async def collect(
    daemon: Daemon, store: ObjectStore, *, owner: str, run_id: str
) -> list[dict[str, Any]]:
    """Copies every artifact to ``<owner>/<run id>/<path>``; gives path, bytes, type and hash.

    Safe to repeat. At most ``MAX_ARTIFACTS`` files; one that is larger than ``MAX_ARTIFACT_BYTES``
    or would exceed ``MAX_ARTIFACTS_BYTES`` together is left out and listed with ``skipped``.
    """
    listing = await daemon.artifacts()
    kept: list[dict[str, Any]] = []
    total = 0
    for one in listing["artifacts"][: limits.MAX_ARTIFACTS]:
        size = int(one["bytes"])
        if size > limits.MAX_ARTIFACT_BYTES or total + size > limits.MAX_ARTIFACTS_BYTES:
            kept.append({**one, "skipped": "too large"})
            continue
        content = await daemon.artifact(one["path"])
        total += len(content)
        await store.put(f"{owner}/{run_id}/{one['path']}", content, one["contentType"])
        digest = hashlib.sha256(content).hexdigest()
        kept.append({**one, "bytes": len(content), "sha256": digest})
    return kept
