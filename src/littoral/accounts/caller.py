"""Who is calling: what both doors of the Worker know of a caller, and the decision about guests.

    cookie of a guest, good      → that guest; a new cookie when the old one is a month old
    no good cookie, open_ id     → the guest of that one session, and of nothing else
    neither                      → a new guest, who gets a cookie

``identify`` is a pure function: no storage, a few microseconds. Whether the session exists, and
whether it is still open to callers without a cookie, is for the session's own object to say.
Callers who show a key or an account's cookie are ``littoral.accounts.identity``'s.
"""

from __future__ import annotations

from dataclasses import dataclass

from littoral.accounts import guest
from littoral.accounts.account import Account
from littoral.accounts.session_id import new_session_id, owner_of_open_session
from littoral.clock import Ids
from littoral.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class Caller:
    """The one whom a request acts for.

    ``owner`` names them in the names of objects. ``session_only`` is the open session that a caller
    without a cookie may use, and nothing besides. ``new_cookie`` is a whole ``Set-Cookie`` header
    to send back. ``bare`` is true for a request without a good cookie. ``account`` is ``None`` for
    guests.
    """

    owner: str
    session_only: str | None = None
    new_cookie: str | None = None
    bare: bool = False
    account: Account | None = None

    @property
    def payer(self) -> str:
        """``<user id>.<key id>`` of an account, empty for a guest (``Call.payer``)."""
        return self.account.payer if self.account else ""

    @property
    def is_new(self) -> bool:
        """Whether this is a guest whom nobody has seen before."""
        return self.bare and self.new_cookie is not None

    def begin_session(self, ids: Ids, key: str | None = None) -> str:
        """The id of a session that this caller begins now; the same one for the same key."""
        return new_session_id(self.owner, bare=self.bare, ids=ids, key=key)

    def reach(self, session_id: str) -> str:
        """``session_id`` if this caller can have a session of that id at all.

        A new guest has none, so this raises ``NotFound`` without waking any object.
        """
        if self.bare and session_id != self.session_only:
            raise no_such_session(session_id)
        return session_id


def identify(
    cookie_header: str | None,
    *,
    is_https: bool,
    secret: str,
    now_ms: int,
    ids: Ids,
    session_id: str | None = None,
) -> Caller:
    """Decides who calls. ``session_id`` is the session that the request names, if it names one.

    Raises ``DependencyUnavailable`` when ``secret`` is missing or short. A forged, broken or
    expired cookie counts as none.
    """
    guest.require_secret(secret)
    now_seconds = now_ms // 1000
    known = _known_guest(cookie_header or "", is_https, secret, now_seconds)
    if known is not None:
        if not known.is_due(now_seconds):
            return Caller(owner=known.owner)
        return Caller(
            owner=known.owner, new_cookie=_cookie(known.owner, is_https, secret, now_seconds)
        )
    open_owner = owner_of_open_session(session_id) if session_id else None
    if open_owner is not None:
        return Caller(owner=open_owner, session_only=session_id, bare=True)
    owner = guest.new_owner(ids)
    return Caller(owner=owner, new_cookie=_cookie(owner, is_https, secret, now_seconds), bare=True)


def known_guest(
    cookie_header: str | None, *, is_https: bool, secret: str, now_ms: int
) -> str | None:
    """The guest whom a good cookie names, for those who take their chats along to an account."""
    guest.require_secret(secret)
    known = _known_guest(cookie_header or "", is_https, secret, now_ms // 1000)
    return known.owner if known else None


def no_such_session(session_id: str) -> NotFound:
    """The one answer for a session that does not exist and for one of somebody else."""
    return NotFound(
        f"You have no session {session_id!r}.",
        next_step="List yours with GET /api/sessions, or begin one with POST /api/sessions.",
    )


def _known_guest(header: str, is_https: bool, secret: str, now_seconds: int) -> guest.Guest | None:
    for value in guest.cookie_values(header, guest.cookie_name(is_https)):
        known = guest.verify(value, secret=secret, now_seconds=now_seconds)
        if known is not None:
            return known
    return None


def _cookie(owner: str, is_https: bool, secret: str, now_seconds: int) -> str:
    value = guest.issue(owner, secret=secret, now_seconds=now_seconds)
    return guest.set_cookie(value, is_https)
