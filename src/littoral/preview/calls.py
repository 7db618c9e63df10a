"""What a build's object answers about its preview, by method name.

    preview.open    → {"word", "expiresAtMs"}    a link that counts, for ``littoral.preview.link``
    preview.revoke  → {"links"}
    preview.check   {"word"} → what the link shows: {"kind", "title", "revision": {…} | null}

The object hands calls whose method begins with ``preview.`` to ``PreviewCalls.answer``, after it
has made sure that the build exists (``NotFound`` otherwise, with nothing written).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from littoral.builder.blueprint import BuildKind
from littoral.builder.revisions import Revisions
from littoral.errors import Conflict, NotFound
from littoral.preview.desk import PreviewDesk

PREFIX = "preview."


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What of a build its preview needs to know."""

    kind: BuildKind
    title: str


class PreviewCalls:
    """``shown`` gives the build as it is now."""

    def __init__(
        self, desk: PreviewDesk, revisions: Revisions, *, shown: Callable[[], Shown]
    ) -> None:
        self._desk = desk
        self._revisions = revisions
        self._shown = shown

    def answer(self, method: str, args: Mapping[str, Any]) -> Any:
        """The result of one call; raises the ``LittoralError`` to answer instead."""
        if method == "preview.open":
            return self._open()
        if method == "preview.revoke":
            return {"links": self._desk.revoke()}
        if method == "preview.check":
            return self._check(str(args["word"]))
        raise NotFound(f"There is no method {method!r}.")

    def _open(self) -> dict[str, Any]:
        if self._revisions.newest() is None:
            raise Conflict(
                "There is nothing to look at yet.",
                next_step="Open the preview when the first phase of the build is done.",
            )
        word, expires_at_ms = self._desk.open()
        return {"word": word, "expiresAtMs": expires_at_ms}

    def _check(self, word: str) -> dict[str, Any]:
        self._desk.require_good(word)
        shown, revision = self._shown(), self._revisions.newest()
        return {
            "kind": shown.kind,
            "title": shown.title,
            "revision": revision.to_json() if revision else None,
        }
