"""The owner's mesh: who is in it, what it heard, who wakes the silent, and who hears the rules."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from littoral.errors import Conflict, DependencyUnavailable, TooLarge
from littoral.mesh.directory import tables
from littoral.mesh.directory.feed import Wanted
from littoral.mesh.kernel.envelope import USER, Envelope
from littoral.mesh.kernel.event import MeshEvent
from littoral.mesh.kernel.permissions import DEFAULT_RULES, Rule
from littoral.mesh.kernel.ports import Report
from tests.fakes.clock import ManualClock
from tests.fakes.ids import LongIds
from tests.fakes.mesh_objects import MeshObjects

OWNER = "usr_0000000000000000000001"


@pytest.fixture
async def objects() -> AsyncIterator[MeshObjects]:
    made = MeshObjects(OWNER, ManualClock(), LongIds())
    yield made
    await made.settle()
    made.close()


async def send(objects: MeshObjects, to: str, text: str, *, kind: str = "note.keep") -> Any:
    envelope = Envelope(
        id=f"env-{to}-{text[:20]}",
        sender=USER,
        to=to,
        kind=kind,
        correlation_id=f"about-{text[:20]}",
        body={"text": text},
    )
    found = await objects.call(to, "envelope.send", {"envelope": envelope.to_json()})
    await objects.settle()
    return found


def event(agent: str, number: int) -> MeshEvent:
    return MeshEvent(
        agent=agent,
        number=number,
        type="note.kept",
        at_ms=1_000 + number,
        version=1,
        body={"text": f"{number}"},
        correlation_id=f"c{number}",
        causation_id="",
    )


def report(agent: str, *numbers: int, **status: Any) -> Report:
    return Report(
        agent=agent,
        kind=agent.partition("-")[0],
        version=1,
        capabilities=("notes",),
        last=max(numbers, default=0),
        status=status,
        permissions=0,
        events=[event(agent, number) for number in numbers],
    )


# --- hearing -------------------------------------------------------------------------------------


async def test_agents_tell_what_they_did_and_the_mesh_counts_it(objects: MeshObjects):
    await send(objects, "data", "one")
    await send(objects, "analysis", "two")
    await send(objects, "data", "three")
    page = await objects.call("mesh", "mesh.events", {"limit": 100})
    assert [each["position"] for each in page["events"]] == list(range(1, page["last"] + 1))
    for agent in ("data", "analysis"):
        numbers = [each["number"] for each in page["events"] if each["agent"] == agent]
        assert numbers == list(range(1, len(numbers) + 1))
    received = [each for each in page["events"] if each["type"] == "message.received"]
    assert [(each["from"], each["to"]) for each in received] == [
        ("user", "data"),
        ("user", "analysis"),
        ("user", "data"),
    ]


async def test_events_that_come_twice_or_after_a_gap_are_taken_once_and_in_order(
    objects: MeshObjects,
):
    mesh = objects.mesh
    assert mesh.hear(report("data", 1, 2)).has == 2
    assert mesh.hear(report("data", 1, 2, 3)).has == 3
    assert mesh.hear(report("data", 5, 6)).has == 3
    assert mesh.hear(report("data", 4, 5, 6)).has == 6
    found = mesh.feed.after(0, Wanted(), 100)
    assert [each["number"] for each in found] == [1, 2, 3, 4, 5, 6]
    assert [each["position"] for each in found] == [1, 2, 3, 4, 5, 6]


async def test_readers_choose_by_agent_chain_and_type_and_read_on_in_either_direction(
    objects: MeshObjects,
):
    for text in ("a", "b", "c"):
        await send(objects, "data", text)
        await send(objects, "analysis", text)
    of_b = await objects.call("mesh", "mesh.events", {"correlationId": "about-b"})
    assert {each["agent"] for each in of_b["events"]} == {"data", "analysis"}
    kept = await objects.call("mesh", "mesh.events", {"type": "note.kept", "agent": "data"})
    assert [each["body"]["text"] for each in kept["events"]] == ["a", "b", "c"]
    newest = await objects.call("mesh", "mesh.events", {"limit": 2})
    assert [each["position"] for each in newest["events"]] == [newest["last"] - 1, newest["last"]]
    older = await objects.call(
        "mesh", "mesh.events", {"limit": 2, "before": newest["events"][0]["position"]}
    )
    assert older["events"][-1]["position"] == newest["events"][0]["position"] - 1
    page: Mapping[str, Any] = {"next": 0}
    seen = []
    while page["next"] < newest["last"]:
        page = await objects.call("mesh", "mesh.events", {"since": page["next"], "limit": 5})
        seen += [each["position"] for each in page["events"]]
    assert seen == list(range(1, newest["last"] + 1))


async def test_the_feed_keeps_a_window_and_positions_go_on(objects: MeshObjects):
    mesh = objects.mesh
    most = tables.WINDOW + tables.SLACK
    for first in range(1, most + 2, 500):
        mesh.hear(report("data", *range(first, first + 500)))
    found = mesh.feed.after(0, Wanted(), 1)
    assert found[0]["position"] > most - tables.WINDOW - 500
    assert mesh.feed.last() > most


async def test_sockets_see_events_notifications_and_how_agents_are(objects: MeshObjects):
    client = objects.connections.connect("one")
    objects.mesh.hear(report("data", 1))
    told = event("notification", 1)
    told = MeshEvent(**{**vars(told), "type": "notification.created", "body": {"title": "New"}})
    plain = report("notification")
    objects.mesh.hear(Report(**{**vars(plain), "events": [told], "last": 1}))
    frames = client.frames
    assert [each["type"] for each in frames] == [
        "mesh-event",
        "mesh-agent",
        "mesh-event",
        "mesh-notification",
        "mesh-agent",
    ]
    assert frames[3]["notification"] == {"title": "New"}
    assert json.loads(objects.mesh.state_frame())["state"]["last"] == 2


async def test_long_events_are_told_and_read_in_pages_that_are_not_too_long(
    objects: MeshObjects,
):
    for number in range(9):
        await send(objects, "data", f"{number}" + "x" * 350_000)
    page: Mapping[str, Any] = {"next": 0, "last": 1}
    seen: list[int] = []
    while page["next"] < page["last"]:
        page = await objects.call("mesh", "mesh.events", {"since": page["next"], "limit": 500})
        assert sum(len(str(each["body"])) for each in page["events"]) < 2_500_000
        seen += [each["position"] for each in page["events"]]
    assert seen == list(range(1, 1 + 1 + 9 * 2))
    replay = await objects.call("data", "agent.replay", {})
    assert replay["equal"] is True and replay["state"] is None
    with pytest.raises(TooLarge):
        await send(objects, "data", "x" * 400_000)


# --- health --------------------------------------------------------------------------------------


def health(objects: MeshObjects) -> dict[str, str]:
    return {each["name"]: each["status"] for each in objects.mesh.members.shown()}


async def test_an_agent_is_active_then_idle_and_silent_only_with_work_before_it(
    objects: MeshObjects,
):
    assert health(objects)["data"] == "new"
    objects.mesh.hear(report("data", 1))
    objects.mesh.hear(report("worker-1", 1, effects=2))
    assert health(objects)["data"] == health(objects)["worker-1"] == "active"
    objects._clock.advance(seconds=61)  # type: ignore[attr-defined]
    assert (health(objects)["data"], health(objects)["worker-1"]) == ("idle", "silent")


async def test_whoever_fell_silent_with_work_is_woken_a_few_times(objects: MeshObjects):
    objects.lost.add("worker-1")
    objects.mesh.hear(report("worker-1", 1, outbox=1))
    for _ in range(tables.MOST_PROBES):
        assert objects.mesh.members.next_look_ms() is not None
        objects._clock.advance(seconds=4_000)  # type: ignore[attr-defined]
        await objects.mesh.on_alarm()
    assert health(objects)["worker-1"] == "unreachable"
    assert objects.mesh.members.next_look_ms() is None
    objects.mesh.hear(report("worker-1", 1, outbox=1))
    assert health(objects)["worker-1"] == "active"


async def test_a_capability_goes_to_whoever_has_least_to_do_and_was_not_just_chosen(
    objects: MeshObjects,
):
    for name, load in (("worker-1", 3), ("worker-2", 0), ("worker-3", 0)):
        objects.mesh.hear(report(name, 1, effects=load))
    members = objects.mesh.members
    assert [members.match("notes"), members.match("dance")] == ["worker-2", None]
    objects._clock.advance(seconds=1)  # type: ignore[attr-defined]
    assert members.match("notes") == "worker-3"


# --- rules ---------------------------------------------------------------------------------------


async def test_new_rules_reach_every_agent_at_once_and_the_absent_with_their_next_report(
    objects: MeshObjects,
):
    await send(objects, "data", "one")
    await send(objects, "analysis", "one")
    objects.lost.add("analysis")
    closed = (Rule(sender=USER, to="*", kind="note.*", allow=False), *DEFAULT_RULES)
    told = await objects.mesh.permit(closed, 0)
    assert (told["applied"], told["pending"], told["version"]) == (["data"], ["analysis"], 1)
    with pytest.raises(Exception, match="may not send"):
        await send(objects, "data", "two")
    objects.lost.clear()
    await send(objects, "analysis", "two")  # The old rules: it has heard nothing since.
    with pytest.raises(Exception, match="may not send"):
        await send(objects, "analysis", "three")
    with pytest.raises(Conflict):
        await objects.mesh.permit(DEFAULT_RULES, 0)


# --- projections ---------------------------------------------------------------------------------


class Ledger:
    """Projections that keep what they are given."""

    def __init__(self, objects: MeshObjects) -> None:
        self._objects = objects
        self.kept: dict[str, list[int]] = {}
        self.fails = 0

    async def catch_up(self) -> int:
        if self.fails:
            self.fails -= 1
            raise DependencyUnavailable("not now")
        for agent in await self._objects.mesh.agents():
            numbers = self.kept.setdefault(agent, [])
            since = numbers[-1] if numbers else 0
            while page := await self._objects.mesh.events(agent, since, 2):
                numbers += [each.number for each in page]
                since = numbers[-1]
        return 0

    async def rebuild(self) -> Mapping[str, Any]:
        return {}


async def test_projections_follow_and_catch_up_after_a_failure(objects: MeshObjects):
    ledger = Ledger(objects)
    objects.mesh.projecting = ledger
    await send(objects, "data", "one")
    ledger.fails = 1
    await send(objects, "data", "two")
    objects._clock.advance(seconds=10)  # type: ignore[attr-defined]
    await objects.mesh.on_alarm()
    last = objects.mesh.members.find("data")
    assert last is not None and ledger.kept["data"] == list(range(1, last.number + 1))


async def test_events_beyond_the_feed_come_from_the_agents_own_rows(objects: MeshObjects):
    await send(objects, "data", "one")
    objects.mesh.place.sql.run("DELETE FROM feed")
    assert [each.number for each in await objects.mesh.events("data", 0, 10)] == [1, 2, 3]
