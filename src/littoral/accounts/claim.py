"""Closing the chats of a guest who became an account to the guest's own cookie.

The chats stay where they are: the account's owner is the guest's id. The directory and each
session's object are told once that only the account comes in from now on. Until all of them know,
the user is marked in D1 (``claiming``), and each request of the account tells them again: a kill in
the middle leaves nothing open for ever.
"""

from __future__ import annotations

import asyncio
import logging

from littoral.accounts.account import Account
from littoral.accounts.store import AccountStore
from littoral.api.gateway import Gateway
from littoral.errors import LittoralError, NotFound

PAGE = 100
TOLD_AT_ONCE = 10

_log = logging.getLogger(__name__)


class Claims:
    """Takes guests' chats over. Repeating is safe, also at the same time."""

    def __init__(self, gateway: Gateway, store: AccountStore) -> None:
        self._gateway = gateway
        self._store = store

    async def finish(self, account: Account) -> None:
        """Tells everybody and takes the mark away; an object that is away is told next time."""
        try:
            await self._tell_all(account)
            await self._store.claimed(account.user_id)
        except LittoralError as error:
            _log.warning("the chats of %s are not closed to the guest yet: %s", account, error)

    async def _tell_all(self, account: Account) -> None:
        directory = self._gateway.directory(account.owner, payer=account.payer)
        after = ""
        while True:
            asked = {"after": after, "limit": PAGE}
            sessions: list[str] = (await directory.call("sessions.claim", asked))["sessions"]
            for first in range(0, len(sessions), TOLD_AT_ONCE):
                some = sessions[first : first + TOLD_AT_ONCE]
                await asyncio.gather(*(self._tell(account, session_id) for session_id in some))
            if len(sessions) < PAGE:
                return
            after = sessions[-1]

    async def _tell(self, account: Account, session_id: str) -> None:
        try:
            agent = self._gateway.agent(account.owner, session_id, payer=account.payer)
            await agent.call("session.claim")
        except NotFound:
            return
