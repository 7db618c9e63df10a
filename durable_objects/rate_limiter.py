"""The object of one limited subject: keeps its counts, and forgets itself when nothing counts."""

import logging

from workers import DurableObject

from littoral.api.envelope import Call, failure, success
from littoral.clock import SystemClock
from littoral.errors import LittoralError
from littoral.limits.limiter import Rule
from littoral.limits.window import WINDOW_SCHEMA, Window
from littoral.platform.event_loop import mend_event_loop
from littoral.platform.sql import DurableSql
from littoral.store.migrations import migrate

SWEEP_AFTER_MS = 600_000

_log = logging.getLogger(__name__)


class RateLimiter(DurableObject):
    """One per subject (`user:…`, `address:…`, `global`); the subject is the object's name."""

    def __init__(self, ctx, env):
        super().__init__(ctx, env)
        mend_event_loop()
        self._storage = getattr(ctx, "_ctx", ctx).storage
        self._clock = SystemClock()
        self._window = None
        self._armed = False

    async def rpc(self, text):
        """One call as a JSON string, answered by one."""
        try:
            args = Call.read(text).args
            rule = Rule(name=args["name"], limit=args["limit"], per_seconds=args["perSeconds"])
            await self._arm()
            self._open().take(rule, self._clock.now_ms())
            return success(None)
        except LittoralError as error:
            return failure(error)
        except Exception as error:  # noqa: BLE001 - exception types do not survive RPC
            _log.exception("a call could not be counted")
            return failure(error)

    async def alarm(self, *_):
        """Deletes everything when no call counts any more, so that no address is kept for long."""
        empty_from = self._open().empty_from_ms()
        if empty_from is not None and empty_from > self._clock.now_ms():
            self._storage.setAlarm(empty_from + SWEEP_AFTER_MS)
            return
        self._window, self._armed = None, False
        await self._storage.deleteAll()

    async def _arm(self):
        """There is an alarm as long as there are rows; asked for once in the life of the memory."""
        if not self._armed:
            if not isinstance(await self._storage.getAlarm(), (int, float)):
                self._storage.setAlarm(self._clock.now_ms() + SWEEP_AFTER_MS)
            self._armed = True

    def _open(self):
        if self._window is None:
            sql = DurableSql(self._storage)
            migrate(sql, (WINDOW_SCHEMA,))
            self._window = Window(sql)
        return self._window
