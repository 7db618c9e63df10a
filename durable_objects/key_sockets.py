"""The object of one user's key sockets: wires `littoral.accounts.key_sockets` to the platform."""

import logging

from workers import DurableObject

from littoral.accounts.key_sockets import KEY_SOCKETS_SCHEMA
from littoral.accounts.key_sockets import KeySockets as UserKeySockets
from littoral.accounts.key_sockets_service import answer
from littoral.accounts.store import AccountStore
from littoral.agent.alarm import AlarmClock
from littoral.api.envelope import Call, failure
from littoral.clock import SystemClock
from littoral.platform.agents import close_sockets
from littoral.platform.alarm import DurableAlarm
from littoral.platform.database import D1Database
from littoral.platform.event_loop import mend_event_loop
from littoral.platform.gateway import raw_env
from littoral.platform.sql import DurableSql
from littoral.store.migrations import migrate

_log = logging.getLogger(__name__)


class KeySockets(DurableObject):
    """One per user; the user's id is the object's name."""

    def __init__(self, ctx, env):
        super().__init__(ctx, env)
        mend_event_loop()
        self._state = getattr(ctx, "_ctx", ctx)
        self._raw_env = raw_env(env)
        self._opened = None

    async def rpc(self, text):
        """One call as a JSON string, answered by one."""
        try:
            call = Call.read(text)
            sockets = self._open()
        except Exception as error:  # noqa: BLE001 - exception types do not survive RPC
            _log.exception("the sockets of keys could not be opened")
            return failure(error)
        return await answer(sockets, call)

    async def alarm(self, *_):
        """Ends what has expired; goes on with what is not finished."""
        await self._open().on_alarm()

    def _open(self):
        if self._opened is None:
            sql = DurableSql(self._state.storage)
            migrate(sql, (KEY_SOCKETS_SCHEMA,))
            self._opened = UserKeySockets(
                sql,
                user_id=str(self._state.id.name),
                store=AccountStore(D1Database(self._raw_env.DB)),
                tell=lambda place: close_sockets(self._raw_env, place),
                alarm=AlarmClock(DurableAlarm(self._state.storage)),
                clock=SystemClock(),
            )
        return self._opened
