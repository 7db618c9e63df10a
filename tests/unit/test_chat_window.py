"""What a model is given: the newest turns that fit, and a summary of the rest."""

from __future__ import annotations

from littoral.chat.window import MAX_TURNS
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
    assert len(given) <= 2 * MAX_TURNS + 2
    assert "Question 0" not in given


async def test_the_window_after_a_kill_is_the_same():
    world = World(*[words("Answer.") for _ in range(50)])
    for n in range(50):
        await world.ask(f"Question {n}", f"u{n}", f"r{n}")
    before = told(world.window.before(1_000))
    assert told(world.killed().window.before(1_000)) == before


async def test_long_messages_leave_room_for_fewer_turns():
    world = World(*[words("Answer.") for _ in range(10)])
    for n in range(10):
        await world.ask(f"{n} " + "long " * 300, f"u{n}", f"r{n}")
    assert 0 < len(world.window.before(1_000)) < 20


async def test_what_left_the_window_is_known_until_it_is_summarised():
    world = World(*[words("Answer.") for _ in range(MAX_TURNS + 5)])
    for n in range(MAX_TURNS + 5):
        await world.ask(f"Question {n}", f"u{n}", f"r{n}")
    assert world.window.uncovered() == (1, 5)
    world.window.summarise(5, "They asked five things.")
    assert world.window.uncovered() is None
    world.model.scenes.append(words("x"))
    await world.ask("One more", "u99", "r99")
    assert "They asked five things." in world.model.requests[-1].messages[0].text


async def test_a_summary_of_turns_that_are_said_anew_is_dropped():
    world = World(words("One."), words("Two."), words("Other."))
    await world.ask("First", "u1", "r1")
    await world.ask("Second", "u2", "r2")
    world.window.summarise(1, "old")
    await world.ask("First, changed", "u1", "r3")
    assert world.window.summary == (0, "")
