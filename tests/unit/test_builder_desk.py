"""What people do with a build: begin, steer, stop, resume, repair, restore."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from littoral.builder import limits
from littoral.errors import (
    BudgetExceeded,
    Conflict,
    InsufficientCredits,
    InvalidInput,
    NotFound,
    QueueFull,
)
from littoral.models.model import ModelRequest, TextDelta
from tests.fakes.database import FakeDatabase
from tests.fakes.wayward_model import Answer, WaywardModel, asked_file, title_of
from tests.unit.build_world import BuildWorld


async def world_of(**settings: Any) -> BuildWorld:
    return await BuildWorld(**settings).ready()


async def types(world: BuildWorld) -> list[str]:
    return [each["type"] for each in await world.events()]


async def test_a_build_waits_with_its_plan_until_it_is_generated() -> None:
    world = await world_of()
    await world.create("Build a blog application")
    waiting = await world.still()

    assert (waiting["status"], waiting["currentDevState"]) == ("waiting", "idle")
    assert waiting["blueprint"]["phases"]
    assert await world.balance() == (1_000_000, 0)

    await world.call("build.generate")
    state = await world.still()
    assert state["status"] == "completed"
    assert state["mvpGenerated"] is True
    await world.close()


async def test_generate_while_the_plan_is_written_builds_as_soon_as_it_is_there() -> None:
    world = await world_of()
    await world.create()
    await world.call("build.generate")
    state = await world.still()

    assert state["status"] == "completed"
    assert state["usage"]["rounds"] == 2
    await world.close()


async def test_the_same_request_again_is_the_same_build_and_another_one_is_refused() -> None:
    world = await world_of()
    first = await world.create("Build a blog", start=True)
    again = await world.create("Build a blog", start=True)

    assert first["createdAt"] == again["createdAt"]
    assert (await types(world)).count("build.created") == 1
    with pytest.raises(Conflict):
        await world.call("build.create", query="Build something else")
    await world.close()


@pytest.mark.parametrize(
    "args",
    [
        {"query": ""},
        {"query": "x", "mode": "clever"},
        {"query": "x", "budget": {"tokens": 0}},
        {"query": "x", "budget": {"tokens": True}},
        {"query": "x", "budget": {"money": 5}},
        {"query": "x", "start": True, "budget": {"credits": 0.1}},
    ],
    ids=str,
)
async def test_what_cannot_be_asked_for_leaves_nothing(args: dict[str, Any]) -> None:
    world = await world_of()
    with pytest.raises(InvalidInput):
        await world.call("build.create", **args)
    await world.close()

    assert await world.database.rows("SELECT * FROM builds") == []
    assert (await world.balance())[1] == 0


async def test_without_credits_there_is_no_build() -> None:
    world = await BuildWorld().ready(granted=100)
    with pytest.raises(InsufficientCredits):
        await world.call("build.create", query="Build a blog", start=True)
    with pytest.raises(NotFound):
        await world.state()
    await world.close()

    assert await world.database.rows("SELECT * FROM builds") == []


async def test_exactly_three_builds_of_a_user_are_worked_on_at_once() -> None:
    database = FakeDatabase()
    worlds = [BuildWorld(build_id=f"bld_{n:022d}", database=database) for n in range(8)]
    await worlds[0].ready()

    async def begin(world: BuildWorld) -> bool:
        try:
            await world.call("build.create", query="Build a blog", start=True)
        except QueueFull:
            return False
        return True

    begun = await asyncio.gather(*(begin(world) for world in worlds))

    assert sum(begun) == limits.BUILDS_AT_ONCE
    active = worlds[begun.index(True)]
    await active.call("build.cancel")
    await active.still()
    refused = worlds[begun.index(False)]
    assert await begin(refused)
    for world in worlds:
        await world.close()


async def test_the_plan_can_be_edited_before_it_is_built_and_not_later() -> None:
    world = await world_of()
    await world.create("Build a to-do list")
    plan = (await world.still())["blueprint"]
    plan["title"] = "Groceries"
    plan["phases"][0]["files"].append({"path": "about.html", "purpose": "Who made it"})
    edited = (await world.call("build.blueprint", blueprint=plan))["state"]
    assert edited["title"] == "Groceries"
    bad = {**plan, "phases": [{**plan["phases"][0], "files": [{"path": "../x", "purpose": ""}]}]}
    with pytest.raises(InvalidInput):
        await world.call("build.blueprint", blueprint=bad)

    await world.call("build.generate")
    state = await world.still()
    assert "about.html" in state["generatedFilesMap"]
    with pytest.raises(Conflict):
        await world.call("build.blueprint", blueprint=plan)
    await world.close()


async def test_a_message_on_a_completed_build_adds_a_phase() -> None:
    world = await world_of()
    await world.create(start=True)
    before = await world.still()
    await world.call("build.message", text="make the header blue")
    state = await world.still()

    assert len(state["generatedPhases"]) == len(before["generatedPhases"]) + 1
    assert state["generatedPhases"][-1]["messages"] == ["make the header blue"]
    assert state["revision"] > before["revision"]
    assert state["queuedMessages"] == []
    await world.close()


async def test_messages_wait_for_the_next_phase_and_their_queue_has_an_end() -> None:
    world = await world_of()
    await world.create("Build a to-do list")
    await world.still()
    for number in range(limits.MAX_QUEUED_MESSAGES):
        await world.call("build.message", text=f"message {number}")
    with pytest.raises(QueueFull):
        await world.call("build.message", text="one more")
    await world.call("build.generate")
    state = await world.still()

    assert state["status"] == "completed"
    assert len(state["generatedPhases"][0]["messages"]) == limits.MAX_QUEUED_MESSAGES
    assert (await types(world)).count("message.taken") == 1
    await world.close()


async def test_a_cancellation_in_mid_file_closes_the_model_and_keeps_what_is_whole() -> None:
    held = asyncio.Event()

    def answers(request: ModelRequest) -> Answer | None:
        if asked_file(request).get("path") == "app.js" and not held.is_set():
            return [TextDelta(text="<<<FILE app.js>>>\nlet a;\n"), held]
        return None

    model = WaywardModel(answers)
    world = await BuildWorld(model=model).ready()
    await world.create(start=True)
    await world.until(lambda state: state["generatedFilesMap"].get("app.js") is not None)
    await world.breathe()
    state = (await world.call("build.cancel", reason="enough"))["state"]
    await world.breathe()

    assert model.closed == 1
    assert state["status"] == "cancelled"
    settled = await world.still()
    assert "app.js" not in settled["generatedFilesMap"]
    assert len(settled["generatedFilesMap"]) == 3
    assert (await types(world))[-1] == "build.cancelled"
    assert (await world.balance())[1] == 0

    held.set()
    await world.call("build.resume")
    resumed = await world.still()
    assert resumed["status"] == "completed"
    saved = [e["data"]["path"] for e in await world.events() if e["type"] == "file.saved"]
    assert len(saved) == len(set(saved)) == 5
    await world.close()


async def test_a_build_out_of_budget_goes_on_with_a_new_one() -> None:
    world = await world_of()
    await world.create(start=True, budget={"calls": 3})
    short = await world.still()
    assert short["status"] == "budget_exceeded"
    with pytest.raises(Conflict):
        await world.call("build.generate")
    await world.call("build.resume", budget={"calls": 100})
    state = await world.still()

    assert state["status"] == "completed"
    await world.close()


async def test_problems_of_the_preview_are_repaired_by_fix() -> None:
    world = await world_of()
    await world.create(start=True)
    await world.still()
    problem = {"message": "x is not defined", "source": "https://h/preview/t/app.js?1", "line": 3}
    found = (await world.call("build.problems", problems=[problem]))["state"]
    assert found["status"] == "completed_with_issues"
    assert [each["file"] for each in found["issues"]] == ["app.js"]
    again = (await world.call("build.problems", problems=[problem]))["state"]
    assert len(again["issues"]) == 1

    await world.call("build.fix")
    state = await world.still()
    assert state["status"] == "completed"
    assert [each["status"] for each in state["issues"]] == ["fixed"]
    with pytest.raises(Conflict):
        await world.call("build.fix")
    await world.close()


async def test_an_old_revision_can_be_restored_and_is_checked() -> None:
    world = await world_of()
    await world.create(start=True)
    before = await world.still()
    texts = await world.texts()
    await world.call("build.message", text="make the header blue")
    changed = await world.still()
    assert await world.texts() != texts

    await world.call("build.restore", revision=before["revision"])
    state = await world.still()
    assert await world.texts() == texts
    assert state["revision"] > changed["revision"]
    with pytest.raises(NotFound):
        await world.call("build.restore", revision=999)
    await world.close()


async def test_a_file_grows_live_in_pieces_that_make_the_whole() -> None:
    world = await world_of()
    client = world.connections.connect("one")
    await world.create(start=True)
    await world.still()
    texts = await world.texts()
    await world.close()

    for path, text in texts.items():
        pieces = [f for f in client.frames if f["type"] == "file-piece" and f["path"] == path]
        assert [p["offset"] for p in pieces] == _offsets(pieces)
        assert "".join(p["text"] for p in pieces) == text
    states = [f["state"] for f in client.frames if f["type"] == "cf_agent_state"]
    assert states[-1]["status"] == "completed"


def _offsets(pieces: list[dict[str, Any]]) -> list[int]:
    offsets, at = [], 0
    for piece in pieces:
        offsets.append(at)
        at += len(piece["text"])
    return offsets


async def test_a_store_that_is_away_for_a_while_only_delays_the_build() -> None:
    world = await world_of()
    await world.create(start=True)
    world.store.down = True
    for _ in range(60):
        await world.breathe()
        await world.pass_time(1)
    assert (await world.state())["status"] == "building"
    world.store.down = False
    state = await world.still()

    assert state["status"] == "completed"
    await world.close()


async def test_a_store_that_stays_away_fails_the_build_and_resuming_completes_it() -> None:
    world = await world_of()
    await world.create(start=True)
    world.store.down = True
    state = await world.still()
    assert (state["status"], state["error"]["code"]) == ("failed", "dependency_unavailable")
    world.store.down = False
    await world.call("build.resume")

    assert (await world.still())["status"] == "completed"
    await world.close()


async def test_a_message_that_no_phase_can_be_made_of_fails_and_still_waits() -> None:
    model = WaywardModel(lambda request: "{" if title_of(request) == "next phase" else None)
    world = await BuildWorld(model=model).ready()
    await world.create(start=True)
    await world.still()
    await world.call("build.message", text="make it nice")
    state = await world.still()

    assert state["status"] == "failed"
    assert [each["text"] for each in state["queuedMessages"]] == ["make it nice"]
    await world.close()


async def test_a_budget_of_today_that_is_used_up_refuses_the_round() -> None:
    world = BuildWorld()
    world._ledger._daily_budget = 100
    await world.ready()
    with pytest.raises(BudgetExceeded):
        await world.call("build.create", query="Build a blog", start=True)
    await world.close()


async def test_a_database_that_is_away_delays_only_the_books() -> None:
    world = await world_of()
    await world.create(start=True)
    world.database.down = True
    state = await world.until(lambda found: found["status"] == "completed")
    assert state["generatedFilesMap"]
    assert world.builder.has_work()
    world.database.down = False
    await world.still()

    assert (await world.balance())[1] == 0
    assert await world.database.rows("SELECT status, active FROM builds") == [("completed", 0)]
    await world.close()
