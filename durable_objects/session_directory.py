"""The object of one user's session list: wires the directory to its database and to the agents."""

from workers import DurableObject

from littoral.api.envelope import Call, failure
from littoral.clock import SystemClock
from littoral.errors import LittoralError
from littoral.platform.gateway import DurableGateway, raw_env
from littoral.platform.sql import DurableSql
from littoral.platform.timers import clear_cancelled_timers
from littoral.sessions.directory import DIRECTORY_SCHEMAS, Directory
from littoral.sessions.service import answer
from littoral.settings import Settings
from littoral.store.migrations import migrate


class SessionDirectory(DurableObject):
    """One per user; the user's id is the object's name."""

    def __init__(self, ctx, env):
        super().__init__(ctx, env)
        clear_cancelled_timers()
        self._raw_env = raw_env(self.env)
        self._directory = None

    async def rpc(self, text):
        """One call as a JSON string, answered by one."""
        try:
            call = Call.read(text)
        except LittoralError as error:
            return failure(error)
        if self._directory is None:
            self._directory = self._made_for(call.owner)
        return await answer(self._directory, call)

    def _made_for(self, owner):
        clock = SystemClock()
        sql = DurableSql(self.ctx._ctx.storage)
        migrate(sql, DIRECTORY_SCHEMAS)
        gateway = DurableGateway(self._raw_env, clock)
        settings = Settings.read(lambda name: getattr(self._raw_env, name, None))

        async def pull(session_id, after, limit):
            agent = gateway.agent(owner, session_id)
            return await agent.call("directory.pull", {"after": after, "limit": limit})

        return Directory(sql, clock, pull, most_sessions=settings.sessions_per_guest)
