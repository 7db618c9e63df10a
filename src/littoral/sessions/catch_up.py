"""Reads sessions that have news from their agents, and writes what they say into list and index."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from littoral.accounts.session_id import for_log
from littoral.errors import LittoralError, NotFound
from littoral.sessions.message_index import MessageIndex, Spoken
from littoral.sessions.session_list import Marked, SessionList, at_ms
from littoral.store.sql import Sql

SESSIONS_AT_ONCE = 20
DEADLINE_SECONDS = 3.0
TURNS_PER_PAGE = 100
PAGES_AT_ONCE = 20

Pull = Callable[[str, int, int], Awaitable[Mapping[str, Any]]]
"""``pull(session_id, after_turn, limit)``: a session and its messages after a turn.

``{sessionId, title, createdAt, updatedAt, messageCount, openTaskCount, preview, after, last,
complete, messages: [{turn, messageId, role, text, at}]}``. ``after`` may be less than what was
asked for, when turns that were read before have changed: what is kept of later ones is out of date.
``last`` is the last turn that needs no reading again; ``complete`` is false while there is more or
an answer is still being given. Raises ``NotFound`` for a session that is gone.
"""

_log = logging.getLogger(__name__)


class CatchUp:
    """One reading at a time; a second reader waits for it and then finds little left to do."""

    def __init__(
        self,
        sql: Sql,
        sessions: SessionList,
        index: MessageIndex,
        pull: Pull,
        *,
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> None:
        self._sql = sql
        self._sessions = sessions
        self._index = index
        self._pull = pull
        self._deadline_seconds = deadline_seconds
        self._lock = asyncio.Lock()

    async def run(self) -> None:
        """Reads the newest of the sessions that have news, side by side, within a deadline.

        A session that does not answer in time, or fails, keeps its mark and is read the next time.
        """
        async with self._lock:
            marked = self._sessions.marked(SESSIONS_AT_ONCE)
            if not marked:
                return
            tasks = [asyncio.ensure_future(self._read(each)) for each in marked]
            _, late = await asyncio.wait(tasks, timeout=self._deadline_seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _read(self, marked: Marked) -> None:
        try:
            await self._read_pages(marked)
        except NotFound:
            self._sql.transaction(lambda: self._remove(marked.id))
        except LittoralError as error:
            _log.warning("session %s could not be read: %s", for_log(marked.id), error.detail)
        except Exception:  # noqa: BLE001 - one session that cannot be read must not hide the others
            _log.exception("session %s could not be read", for_log(marked.id))

    async def _read_pages(self, marked: Marked) -> None:
        after = marked.indexed_turn
        for _ in range(PAGES_AT_ONCE):
            page = await self._pull(marked.id, after, TURNS_PER_PAGE)
            self._keep(marked, page)
            if page["complete"] or int(page["last"]) == after:
                return
            after = int(page["last"])

    def _keep(self, marked: Marked, page: Mapping[str, Any]) -> None:
        def write() -> None:
            if self._sessions.entry(marked.id) is None:
                return  # Removed while it was read.
            title = str(page["title"] or "")
            self._sessions.set_title(marked.id, title)
            self._index.put_title(marked.id, title, at_ms(page["createdAt"]))
            self._index.forget_after(marked.id, int(page["after"]))
            for message in page["messages"]:
                self._index.put(marked.id, _spoken(message))
            self._sessions.put_summary(marked, page)

        self._sql.transaction(write)

    def _remove(self, session_id: str) -> None:
        self._index.forget(session_id)
        self._sessions.remove(session_id)


def _spoken(message: Mapping[str, Any]) -> Spoken:
    return Spoken(
        message_id=str(message["messageId"]),
        role=str(message["role"]),
        text=str(message["text"]),
        turn=int(message["turn"]),
        at_ms=at_ms(message["at"]),
    )
