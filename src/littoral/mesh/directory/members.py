"""Who is in the mesh and how they are: leases, what each can do, what is before it.

An agent renews its lease with every report: after everything it does, and every twenty seconds
while it has something to do. One that sleeps with nothing to do is ``idle``, which is healthy.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from littoral.clock import Clock, iso_or_none
from littoral.jsontext import dumps
from littoral.mesh.catalogue import KINDS, AgentKind
from littoral.mesh.directory.tables import LEASE_MS, MOST_PROBES
from littoral.mesh.kernel.ports import Report
from littoral.store.sql import Row, Sql

Health = Literal["active", "idle", "silent", "unreachable", "new"]
"""``active``: its lease runs. ``idle``: run out, with nothing to do. ``silent``: run out with work
before it; it is being woken. ``unreachable``: it did not wake. ``new``: it never had anything to
do.
"""

_COLUMNS = (
    "name, kind, version, capabilities, heard_at_ms, look_at_ms, number, probes, status, "
    "chosen_at_ms"
)


@dataclass(frozen=True, kw_only=True)
class Member:
    """One agent as it was last heard. ``load`` is how much is before it.

    ``look_at_ms`` is when its lease runs out, or the next try to wake it.
    """

    name: str
    kind: str
    version: int
    capabilities: tuple[str, ...]
    heard_at_ms: int
    look_at_ms: int
    number: int
    probes: int
    status: dict[str, Any]
    chosen_at_ms: int = 0

    @property
    def load(self) -> int:
        return sum(int(self.status.get(each, 0)) for each in ("inbox", "outbox", "effects"))

    def health(self, now_ms: int) -> Health:
        if self.heard_at_ms + LEASE_MS > now_ms:
            return "active"
        if not self.load:
            return "idle"
        return "unreachable" if self.probes >= MOST_PROBES else "silent"

    def to_json(self, now_ms: int) -> dict[str, Any]:
        return {
            "inbox": 0,
            "outbox": 0,
            "effects": 0,
            "timers": 0,
            "deadLetters": 0,
            "breakers": [],
            **self.status,
            "name": self.name,
            "kind": self.kind,
            "status": self.health(now_ms),
            "capabilities": list(self.capabilities),
            "version": self.version,
            "heartbeatAt": iso_or_none(self.heard_at_ms or None),
            "leaseUntil": iso_or_none(self.heard_at_ms + LEASE_MS if self.heard_at_ms else None),
            "events": self.number,
            "title": KINDS[self.kind].title if self.kind in KINDS else self.kind,
        }


class Members:
    """Rows of the mesh's members."""

    def __init__(self, sql: Sql, clock: Clock) -> None:
        self._sql = sql
        self._clock = clock
        self._known: dict[str, Member] | None = None

    def forget(self) -> None:
        """A transaction failed: rows are read anew."""
        self._known = None

    def _all(self) -> dict[str, Member]:
        """Everybody by name; read once after a wake, because nobody else writes these rows."""
        if self._known is None:
            rows = self._sql.rows(f"SELECT {_COLUMNS} FROM members")
            self._known = {str(row[0]): _member(row) for row in rows}
        return self._known

    def heard(self, report: Report, number: int) -> Member:
        """Keeps what an agent said of itself, renews its lease, and where its events end."""
        now = self._clock.now_ms()
        before = self.find(report.agent)
        member = Member(
            name=report.agent,
            kind=report.kind,
            version=report.version,
            capabilities=report.capabilities,
            heard_at_ms=now,
            look_at_ms=now + LEASE_MS,
            number=number,
            probes=0,
            status=dict(report.status),
            chosen_at_ms=before.chosen_at_ms if before else 0,
        )
        self._sql.run(
            f"INSERT OR REPLACE INTO members ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            member.name,
            member.kind,
            member.version,
            dumps(list(member.capabilities)),
            now,
            member.look_at_ms,
            number,
            0,
            dumps(member.status),
            member.chosen_at_ms,
        )
        self._all()[member.name] = member
        return member

    def find(self, name: str) -> Member | None:
        return self._all().get(name)

    def all(self) -> list[Member]:
        """Everybody that was heard of, by name."""
        return sorted(self._all().values(), key=lambda each: each.name)

    def shown(self) -> list[dict[str, Any]]:
        """All agents as lists have them, those included that never had anything to do."""
        now = self._clock.now_ms()
        known = {each.name: each for each in self.all()}
        news = [_new(each) for each in KINDS.values() if not each.pooled and each.kind not in known]
        everybody = [*known.values(), *news]
        order = list(KINDS)
        everybody.sort(key=lambda each: (order.index(each.kind), len(each.name), each.name))
        return [
            {**each.to_json(now), **({} if each.name in known else {"status": "new"})}
            for each in everybody
        ]

    def match(self, capability: str) -> str | None:
        """Who should be asked next: able, not lost, least before it, longest not chosen."""
        now = self._clock.now_ms()
        able = [each for each in self.all() if capability in each.capabilities]
        able = [each for each in able if each.health(now) in ("active", "idle")]
        if not able:
            return None
        best = min(able, key=lambda each: (each.load, each.chosen_at_ms, each.name))
        self._sql.run("UPDATE members SET chosen_at_ms = ? WHERE name = ?", now, best.name)
        self._all()[best.name] = replace(best, chosen_at_ms=now)
        return best.name

    def silent(self) -> list[Member]:
        """Those with work before them whose lease has run out, and whom to try to wake now."""
        now = self._clock.now_ms()
        return [
            each for each in self.all() if each.health(now) == "silent" and each.look_at_ms <= now
        ]

    def probed(self, name: str, delay_ms: Callable[[int], int]) -> None:
        """One more try to wake somebody did not help; the next one comes later."""
        member = self.find(name)
        if member is None:
            return
        probes = member.probes + 1
        look_at_ms = self._clock.now_ms() + delay_ms(probes)
        self._sql.run(
            "UPDATE members SET probes = ?, look_at_ms = ? WHERE name = ?",
            probes,
            look_at_ms,
            name,
        )
        self._all()[name] = replace(member, probes=probes, look_at_ms=look_at_ms)

    def next_look_ms(self) -> int | None:
        """When the first lease of somebody with work runs out."""
        times = [each.look_at_ms for each in self.all() if each.load and each.probes < MOST_PROBES]
        return min(times) if times else None


def _new(kind: AgentKind) -> Member:
    return Member(
        name=kind.kind,
        kind=kind.kind,
        version=0,
        capabilities=kind.tags,
        heard_at_ms=0,
        look_at_ms=0,
        number=0,
        probes=0,
        status={},
    )


def _member(row: Row) -> Member:
    name, kind, version, capabilities, heard, lease, number, probes, status, chosen = row
    return Member(
        name=str(name),
        kind=str(kind),
        version=int(version or 0),
        capabilities=tuple(json.loads(str(capabilities))),
        heard_at_ms=int(heard or 0),
        look_at_ms=int(lease or 0),
        number=int(number or 0),
        probes=int(probes or 0),
        status=json.loads(str(status)),
        chosen_at_ms=int(chosen or 0),
    )
