"""One agent of the mesh and its neighbours: what is taken, refused, tried again, remembered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from littoral.errors import Conflict, DependencyUnavailable, InvalidInput, MeshOverloaded
from littoral.mesh.kernel import tables
from littoral.mesh.kernel.behaviour import Decision, Incoming, Outcome, State
from littoral.mesh.kernel.envelope import Envelope
from littoral.mesh.kernel.event import MeshEvent
from littoral.mesh.kernel.memory import digest_of
from littoral.mesh.kernel.permissions import DEFAULT_RULES, Permissions, Rule
from littoral.mesh.kernel.upgrades import EventUpgrades
from tests.fakes.mesh import MeshWorld
from tests.fakes.workflow_engine import Killed
from tests.unit.mesh_pair import Adder, Squarer


def pair(**fields: Any) -> tuple[MeshWorld, Squarer]:
    worker = Squarer()
    world = MeshWorld({"coordinator": Adder(to="worker-1"), "worker-1": worker}, **fields)
    return world, worker


def assign(world: MeshWorld, **fields: Any) -> Envelope:
    body = {"task": "t", "part": "t-0", "number": 3}
    return world.envelope(
        "worker-1", "part.assign", body, sender="coordinator", **{"message_id": "one", **fields}
    )


async def deliver(world: MeshWorld, *envelopes: Envelope) -> list[dict[str, Any]]:
    args = [each.to_json() for each in envelopes]
    answer = await world.call(envelopes[0].to, "envelope.deliver", envelopes=args)
    return list(answer["receipts"])


# --- taking --------------------------------------------------------------------------------------


async def test_a_message_is_taken_once_and_its_reply_is_given_again():
    world, _ = pair()
    first = await world.send("coordinator", "task.start", {"parts": 2}, message_id="t")
    again = await world.send("coordinator", "task.start", {"parts": 2}, message_id="t")
    assert first == again == {"parts": 2}
    await world.run(seconds=5)
    assert world.state("coordinator")["sum"] == 5
    assert world.types("coordinator").count("task.begun") == 1
    world.check()
    await world.close()


async def test_another_message_with_a_known_id_is_refused():
    world, _ = pair()
    await world.send("coordinator", "task.start", {"parts": 1}, message_id="t")
    with pytest.raises(Conflict):
        await world.send("coordinator", "task.start", {"parts": 2}, message_id="t")
    await world.close()


async def test_everything_that_follows_from_a_request_carries_its_ids_and_its_trace():
    world, _ = pair()
    await world.send("coordinator", "task.start", {"parts": 1}, message_id="t")
    await world.run(seconds=5)
    for name in ("coordinator", "worker-1"):
        events = [each for each in world.events(name) if each.causation_id]
        assert {each.correlation_id for each in events} == {"t"}
    begun = next(e for e in world.events("coordinator") if e.type == "task.begun")
    sent = next(e for e in world.events("coordinator") if e.type == "message.sent")
    got = next(e for e in world.events("worker-1") if e.type == "message.received")
    assert begun.causation_id == sent.causation_id == "t"
    assert got.body["id"] == sent.body["id"] == got.causation_id
    await world.close()


async def test_bodies_that_do_not_fit_and_kinds_that_are_not_taken_are_refused():
    world, _ = pair()
    with pytest.raises(InvalidInput, match="parts"):
        await world.send("coordinator", "task.start", {"parts": "many"})
    with pytest.raises(InvalidInput, match="does not take"):
        await world.send("coordinator", "task.sing")
    refused = [each for each in world.events("coordinator") if each.type == "message.refused"]
    assert [each.body["code"] for each in refused] == ["invalid_input"] * 2
    world.check()
    await world.close()


async def test_what_comes_after_its_deadline_is_refused_once_and_says_so():
    world, worker = pair()
    late = assign(world, deadline=world.clock.at_ms - 1)
    await deliver(world, late)
    [receipt] = await deliver(world, late)
    assert receipt["status"] == "expired"
    assert receipt["problem"]["code"] == "deadline_exceeded"
    assert world.types("worker-1").count("message.expired") == 1
    assert worker.squared == {}
    await world.close()


async def test_a_deadline_travels_with_everything_that_follows():
    world, worker = pair()
    worker.failures = [DependencyUnavailable()] * 4
    deadline = world.clock.at_ms + 200
    await world.send("coordinator", "task.start", {"parts": 1}, deadline=deadline)
    await world.run(seconds=300)
    failed = next(e for e in world.events("worker-1") if e.type == "part.failed")
    assert failed.body["error"]["code"] == "deadline_exceeded"
    await world.close()


# --- who may -------------------------------------------------------------------------------------


async def test_who_may_not_send_is_refused_and_the_sender_keeps_a_dead_letter():
    rules = (Rule(sender="coordinator", to="worker", allow=False), *DEFAULT_RULES)
    world, worker = pair(permissions=Permissions(rules=rules, version=3))
    await world.send("coordinator", "task.start", {"parts": 1})
    await world.run(seconds=5)
    assert worker.squared == {}
    assert "message.refused" in world.types("worker-1")
    failed = next(e for e in world.events("coordinator") if e.type == "message.failed")
    assert failed.body["code"] == "not_allowed"
    assert world.state("coordinator")["lost"] == 1
    [letter] = (await world.call("coordinator", "letters.list"))["letters"]
    assert letter["envelope"]["kind"] == "part.assign"
    await world.close()


async def test_a_letter_that_was_refused_is_taken_when_the_rules_allow_it():
    rules = (Rule(sender="coordinator", to="worker", allow=False), *DEFAULT_RULES)
    world, _ = pair(permissions=Permissions(rules=rules, version=3))
    await world.send("coordinator", "task.start", {"parts": 1})
    await world.run(seconds=5)
    [letter] = (await world.call("coordinator", "letters.list"))["letters"]
    await world.call("worker-1", "permissions.set", **Permissions(version=4).to_json())
    await world.call("coordinator", "letters.replay", id=letter["id"].partition(".")[2])
    await world.run(seconds=5)
    assert world.state("coordinator")["sum"] == 1
    assert "letter.replayed" in world.types("coordinator")
    world.check()
    await world.close()


async def test_nothing_is_taken_before_an_agent_has_learnt_who_may_send():
    world, worker = pair()
    world.home.away = True
    [receipt] = await deliver(world, assign(world))
    assert receipt["status"] == "later"
    assert worker.squared == {} and world.events("worker-1") == []
    world.home.away = False
    assert [each["status"] for each in await deliver(world, assign(world))] == ["taken"]
    await world.close()


@pytest.mark.parametrize(
    ("sender", "to", "kind", "allowed"),
    [
        ("user", "coordinator", "task.start", True),
        ("coordinator", "worker-7", "part.assign", True),
        ("worker-7", "coordinator", "part.done", True),
        ("worker-7", "worker-8", "part.assign", False),
        ("worker-7", "notification", "note.send", False),
        ("notification", "data", "watch.start", False),
        ("stranger", "coordinator", "task.start", False),
    ],
)
def test_the_usual_rules_allow_what_work_needs_and_nothing_else(
    sender: str, to: str, kind: str, allowed: bool
):
    envelope = Envelope(id="e", sender=sender, to=to, kind=kind, correlation_id="c")
    assert Permissions().allows(envelope) is allowed


# --- what fails ----------------------------------------------------------------------------------


async def test_a_receiver_that_is_full_is_tried_again_until_it_is_not():
    world, worker = pair()
    worker.full = True
    await world.send("coordinator", "task.start", {"parts": 1})
    await world.run(seconds=3)
    assert world.state("coordinator")["sum"] == 0
    worker.full = False
    await world.run(seconds=120)
    assert world.state("coordinator")["sum"] == 1
    assert "message.refused" not in world.types("worker-1")
    world.check()
    await world.close()


async def test_a_receiver_that_never_answers_is_given_up_and_the_sender_is_told():
    world = MeshWorld({"coordinator": Adder(to="worker-9")})
    await world.send("coordinator", "task.start", {"parts": 1})
    await world.run(seconds=1_200)
    assert world.state("coordinator")["lost"] == 1
    [letter] = (await world.call("coordinator", "letters.list"))["letters"]
    assert letter["error"]["code"] == "dependency_unavailable" and letter["attempts"] == 12
    world.check()
    await world.close()


async def test_a_bug_keeps_the_message_and_it_is_handled_when_the_bug_is_gone():
    world, worker = pair()
    worker.broken = 3
    await world.send("coordinator", "task.start", {"parts": 1})
    await world.run(seconds=60)
    assert world.state("coordinator")["sum"] == 1
    assert any("ZeroDivisionError" in each for each in world.faults)
    world.check()
    await world.close()


async def test_a_bug_that_stays_makes_a_dead_letter_which_can_be_replayed_later():
    world, worker = pair()
    worker.broken = 10
    await world.send("coordinator", "task.start", {"parts": 1})
    await world.run(seconds=300)
    [letter] = (await world.call("worker-1", "letters.list"))["letters"]
    assert letter["side"] == "in" and letter["error"]["code"] == "internal_error"
    assert "a bug" not in str(letter)
    worker.broken = 0
    await world.call("worker-1", "letters.replay", id=letter["id"].partition(".")[2])
    await world.run(seconds=30)
    assert world.state("coordinator")["sum"] == 1
    world.check()
    await world.close()


async def test_a_discarded_letter_is_gone():
    world = MeshWorld({"coordinator": Adder(to="worker-9")})
    await world.send("coordinator", "task.start", {"parts": 1})
    await world.run(seconds=1_200)
    [letter] = (await world.call("coordinator", "letters.list"))["letters"]
    await world.call("coordinator", "letters.discard", id=letter["id"].partition(".")[2])
    assert (await world.call("coordinator", "letters.list"))["letters"] == []
    assert world.types("coordinator")[-1] == "letter.discarded"
    await world.close()


async def test_an_agent_with_too_much_before_it_says_so_and_takes_nothing():
    world, _ = pair()
    await deliver(world, assign(world))
    node = world.nodes["worker-1"]
    for number in range(tables.MAX_WAITING):
        node.sqlite.run("INSERT INTO waiting VALUES (?, '{}', 1, 9e15)", f"w{number}")
    [receipt] = await deliver(world, assign(world, message_id="two"))
    assert receipt["status"] == "later"
    assert receipt["problem"]["code"] == MeshOverloaded.code
    assert receipt["problem"]["retryAfterSeconds"] == 5
    await world.close()


# --- effects, timers -----------------------------------------------------------------------------


async def test_an_effect_is_tried_again_with_growing_delays_and_then_ends_as_an_error():
    world, worker = pair()
    worker.failures = [DependencyUnavailable(f"{n}") for n in range(9)]
    await world.send("coordinator", "task.start", {"parts": 1})
    await world.run(seconds=600)
    failed = next(e for e in world.events("worker-1") if e.type == "part.failed")
    assert failed.body["error"]["detail"] == "4"
    assert len(worker.failures) == 4
    await world.close()


async def test_an_error_that_does_not_pass_ends_an_effect_at_once():
    world, worker = pair()
    worker.failures = [InvalidInput("no such number")]
    await world.send("coordinator", "task.start", {"parts": 1})
    await world.run(seconds=1)
    assert "part.failed" in world.types("worker-1")
    await world.close()


async def test_an_effect_that_kills_its_agent_every_time_ends_as_interrupted():
    world, worker = pair()
    node = world.nodes["worker-1"]

    class Deadly(Squarer):
        async def perform(self, effect: Any) -> Mapping[str, Any]:
            node.die()
            raise Killed

        def decide(self, state: State, incoming: Incoming, now: int) -> Decision:
            if isinstance(incoming, Outcome):
                assert incoming.error is not None
                return Decision(events=(("part.failed", {"error": dict(incoming.error)}),))
            return super().decide(state, incoming, now)

    node.behaviour = Deadly()
    await deliver(world, assign(world))
    await world.run(seconds=120)
    failed = next(e for e in world.events("worker-1") if e.type == "part.failed")
    assert failed.body["error"]["code"] == "interrupted"
    assert worker.squared == {}
    await world.close()


async def test_a_timer_fires_once_and_a_cancelled_one_never():
    world, worker = pair()
    worker.refuse = True
    await world.send("coordinator", "task.start", {"parts": 1}, message_id="lost")
    await world.run(seconds=700)
    worker.refuse = False
    await world.send("coordinator", "task.start", {"parts": 1}, message_id="done")
    await world.run(seconds=700)
    late = [e.body["task"] for e in world.events("coordinator") if e.type == "task.late"]
    assert late == ["lost"]
    world.check()
    await world.close()


async def test_timers_go_on_while_an_effect_runs():
    world, _ = pair()
    node = world.nodes["coordinator"]

    class Slow(Squarer):
        async def perform(self, effect: Any) -> Mapping[str, Any]:
            await world.sleep(3_000)
            return {"square": 9}

    world.nodes["worker-1"].behaviour = Slow()
    await world.send("coordinator", "task.start", {"parts": 1}, message_id="t")
    await world.run(seconds=700)
    assert "task.late" in world.types("coordinator")
    await world.run(seconds=3_000)
    assert world.state("coordinator")["sum"] == 9
    assert node.world is world
    await world.close()


async def test_the_mesh_hears_at_the_end_that_there_is_nothing_left_to_do():
    world, worker = pair()
    worker.full = True
    await world.send("coordinator", "task.start", {"parts": 1})
    await world.run(seconds=1)
    assert world.home.reports["coordinator"].status["outbox"] == 1
    worker.full = False
    world.chaos.lose_answer = 0.3
    await world.run(seconds=200)
    world.chaos.lose_answer = 0.0
    await world.run(seconds=60)
    for name in ("coordinator", "worker-1"):
        status = world.home.reports[name].status
        assert (status["inbox"], status["outbox"], status["effects"]) == (0, 0, 0)
    await world.close()


# --- remembering ---------------------------------------------------------------------------------


async def test_a_snapshot_and_the_events_since_give_the_same_state_as_all_events():
    world, _ = pair()
    await world.send("coordinator", "task.start", {"parts": 150})
    await world.run(seconds=60)
    node = world.nodes["coordinator"]
    assert node.sqlite.value("SELECT count(*) FROM snapshots") == 1
    node.die()
    replay = await world.call("coordinator", "agent.replay")
    assert replay["equal"] is True and replay["digest"] == replay["liveDigest"]
    assert replay["events"] == len(world.events("coordinator")) > 450
    part = await world.call("coordinator", "agent.replay", upTo=3)
    assert (part["upTo"], part["equal"], part["state"]["sum"]) == (3, None, 0)
    with pytest.raises(InvalidInput):
        await world.call("coordinator", "agent.replay", upTo=10**6)
    await world.close()


async def test_a_row_that_was_tampered_with_is_found_by_replay():
    world, _ = pair()
    await world.send("coordinator", "task.start", {"parts": 3})
    await world.run(seconds=60)
    world.nodes["coordinator"].sqlite.run(
        "UPDATE mesh_events SET body = replace(body, '\"square\":4', '\"square\":5')"
    )
    assert (await world.call("coordinator", "agent.replay"))["equal"] is False
    await world.close()


class CountingAdder(Adder):
    """Version 2: finished parts are counted, and a fact has another shape than before."""

    version = 2
    upgrades = EventUpgrades(
        steps={"part.finished": (lambda body: {**body, "worth": body["square"] * 10},)}
    )

    def initial(self) -> State:
        return {**super().initial(), "worth": 0}

    def apply(self, state: State, event: MeshEvent) -> State:
        state = super().apply(state, event)
        if event.type == "part.finished":
            state["worth"] += event.body["worth"]
        return state

    def decide(self, state: State, incoming: Incoming, now: int) -> Decision:
        decision = super().decide(state, incoming, now)
        events = tuple(
            (kind, {**body, "worth": body["square"] * 10} if kind == "part.finished" else body)
            for kind, body, *_ in decision.events
        )
        return Decision(**{**vars(decision), "events": events})


async def test_newer_code_folds_the_state_anew_and_old_events_are_read_in_todays_shape():
    world, _ = pair()
    await world.send("coordinator", "task.start", {"parts": 2})
    await world.run(seconds=10)
    node = world.nodes["coordinator"]
    node.die()
    node.behaviour = CountingAdder(to="worker-1")
    await world.send("coordinator", "task.start", {"parts": 1})
    await world.run(seconds=10)
    upgraded = next(e for e in world.events("coordinator") if e.type == "agent.upgraded")
    assert (upgraded.body["from"], upgraded.body["to"]) == (1, 2)
    assert world.state("coordinator")["worth"] == 60
    replay = await world.call("coordinator", "agent.replay")
    assert replay["equal"] is True and replay["upgraded"] == 2
    world.check()
    node.die()
    node.behaviour = Adder(to="worker-1")
    with pytest.raises(DependencyUnavailable, match="version 2"):
        await world.call("coordinator", "agent.describe")
    await world.close()


def test_digests_do_not_depend_on_the_order_of_keys():
    assert digest_of({"a": 1, "b": [1, 2]}) == digest_of({"b": [1, 2], "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})


# --- cost ----------------------------------------------------------------------------------------


async def test_the_rows_that_one_message_costs_are_those_that_the_documentation_says():
    world, _ = pair()
    await world.send("coordinator", "task.start", {"parts": 1})
    await world.run(seconds=30)
    written = [world.nodes[name].sqlite.rows_written for name in ("coordinator", "worker-1")]
    await world.send("coordinator", "task.start", {"parts": 10})
    await world.run(seconds=30)
    coordinator, worker = (
        world.nodes[name].sqlite.rows_written - before
        for name, before in zip(("coordinator", "worker-1"), written, strict=True)
    )
    # Ten sent: event, outbox in and out. Eleven taken: event, mark. Facts: one begun, ten finished.
    # The timer: set and cancelled.
    assert coordinator == 10 * 3 + 11 * 2 + 11 + 2
    # Ten taken: event, mark. Facts: taken, squared. Effect in and out. Ten sent: three each.
    assert worker == 10 * (2 + 2 + 2 + 3)
    await world.close()
