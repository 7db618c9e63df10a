"""Turns: accepted once, answered in order, stopped, continued, and true after a kill."""

from __future__ import annotations

import asyncio
import json

import pytest

from littoral.chat.fold import text_of
from littoral.errors import Conflict, ModelUnavailable, QueueFull
from littoral.models.model import Finished, TextDelta
from littoral.models.tool import ToolFailed, ToolSet, tool
from tests.fakes.scripted_model import calls, words
from tests.fakes.sqlite import Sqlite
from tests.unit.chat_world import World


class Ledger:
    """Tools that leave a mark for each time they ran."""

    def __init__(self, sql: Sqlite) -> None:
        self.sql = sql
        self.sent: list[str] = []
        self.hold: asyncio.Event | None = None

    @tool()
    def note(self, entry: str) -> str:
        """Writes an entry into the ledger."""
        if entry == "bad":
            raise ToolFailed("Nothing bad is noted.")
        self.sql.run("INSERT INTO ledger VALUES (?)", entry)
        if entry == "broken":
            raise RuntimeError("a bug")
        return f"noted {entry}"

    @tool(approval=True)
    def erase(self) -> str:
        """Erases the ledger."""
        self.sql.run("DELETE FROM ledger")
        return "erased"

    @tool(parallel=True)
    async def send(self, to: str) -> str:
        """Sends a letter."""
        self.sent.append(to)
        if self.hold is not None:
            await self.hold.wait()
        return f"sent to {to}"

    def entries(self) -> list[str]:
        return [str(entry) for (entry,) in self.sql.rows("SELECT entry FROM ledger")]


def ledger_world(*scenes, sql: Sqlite | None = None) -> tuple[World, Ledger]:
    sql = sql or Sqlite()
    ledger = Ledger(sql)
    return World(*scenes, tools=ToolSet.of(ledger), sql=sql), ledger


async def test_a_plain_turn_is_answered_and_kept():
    world = World(words("Hello |there."))
    ending = await world.ask("Hi")
    assert ending.outcome == "completed"
    assert text_of(ending.reply) == "Hello there."
    assert ending.reply["metadata"]["usage"]["outputTokens"] == 5
    stored = world.transcript.last()
    assert stored is not None
    assert stored.status == "completed"
    assert stored.reply == ending.reply


async def test_a_plain_turn_writes_three_rows_and_no_journal():
    world = World(words("Hello."))
    before = world.sql.rows_written
    await world.ask("Hi")
    # SQLite's own count leaves indexes out: an insert and an update here, three rows as billed.
    assert world.sql.rows_written - before == 2
    assert world.journal.load(1) == []


async def test_a_socket_sees_every_chunk_in_order_and_done_last():
    world = World(words("One |two |three."))
    client = world.connections.connect("c1")
    await world.ask("Count")
    assert client.words("r1") == "One two three."
    kinds = [chunk["type"] for chunk in client.chunks("r1")]
    assert kinds[0] == "start"
    assert kinds[-1] == "finish"
    assert len(client.done("r1")) == 1
    assert client.frames[-1]["done"] is True
    transcript = client.types().index("cf_agent_chat_messages")
    assert transcript < len(client.frames) - 1


async def test_the_same_message_sent_twice_is_answered_once():
    world = World(words("Hello."))
    first = await world.ask("Hi")
    again = await world.ask("Hi", request_id="r2")
    assert again.reply == first.reply
    assert world.transcript.message_count() == 2
    assert len(world.model.requests) == 1


async def test_the_same_message_sent_twice_at_once_waits_for_the_one_answer():
    gate = asyncio.Event()
    world = World([gate, *words("Hello.")])
    turn = world.accept("Hi")
    one = world.begin(turn)
    two = world.begin(world.accept("Hi", request_id="r2"))
    await world.until(lambda: bool(world.model.requests))
    gate.set()
    assert (await one).reply == (await two).reply
    assert len(world.model.requests) == 1


async def test_concurrent_messages_are_answered_in_order():
    world = World(*[words(f"Answer {n}.") for n in range(5)])
    turns = [world.accept(f"Question {n}", f"u{n}", f"r{n}") for n in range(5)]
    endings = await asyncio.gather(*[world.chat.answer(turn) for turn in turns])
    assert [text_of(each.reply) for each in endings] == [f"Answer {n}." for n in range(5)]
    asked = [request.messages[-1].text for request in world.model.requests]
    assert asked == [f"Question {n}" for n in range(5)]


async def test_the_model_is_given_instructions_then_the_turns_before():
    world = World(words("One."), words("Two."))
    await world.ask("First", "u1", "r1")
    await world.ask("Second", "u2", "r2")
    told = [(m.role, m.text) for m in world.model.requests[1].messages]
    assert told == [
        ("system", "Be brief."),
        ("user", "First"),
        ("assistant", "One."),
        ("user", "Second"),
    ]


async def test_more_than_sixteen_waiting_messages_are_refused():
    world = World()
    for n in range(16):
        world.accept("x", f"u{n}", f"r{n}")
    with pytest.raises(QueueFull):
        world.accept("x", "u16", "r16")


async def test_a_tool_runs_once_and_its_result_goes_back_to_the_model():
    world, ledger = ledger_world(calls(("note", {"entry": "milk"})), words("Noted."))
    ending = await world.ask("Note milk")
    assert ledger.entries() == ["milk"]
    assert world.effects == 1
    part = next(p for p in ending.reply["parts"] if p["type"] == "tool-note")
    assert part["state"] == "output-available"
    assert part["output"] == "noted milk"
    assert world.model.requests[1].messages[-1].text == "noted milk"
    assert text_of(ending.reply) == "Noted."
    assert world.journal.load(1) == []


async def test_a_tool_that_fails_changes_nothing_and_the_model_reads_why():
    world, ledger = ledger_world(
        calls(("note", {"entry": "bad"}), ("note", {"entry": "broken"}), ("note", {"x": 1})),
        words("Sorry."),
    )
    await world.ask("Note bad things")
    assert ledger.entries() == []
    results = [m.text for m in world.model.requests[1].messages if m.role == "tool"]
    assert results[0] == "Error: Nothing bad is noted."
    assert "a reason of its own" in results[1]
    assert "entry" in results[2]
    assert [str(fault) for fault in world.faults] == ["a bug"]


async def test_a_model_that_repeats_a_call_is_stopped():
    scenes = [calls(("note", {"entry": "x"}), prefix=f"c{n}-") for n in range(8)]
    world, ledger = ledger_world(*scenes)
    ending = await world.ask("Go on")
    assert ending.outcome == "failed"
    assert ending.error is not None
    assert ending.error.code == "budget_exceeded"
    assert ledger.entries() == ["x", "x", "x"]


async def test_a_model_that_never_ends_is_stopped_after_the_steps_allowed():
    scenes = [calls(("note", {"entry": f"x{n}"}), prefix=f"c{n}-") for n in range(9)]
    world, ledger = ledger_world(*scenes)
    ending = await world.ask("Go on")
    assert ending.outcome == "failed"
    assert len(world.model.requests) == 8
    assert len(ledger.entries()) == 8


async def test_a_stopped_turn_keeps_its_words_and_says_so():
    gate = asyncio.Event()
    world = World([TextDelta(text="Half "), gate, TextDelta(text="more"), Finished()])
    client = world.connections.connect("c1")
    task = world.begin(world.accept("Talk"))
    await world.until(lambda: client.words("r1") == "Half ")
    assert world.chat.cancel("r1")
    ending = await task
    assert ending.outcome == "cancelled"
    assert text_of(ending.reply) == "Half "
    assert client.chunks("r1")[-1] == {"type": "abort"}
    assert client.done("r1")[0]["outcome"] == "aborted"
    assert world.transcript.last().status == "cancelled"


async def test_a_waiting_turn_can_be_stopped_before_it_begins():
    gate = asyncio.Event()
    world = World([gate, *words("First.")])
    first = world.begin(world.accept("One", "u1", "r1"))
    second = world.begin(world.accept("Two", "u2", "r2"))
    await world.until(lambda: bool(world.model.requests))
    assert world.chat.cancel("r2")
    gate.set()
    assert (await first).outcome == "completed"
    assert (await second).outcome == "cancelled"
    assert len(world.model.requests) == 1


async def test_a_failed_turn_says_so_and_may_be_asked_again():
    world = World([ModelUnavailable("No capacity.")], words("Now it works."))
    client = world.connections.connect("c1")
    failed = await world.ask("Hi")
    assert failed.outcome == "failed"
    frame = client.done("r1")[0]
    assert frame["error"] is True
    assert frame["body"] == "No capacity."
    assert frame["code"] == "model_unavailable"
    again = await world.ask("Hi", request_id="r2")
    assert text_of(again.reply) == "Now it works."
    assert world.transcript.message_count() == 2


async def test_a_failed_turn_that_is_asked_again_later_takes_no_later_turn_away():
    world = World([ModelUnavailable("No capacity.")], words("Fine."))
    await world.ask("One", "u1", "r1")
    await world.ask("Two", "u2", "r2")
    again = await world.ask("One", "u1", "r3")
    assert again.outcome == "failed"
    assert [turn.status for turn in world.transcript.before(None, 9)] == ["failed", "completed"]


async def test_a_bug_never_shows_its_text():
    world = World([RuntimeError("secret stack")])
    client = world.connections.connect("c1")
    await world.ask("Hi")
    assert "secret" not in json.dumps(client.frames)
    assert [str(fault) for fault in world.faults] == ["secret stack"]


async def test_approval_stops_the_turn_until_a_person_decides():
    world, ledger = ledger_world(
        calls(("note", {"entry": "a"})), words("ok"), calls(("erase", {})), words("All gone.")
    )
    client = world.connections.connect("c1")
    await world.ask("Note a", "u1", "r1")
    ending = await world.ask("Erase all", "u2", "r2")
    assert ending.outcome == "waiting"
    assert ledger.entries() == ["a"]
    asked = next(c for c in client.chunks("r2") if c["type"] == "tool-approval-request")
    await world.frames.handlers["cf_agent_tool_approval"](
        client, {"toolCallId": asked["toolCallId"], "approved": True, "autoContinue": True}
    )
    assert ledger.entries() == []
    stored = world.transcript.last()
    assert stored.status == "completed"
    assert text_of(stored.reply) == "All gone."
    assert stored.reply["id"] == ending.reply["id"]


async def test_a_denied_call_does_not_run_and_a_second_answer_changes_nothing():
    world, ledger = ledger_world(
        calls(("erase", {})), words("Then I leave it."), calls(("erase", {})), words("never")
    )
    ledger.note("keep")
    client = world.connections.connect("c1")
    await world.ask("Erase all")
    part = world.transcript.last().reply["parts"][1]
    frame = {"toolCallId": part["toolCallId"], "approved": False, "autoContinue": True}
    await world.frames.handlers["cf_agent_tool_approval"](client, frame)
    await world.frames.handlers["cf_agent_tool_approval"](client, {**frame, "approved": True})
    assert ledger.entries() == ["keep"]
    assert text_of(world.transcript.last().reply) == "Then I leave it."


async def test_an_approval_survives_a_kill():
    world, ledger = ledger_world(calls(("erase", {})))
    ledger.note("a")
    await world.ask("Erase all")
    after = world.killed(words("Gone."))
    client = after.connections.connect("c9")
    part = after.transcript.last().reply["parts"][1]
    assert part["state"] == "approval-requested"
    await after.frames.handlers["cf_agent_tool_approval"](
        client, {"toolCallId": part["toolCallId"], "approved": True, "autoContinue": True}
    )
    assert ledger.entries() == []
    assert after.transcript.last().status == "completed"


async def test_writing_on_instead_of_deciding_means_no():
    world, ledger = ledger_world(calls(("erase", {})), words("Fine."))
    ledger.note("a")
    await world.ask("Erase all", "u1", "r1")
    await world.ask("Never mind", "u2", "r2")
    first = world.transcript.get(1)
    assert first.status == "completed"
    assert first.reply["parts"][1]["state"] == "output-denied"
    assert ledger.entries() == ["a"]


async def test_a_kill_before_any_word_answers_the_turn_after_the_restart():
    gate = asyncio.Event()
    world = World([gate])
    world.begin(world.accept("Hi"))
    await world.until(lambda: bool(world.model.requests))
    after = world.killed(words("Here I am."))
    await after.settle()
    stored = after.transcript.last()
    assert stored.status == "completed"
    assert text_of(stored.reply) == "Here I am."
    assert after.transcript.message_count() == 2


async def test_a_kill_after_a_tool_ran_does_not_run_it_again():
    gate = asyncio.Event()
    world, ledger = ledger_world(calls(("note", {"entry": "milk"})), [gate])
    world.begin(world.accept("Note milk"))
    await world.until(lambda: len(world.model.requests) == 2)
    after = world.killed(words("Noted once."))
    await after.settle()
    assert ledger.entries() == ["milk"]
    stored = after.transcript.last()
    assert text_of(stored.reply) == "Noted once."
    results = [m.text for m in after.model.requests[0].messages if m.role == "tool"]
    assert results == ["noted milk"]


async def test_who_asks_first_after_a_kill_gets_the_turn_from_where_it_was_cut_off():
    gate = asyncio.Event()
    world, ledger = ledger_world(calls(("note", {"entry": "milk"})), [gate])
    world.begin(world.accept("Note milk"))
    await world.until(lambda: len(world.model.requests) == 2)
    after = world.killed(words("Noted once."))
    heard: list[str] = []
    ending = await after.chat.answer(
        after.accept("Note milk", request_id="r2"), lambda chunk: heard.append(chunk["type"])
    )
    await after.settle()
    assert text_of(ending.reply) == "Noted once."
    assert ending.reply["id"] == "msg_1_r1"
    assert ledger.entries() == ["milk"]
    assert heard[0] == "start" and heard.count("tool-output-available") == 1
    assert after.transcript.last().attempts == 1


async def test_a_kill_during_a_call_outside_never_repeats_it():
    world, ledger = ledger_world(calls(("send", {"to": "Bo"})))
    ledger.hold = asyncio.Event()
    world.begin(world.accept("Write to Bo"))
    await world.until(lambda: ledger.sent == ["Bo"])
    after = world.killed(words("I do not know whether it was sent."))
    await after.settle()
    assert ledger.sent == ["Bo"]
    results = [m.text for m in after.model.requests[0].messages if m.role == "tool"]
    assert "not known" in results[0]


async def test_a_turn_that_is_cut_off_again_and_again_is_given_up():
    gate = asyncio.Event()
    world = World([gate])
    world.begin(world.accept("Hi"))
    await world.until(lambda: bool(world.model.requests))
    for _ in range(3):
        world = world.killed([asyncio.Event()])
        await world.until(lambda w=world: bool(w.model.requests))
    world = world.killed()
    await world.settle()
    assert world.transcript.last().status == "failed"


async def test_several_turns_cut_off_are_answered_in_order_and_before_new_ones():
    gate = asyncio.Event()
    world = World([gate])
    for n in range(3):
        world.begin(world.accept(f"Q{n}", f"u{n}", f"r{n}"))
    await world.until(lambda: bool(world.model.requests))
    after = world.killed(*[words(f"A{n}") for n in range(4)])
    newest = await after.ask("Q3", "u3", "r3")
    await after.settle()
    answers = [text_of(turn.reply) for turn in after.transcript.before(None, 10)]
    assert answers == ["A0", "A1", "A2", "A3"]
    assert text_of(newest.reply) == "A3"


async def test_regenerating_throws_the_answer_away_and_gives_another():
    world = World(words("First."), words("Second."))
    await world.ask("Hi")
    turn = world.chat.restart(world.transcript.last(), request_id="r2", options={})
    ending = await world.chat.answer(turn)
    assert text_of(ending.reply) == "Second."
    assert world.transcript.message_count() == 2
    asked = [m.text for m in world.model.requests[1].messages]
    assert asked == ["Be brief.", "Hi"]


async def test_an_edited_message_is_answered_anew_and_what_followed_is_gone():
    world = World(words("One."), words("Two."), words("Other."))
    await world.ask("First", "u1", "r1")
    await world.ask("Second", "u2", "r2")
    ending = await world.ask("First, changed", "u1", "r3")
    assert text_of(ending.reply) == "Other."
    assert world.transcript.message_count() == 2
    assert text_of(world.transcript.last().user) == "First, changed"


async def test_editing_while_an_answer_is_given_is_refused():
    gate = asyncio.Event()
    world = World(words("One."), [gate])
    await world.ask("First", "u1", "r1")
    world.begin(world.accept("Second", "u2", "r2"))
    await world.until(lambda: len(world.model.requests) == 2)
    with pytest.raises(Conflict):
        world.accept("First, changed", "u1", "r3")
    gate.set()


async def test_clearing_stops_and_forgets():
    gate = asyncio.Event()
    world = World([gate])
    task = world.begin(world.accept("Hi"))
    await world.until(lambda: bool(world.model.requests))
    await world.chat.clear()
    assert (await task).outcome == "cancelled"
    assert world.transcript.message_count() == 0
    assert world.transcript.last() is None
