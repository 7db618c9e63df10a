"""An account as one request shows it: the user, the key, and what the key may do.

Where accounts are kept is ``littoral.accounts.store``; how a request proves one is
``littoral.accounts.identity``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from littoral.errors import InsufficientScope

Scope = Literal[
    "chat",
    "runs:read",
    "runs:write",
    "terminal",
    "functions",
    "builds",
    "agents",
    "mesh",
    "account",
]

SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
"""Everything that a key may be allowed; a first key has all of it."""

PAYER_HEADER: Final = "x-littoral-payer"
"""Carries ``Account.payer`` from a door to an agent's object when a socket is opened."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """The account that a request acts for.

    ``owner`` names the account's objects and never changes. ``via`` says whether the key itself
    came with the request or the cookie that was made with it. ``expires_at_ms`` is the end of the
    key, ``None`` for one that does not end by itself.
    """

    user_id: str
    key_id: str
    owner: str
    scopes: frozenset[str]
    via: Literal["key", "cookie"]
    expires_at_ms: int | None = None

    @property
    def payer(self) -> str:
        """Who pays for what this request causes, and with which key: ``<user id>.<key id>``."""
        return f"{self.user_id}.{self.key_id}"

    def require(self, scope: Scope) -> None:
        """Raises ``InsufficientScope`` when the key does not have the scope."""
        if scope not in self.scopes:
            raise InsufficientScope(
                f"This needs the scope {scope!r}; the key has: {', '.join(sorted(self.scopes))}."
            )
