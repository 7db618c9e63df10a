"""One owner's mesh, put together: hears its agents, keeps who may speak to whom, shows it all.

The agents do their work without it: what it does not hear now it hears later, from their own rows.
``durable_objects/mesh_agent.py`` gives it the platform's parts.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from littoral.agent.agent_socket import state_frame
from littoral.agent.connection import broadcast
from littoral.clock import Clock
from littoral.errors import Conflict, LittoralError
from littoral.jsontext import dumps
from littoral.mesh.directory.feed import Feed, Wanted, read_event
from littoral.mesh.directory.frames import frames_of
from littoral.mesh.directory.members import Member, Members
from littoral.mesh.directory.ports import MeshPlace, Projecting
from littoral.mesh.directory.tables import DIRECTORY_SCHEMA
from littoral.mesh.kernel.event import MeshEvent
from littoral.mesh.kernel.facts import Facts
from littoral.mesh.kernel.permissions import Permissions, Rule
from littoral.mesh.kernel.ports import Heard, Report
from littoral.mesh.kernel.watchers import Watchers
from littoral.store.migrations import migrate

PROBE_MS: Final = 60_000
LONGEST_PROBE_MS: Final = 1_800_000
TOGETHER_SECONDS: Final = 0.5
"""How long projections wait for more events before they take what there is."""
PROJECT_AGAIN_MS: Final = 5_000
_PERMISSIONS = "permissions"
_PROJECTED = "projected"

_log = logging.getLogger(__name__)


class OwnerMesh:
    """Composition; ``on_start`` brings it to life. ``spawn`` begins work beside what runs."""

    def __init__(
        self,
        place: MeshPlace,
        *,
        clock: Clock,
        spawn: Callable[[Callable[[], Any]], None],
        together_seconds: float = TOGETHER_SECONDS,
    ) -> None:
        migrate(place.sql, (DIRECTORY_SCHEMA,))
        self.place = place
        self.clock = clock
        self.members = Members(place.sql, clock)
        self.feed = Feed(place.sql)
        self.watchers = Watchers()
        self.projecting: Projecting | None = None
        self._facts = Facts(place.sql)
        self._spawn = spawn
        self._together_seconds = together_seconds
        self._rules: Permissions | None = None
        self._is_projecting = False
        self._project_again_ms: int | None = None

    def on_start(self) -> None:
        """Goes on with what was left; call it once, first."""
        if self.feed.last() > self._projected():
            self._project_again_ms = self.clock.now_ms()
        self.plan_alarm()

    async def on_alarm(self) -> None:
        """The alarm: wakes who has fallen silent, brings projections up to date."""
        self.place.alarm.rang()
        try:
            await asyncio.gather(*(self._wake(each) for each in self.members.silent()))
            await self.project()
        finally:
            self.plan_alarm()

    def plan_alarm(self) -> None:
        """Sets the alarm to the earliest thing that has to happen."""
        times = (self.members.next_look_ms(), self._project_again_ms)
        known = [each for each in times if each is not None]
        if known:
            self.place.alarm.at_latest(max(self.clock.now_ms() + 1, min(known)))

    # --- hearing ---------------------------------------------------------------------------------

    def hear(self, report: Report) -> Heard:
        """Takes a report: a lease, and events that follow the last one heard. Safe to repeat.

        Events after a gap are left out; the answer says where to go on.
        """
        try:
            member, events = self.place.sql.transaction(lambda: self._heard(report))
        except BaseException:
            self.feed.forget()
            self.members.forget()
            raise
        if events:
            self.watchers.all()
            if self.projecting is not None:
                self._project_again_ms = self.clock.now_ms() + PROJECT_AGAIN_MS
                self._spawn(self.project)
        self._show(member, events)
        self.plan_alarm()
        rules = self.permissions
        return Heard(
            has=member.number, permissions=rules if rules.version > report.permissions else None
        )

    def _heard(self, report: Report) -> tuple[Member, list[dict[str, Any]]]:
        known = self.members.find(report.agent)
        number = known.number if known else 0
        new: list[MeshEvent] = []
        for event in report.events:
            if event.number == number + 1:
                new.append(event)
                number = event.number
        return self.members.heard(report, number), self.feed.append(new)

    def _show(self, member: Member, events: Sequence[Mapping[str, Any]]) -> None:
        connections = self.place.connections.all()
        if not connections:
            return
        for frame in frames_of(member.to_json(self.clock.now_ms()), events):
            broadcast(connections, frame)

    async def _wake(self, member: Member) -> None:
        try:
            await self.place.agents.call(member.name, "agent.wake", {})
        except LittoralError as error:
            _log.warning("%s of the mesh does not wake: %s", member.name, error.detail)
        # Awake it reports by itself, which is what counts; until then the next look comes later.
        self.members.probed(
            member.name, lambda probes: min(LONGEST_PROBE_MS, PROBE_MS * 2 ** (probes - 1))
        )

    # --- projections -----------------------------------------------------------------------------

    async def project(self) -> None:
        """Brings projections up to date, one at a time; a failure is tried again by the alarm."""
        if self.projecting is None or self._is_projecting:
            return
        self._is_projecting = True
        try:
            while self._projected() < self.feed.last():
                await asyncio.sleep(self._together_seconds)  # Dozens of events cost as one does.
                position = self.feed.last()
                await self.projecting.catch_up()
                self._facts.keep(_PROJECTED, str(position))
            self._project_again_ms = None
        except LittoralError as error:
            _log.warning("projections of the mesh lag behind: %s", error.detail)
            self._project_again_ms = self.clock.now_ms() + PROJECT_AGAIN_MS
        finally:
            self._is_projecting = False
            self.plan_alarm()

    def _projected(self) -> int:
        return int(self._facts.get(_PROJECTED) or 0)

    async def agents(self) -> Mapping[str, int]:
        """``EventSource``."""
        return {each.name: each.number for each in self.members.all()}

    async def events(self, agent: str, since: int, limit: int) -> Sequence[MeshEvent]:
        """``EventSource``: from the feed when it goes back so far, else from the agent's rows."""
        member = self.members.find(agent)
        if member is not None and member.number <= since:
            return []
        found = self.feed.of_agent(agent, since, self._projected(), limit)
        if found:
            return found
        page = await self.place.agents.call(agent, "agent.events", {"since": since, "limit": limit})
        return [read_event(each) for each in page["events"]]

    # --- permissions -----------------------------------------------------------------------------

    @property
    def permissions(self) -> Permissions:
        """The rules of this owner, those of the house until they are changed."""
        if self._rules is None:
            text = self._facts.get(_PERMISSIONS)
            self._rules = Permissions() if text is None else Permissions.read(json.loads(text))
        return self._rules

    async def permit(self, rules: tuple[Rule, ...], version: int | None) -> dict[str, Any]:
        """Replaces the rules and tells every agent; says who has them and who will hear later.

        ``version`` is the one that was read, if the caller wants to change no other; raises
        ``Conflict`` when it has been changed since.
        """
        known = self.permissions
        if version is not None and version != known.version:
            raise Conflict(f"The rules are at version {known.version}, not {version}.")
        new = Permissions(rules=rules, version=known.version + 1)
        self._facts.keep(_PERMISSIONS, dumps(new.to_json()))
        self._rules = new
        names = [each.name for each in self.members.all()]
        told = await asyncio.gather(*(self._tell_rules(each, new) for each in names))
        pairs = list(zip(names, told, strict=True))
        return {
            **new.to_json(),
            "applied": [name for name, done in pairs if done],
            "pending": [name for name, done in pairs if not done],
        }

    async def _tell_rules(self, agent: str, permissions: Permissions) -> bool:
        try:
            await self.place.agents.call(agent, "permissions.set", permissions.to_json())
        except LittoralError:
            return False  # It learns them with its next report.
        return True

    # --- dead letters ----------------------------------------------------------------------------

    async def dead_letters(self) -> list[dict[str, Any]]:
        """The newest of every agent that has some, newest first, at most two hundred.

        Raises ``DependencyUnavailable`` when an agent that has some does not answer.
        """
        names = [each.name for each in self.members.all() if each.status.get("deadLetters")]
        pages = await asyncio.gather(
            *(self.place.agents.call(name, "letters.list", {}) for name in names)
        )
        found = [letter for page in pages for letter in page["letters"]]
        found.sort(key=lambda each: (each["at"], each["id"]), reverse=True)
        return found[:200]

    # --- what is shown ---------------------------------------------------------------------------

    def state_frame(self) -> str:
        """What every client sees first: the agents and the newest events."""
        events = self.feed.before(self.feed.last() + 1, Wanted(), 50)
        return state_frame(
            {"agents": self.members.shown(), "last": self.feed.last(), "events": events}
        )

    def fault(self, error: BaseException, where: str) -> None:
        """Something failed that should not have; for the log."""
        if isinstance(error, LittoralError):
            _log.warning("%s of the mesh failed: %s", where, error.detail)
        else:
            _log.error("fault in %s of the mesh", where, exc_info=error)
