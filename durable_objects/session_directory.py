"""The object of one user's session list: wires the directory to its database and to the agents."""

import logging

from workers import DurableObject

from littoral.api.envelope import Call, failure
from littoral.clock import SystemClock
from littoral.platform.event_loop import mend_event_loop
from littoral.platform.gateway import DurableGateway, raw_env
from littoral.platform.runtime import Background, read_settings
from littoral.platform.sql import DurableSql
from littoral.platform.telemetry import ObjectTelemetry
from littoral.sessions.directory import DIRECTORY_SCHEMAS, Directory
from littoral.sessions.service import answer
from littoral.store.migrations import migrate

_log = logging.getLogger(__name__)


class SessionDirectory(DurableObject):
    """One per user; the user's id is the object's name."""

    def __init__(self, ctx, env):
        super().__init__(ctx, env)
        mend_event_loop()
        self._raw_env = raw_env(self.env)
        self._directory = None
        self._background = Background()
        self._telemetry = ObjectTelemetry(
            self._raw_env, self._background.spawn, "session-directory"
        )

    async def rpc(self, text):
        """One call as a JSON string, answered by one."""
        return await self._telemetry.call(text, self._answer)

    async def _answer(self, text):
        try:
            call = Call.read(text)
            directory = self._directory_of(call.owner)
        except Exception as error:  # noqa: BLE001 - exception types do not survive RPC
            _log.exception("the directory could not be opened")
            return failure(error)
        return await answer(directory, call)

    def _directory_of(self, owner):
        """The directory; made at the first call, which names the owner."""
        if self._directory is None:
            self._directory = self._made_for(owner)
        return self._directory

    def _made_for(self, owner):
        clock = SystemClock()
        sql = DurableSql(self.ctx._ctx.storage)
        migrate(sql, DIRECTORY_SCHEMAS)
        gateway = DurableGateway(self._raw_env, clock)

        async def pull(session_id, after, limit):
            agent = gateway.agent(owner, session_id)
            return await agent.call("directory.pull", {"after": after, "limit": limit})

        most = read_settings(self._raw_env).sessions_per_guest
        return Directory(sql, clock, pull, most_sessions=most)
