"""What the sandbox's object answers about its terminal, by method name.

The object hands calls whose method begins with ``terminal.`` to ``TerminalCalls.answer``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from littoral.errors import NotFound
from littoral.terminal.desk import Admission, TerminalDesk, Ticket

PREFIX = "terminal."


class TerminalCalls:
    """``exists`` says whether the session was ever begun; ``hang_up`` closes a share's sockets."""

    def __init__(
        self, desk: TerminalDesk, *, exists: Callable[[], bool], hang_up: Callable[[str], None]
    ) -> None:
        self._desk = desk
        self._exists = exists
        self._hang_up = hang_up

    def answer(self, method: str, args: Mapping[str, Any], *, payer: str = "") -> Any:
        """The result of one call; raises the ``LittoralError`` to answer instead.

        For a session that was never begun that is ``NotFound``, and nothing is written.
        """
        if not self._exists():
            raise NotFound(
                "You have no such session.",
                next_step="List yours with GET /api/orchestrator/session, or begin one.",
            )
        if method == "terminal.ticket":
            admission = Admission(
                read_only=bool(args["readOnly"]),
                payer=payer,
                key_expires_at_ms=args["keyExpiresAtMs"],
            )
            return _told(self._desk.issue(admission, origin=args["origin"]))
        if method == "terminal.shared_ticket":
            return _told(self._desk.issue_for_share(args["shareId"], origin=args["origin"]))
        if method == "terminal.share":
            return self._desk.share(name=args["name"], life_ms=args["lifeMs"])
        if method == "terminal.shares":
            return {"shares": self._desk.shares()}
        if method == "terminal.revoke":
            return self._revoke(str(args["shareId"]))
        raise NotFound(f"There is no method {method!r}.")

    def _revoke(self, share_id: str) -> None:
        self._desk.revoke(share_id)
        self._hang_up(share_id)


def _told(ticket: Ticket) -> dict[str, Any]:
    return {
        "word": ticket.word,
        "readOnly": ticket.read_only,
        "expiresAtMs": ticket.expires_at_ms,
    }
