"""Summaries and titles: made later, by the model or without one, safe to repeat."""

from __future__ import annotations

from littoral.chat.message import user_message
from littoral.chat.transcript import Turn
from littoral.models.model import Chosen, Finished, TextDelta
from littoral.store.event_log import EVENT_LOG_SCHEMA, EventLog
from littoral.store.jobs import JOBS_SCHEMA, Job, Jobs
from littoral.store.migrations import migrate
from littoral.task_agent.session_record import SESSION_SCHEMA, SessionRecord, SessionStore
from littoral.task_agent.title import title_from
from littoral.task_agent.upkeep import OFFLINE_SUMMARY_CHARACTERS, Upkeep, UpkeepParts, extract
from tests.fakes.scripted_model import ScriptedModel, words
from tests.unit.chat_world import World

JOB = Job(name="x", kind="x", due_at_ms=0, payload={})


def upkeep(world: World, model: ScriptedModel) -> tuple[Upkeep, SessionStore, Jobs]:
    migrate(world.sql, (EVENT_LOG_SCHEMA, JOBS_SCHEMA, SESSION_SCHEMA))
    sessions = SessionStore(world.sql)
    sessions.put(SessionRecord(session_id="s", owner="o", created_at_ms=0, updated_at_ms=0))
    jobs = Jobs(world.sql, world.clock, per_hour=100)
    parts = UpkeepParts(
        clock=world.clock,
        jobs=jobs,
        events=EventLog(world.sql, world.clock),
        transcript=world.transcript,
        window=world.window,
        sessions=sessions,
        model=model,
        timeout_seconds=5,
        changed=lambda: None,
    )
    return Upkeep(parts), sessions, jobs


async def long_talk(turns: int) -> World:
    world = World(*[words("Answer.") for _ in range(turns)])
    for n in range(turns):
        await world.ask(f"Question {n}", f"u{n}", f"r{n}")
    return world


async def test_old_turns_are_folded_into_the_models_summary():
    world = await long_talk(51)
    model = ScriptedModel(words("They asked questions."))
    keeper, _, jobs = upkeep(world, model)
    keeper.after_turn(51, model_answered=True)
    assert [job.name for job in jobs.named("")] == ["summary"]
    await keeper.summarise(JOB)
    assert world.window.summary == (11, "They asked questions.")
    assert "Question 4" in model.requests[0].messages[1].text
    await keeper.summarise(JOB)
    assert len(model.requests) == 1


async def test_without_a_model_the_summary_is_what_the_user_said():
    world = await long_talk(51)
    model = ScriptedModel([Chosen(model="offline"), TextDelta(text="I am offline."), Finished()])
    keeper, _, _ = upkeep(world, model)
    await keeper.summarise(JOB)
    upto, text = world.window.summary
    assert upto == 11
    assert text.splitlines()[0] == "- Question 0"


def test_a_summary_without_a_model_is_bounded_and_keeps_the_newest():
    turns = [
        Turn(
            number=n,
            user=user_message(f"u{n}", f"{n} " + "word " * 100, 0),
            reply=None,
            status="completed",
            request_id="",
            options={},
            attempts=0,
            delivered=True,
            created_at_ms=0,
        )
        for n in range(100)
    ]
    text = extract("before", turns)
    assert len(text) <= OFFLINE_SUMMARY_CHARACTERS
    assert "99 word" in text


async def test_the_model_names_a_session_unless_a_person_did():
    world = await long_talk(1)
    keeper, sessions, _ = upkeep(world, ScriptedModel(words('"A quiet question."')))
    await keeper.name(JOB)
    assert sessions.get().title == "A quiet question"
    keeper, sessions, _ = upkeep(world, ScriptedModel(words("Another")))
    sessions.change(title="Mine", named=True)
    await keeper.name(JOB)
    assert sessions.get().title == "Mine"


def test_a_title_is_the_first_line_without_the_command_and_cut_at_a_word():
    assert title_from("Add task: buy milk\nand more") == "Buy milk"
    assert title_from("add task:") == "Add task:"
    long = title_from("please tell me everything about the history of lighthouses in Brittany")
    assert len(long) <= 60
    assert long.endswith("…")
