"""After the end of an execution: the list, the ledger and open pages are told, each once in effect.

What cannot be told now is told again by the alarm; the row remembers what is still to be done.
"""

from __future__ import annotations

import asyncio
import logging

from littoral.errors import LittoralError
from littoral.registry.charges import usage_of
from littoral.registry.execution import Execution
from littoral.registry.execution_book import ExecutionBook
from littoral.registry.listing import ExecutionListing
from littoral.registry.ports import Place

_log = logging.getLogger(__name__)


class Closing:
    """For one object."""

    def __init__(self, place: Place, book: ExecutionBook, listing: ExecutionListing) -> None:
        self._place = place
        self._book = book
        self._listing = listing

    async def close(self, execution_id: str) -> None:
        """Tells how it ended; one that goes on is left alone. Repeating is safe."""
        execution = self._book.find(execution_id)
        if execution is None or not execution.over:
            return
        await asyncio.gather(self._list(execution), self._charge(execution))
        self._place.ear.tell(execution.owner)

    async def _list(self, execution: Execution) -> None:
        if execution.listed:
            return
        try:
            await self._listing.write(execution)
        except LittoralError as error:
            _log.warning("an execution could not be listed yet: %s", error.detail)
            return
        self._book.change(execution.id, listed=True)

    async def _charge(self, execution: Execution) -> None:
        if execution.charged:
            return
        till, usage = self._place.till, usage_of(execution)
        try:
            if usage is None:
                await till.release(execution.user_id, ref=execution.id)
            else:
                await till.settle(execution.user_id, ref=execution.id, usage=usage)
        except LittoralError as error:
            _log.warning("an execution could not be settled yet: %s", error.detail)
            return
        self._book.change(execution.id, charged=True)
