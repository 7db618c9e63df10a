"""What a model is given: the newest turns that fit, and a summary of the rest."""

from __future__ import annotations

import pytest

from littoral.chat.window import MAX_TURNS, SPARE_TURNS
from littoral.models.model import ModelMessage
from tests.fakes.scripted_model import words
from tests.unit.chat_world import World


def told(messages: list[ModelMessage]) -> list[str]:
    return [message.text for message in messages]


async def test_a_long_conversation_gives_the_model_no_more_than_the_window():
    world = World(*[words("Answer.") for _ in range(60)])
    for n in range(60):
        await world.ask(f"Question {n}", f"u{n}", f"r{n}")
    given = told(list(world.model.requests[-1].messages))
    assert given[-1] == "Question 59"
    assert len(given) <= 2 * (MAX_TURNS + SPARE_TURNS) + 2
    assert "Question 0" not in given


async def test_the_window_after_a_kill_is_the_same():
    world = World(*[words("Answer.") for _ in range(30)])
    for n in range(30):
        await world.ask(f"Question {n}", f"u{n}", f"r{n}")
    before = told(world.window.before(1_000))
    assert told(world.killed().window.before(1_000)) == before


async def test_long_messages_leave_room_for_fewer_turns():
    world = World(*[words("Answer.") for _ in range(10)])
    for n in range(10):
        await world.ask(f"{n} " + "long " * 300, f"u{n}", f"r{n}")
    assert 0 < len(world.window.before(1_000)) < 20


async def test_what_left_the_window_is_known_until_it_is_summarised():
    turns = MAX_TURNS + SPARE_TURNS + 1
    world = World(*[words("Answer.") for _ in range(turns)])
    for n in range(turns):
        await world.ask(f"Question {n}", f"u{n}", f"r{n}")
    assert world.window.uncovered() == (1, SPARE_TURNS + 1)
    world.window.summarise(SPARE_TURNS + 1, "They asked things.")
    assert world.window.uncovered() is None
    world.model.scenes.append(words("x"))
    await world.ask("One more", "u99", "r99")
    assert "They asked things." in world.model.requests[-1].messages[0].text


@pytest.mark.parametrize("sleeps", [False, True])
async def test_a_long_talk_needs_a_summary_every_few_turns_only(sleeps: bool):
    world = World(*[words("Answer.") for _ in range(200)])
    summaries = 0
    for n in range(100):
        await world.ask(f"Question {n}", f"u{n}", f"r{n}")
        if sleeps:
            world.window.forget()
        span = world.window.uncovered()
        if span is not None:
            world.window.summarise(span[1], f"up to {span[1]}")
            summaries += 1
    assert summaries <= 100 // SPARE_TURNS
    first_kept = world.window.summary[0] + 1
    assert world.window.before(1_000)[0].text == f"Question {first_kept - 1}"


async def test_a_summary_of_turns_that_are_said_anew_is_dropped():
    world = World(words("One."), words("Two."), words("Other."))
    await world.ask("First", "u1", "r1")
    await world.ask("Second", "u2", "r2")
    world.window.summarise(1, "old")
    await world.ask("First, changed", "u1", "r3")
    assert world.window.summary == (0, "")
