"""Opening a round: a place in the list, then the credits, then the work begins; or nothing does.

The row says that it is asked for before anybody is asked. A kill in between leaves that row: the
same request goes on with it, otherwise the worker gives everything back.
"""

from __future__ import annotations

import asyncio

from littoral.builder.budget import Amounts
from littoral.builder.build import Build, Round
from littoral.builder.build_book import BuildBook
from littoral.builder.charges import Charges
from littoral.builder.finishing import Finishing
from littoral.builder.listing import Listing
from littoral.builder.round_changes import Opening, RoundChanges
from littoral.credits.till import Till
from littoral.errors import Conflict, LittoralError, NotFound

_REFUSALS = frozenset({402, 404, 409, 429})


class RoundOpener:
    """One round at a time."""

    def __init__(
        self,
        *,
        book: BuildBook,
        rounds: RoundChanges,
        charges: Charges,
        listing: Listing,
        till: Till,
        finishing: Finishing,
    ) -> None:
        self._book = book
        self._rounds = rounds
        self._charges = charges
        self._listing = listing
        self._till = till
        self._finishing = finishing
        self._lock = asyncio.Lock()
        self.in_flight = False
        """Whether a request of this moment is asking."""

    async def open(self, limit: Amounts, opening: Opening, *, builds: bool) -> Build:
        """The build with its round open; ``opening`` is what that does to it, once.

        Raises ``InvalidInput``, ``QueueFull``, ``InsufficientCredits``, ``BudgetExceeded``, and
        ``Conflict`` when a round goes on already; ``DependencyUnavailable`` leaves it to be asked
        again.
        """
        limit, reserved = self._charges.round_of(limit, builds=builds)
        async with self._lock:
            self.in_flight = True
            try:
                asked = await self._asked(limit, reserved)
                return await self._open(asked, opening)
            finally:
                self.in_flight = False

    async def _asked(self, limit: Amounts, reserved: int) -> Round:
        build = self._found()
        if build.round is not None and build.round.stage == "closing":
            await self._finishing.settle(build)
            build = self._found()
        if build.round is None:
            return self._rounds.asked(limit, reserved)
        if build.round.stage == "asked":
            return build.round
        raise Conflict(
            "This build is being worked on.", next_step="Wait until it stands still, or cancel it."
        )

    async def _open(self, asked: Round, opening: Opening) -> Build:
        build, reserved = self._found(), False
        try:
            await self._listing.claim(self._finishing.row(build))
            if asked.reserved:
                ref = asked.ref(build.id)
                await self._till.reserve(build.user_id, asked.reserved, ref=ref, kind="build")
                reserved = True
            return self._rounds.opened(asked.number, opening)
        except LittoralError as error:
            if error.http_status in _REFUSALS:
                await self._finishing.give_up(self._found(), release=reserved)
            raise

    def _found(self) -> Build:
        build = self._book.find()
        if build is None:
            raise NotFound("This build was given up before it began.")
        return build
