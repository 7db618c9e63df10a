"""Sandboxes lost between the commands of a run: no step runs without the files before it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from littoral.orchestrator.run_book import _run
from tests.fakes.sandbox import Script
from tests.unit.run_world import RunWorld

ARTIFACT = "/workspace/artifacts/marks"


@pytest.fixture
async def world() -> AsyncIterator[RunWorld]:
    made = await RunWorld(scripts={"wait": Script(hold=True)}).ready()
    yield made
    await made.close()


def types(events: list[dict[str, Any]]) -> list[str]:
    return [each["type"] for each in events]


async def paused_after_first(world: RunWorld, **request: Any) -> str:
    """A run whose first step has completed and whose second may not begin yet."""
    run_id = await world.start(commands=["wait", "two", "three"], **request)
    sandbox = world.sandbox(request.get("sessionId", run_id))
    await world.until(lambda run: run["steps"][0]["status"] == "running", run_id)
    await world.until(lambda _run: sandbox.starts != [], run_id)
    await world.call("run.pause", runId=run_id)
    await sandbox.finish(f"{run_id}-0")
    await world.until(lambda run: run["steps"][0]["status"] == "completed", run_id)
    return run_id


async def session(world: RunWorld) -> str:
    session_id: str = (await world.call("session.create"))["sessionId"]
    for _ in range(30):
        await world.breathe()
        await world.pass_time(2)
        if (await world.call("session.describe", sessionId=session_id))["status"] == "ready":
            break
    return session_id


@pytest.mark.parametrize("in_session", [False, True], ids=["one shot", "in a session"])
@pytest.mark.parametrize("reopened", [False, True], ids=["gone", "another runs"])
async def test_a_sandbox_lost_between_two_commands_ends_the_run_before_the_next(
    world: RunWorld, in_session: bool, reopened: bool
) -> None:
    more = {"sessionId": await session(world)} if in_session else {}
    run_id = await paused_after_first(world, **more)
    sandbox = world.sandbox(more.get("sessionId", run_id))
    await sandbox.lose()
    if reopened:
        await sandbox.call("sandbox.start", {})
    world.kill()
    world.restart()
    await world.call("run.resume", runId=run_id)
    run = await world.ended(run_id)

    assert run["status"] == "failed"
    assert run["error"]["code"] == "sandbox_lost"
    assert run["error"]["message"] == "The sandbox was lost with its files before step 2 began."
    assert [step["status"] for step in run["steps"]] == ["completed", "skipped", "skipped"]
    assert (run["exitCode"], run["artifactsLost"]) == (None, True)
    assert sandbox.starts == [f"{run_id}-0"]
    assert sandbox.holds == set()
    told = await world.events(run_id)
    assert types(told)[-4:] == ["step.completed", "artifact.lost", "credits.settled", "run.failed"]
    assert told[-4]["data"] == {
        "step": 1,
        "status": "skipped",
        "exitCode": None,
        "reason": "sandbox_lost",
    }


async def test_a_sandbox_lost_before_the_first_command_of_its_own_run_is_replaced(
    world: RunWorld,
) -> None:
    run_id = await world.start(commands=["one", "two"])
    await world.until(lambda _run: world.sandbox(run_id).boots == 1, run_id)
    if not world.sandbox(run_id).starts:
        await world.sandbox(run_id).lose()
    run = await world.ended(run_id)

    assert run["status"] == "completed"
    assert not run["artifactsLost"]
    assert world.sandbox(run_id).starts == [f"{run_id}-0", f"{run_id}-1"]


async def test_files_lost_after_the_last_command_are_told_and_the_run_has_completed(
    world: RunWorld,
) -> None:
    run_id = await world.start(command="wait")
    sandbox = world.sandbox(run_id)
    await world.until(lambda _run: sandbox.starts != [], run_id)
    sandbox.files[ARTIFACT] = b"1"
    sandbox.meanwhile["artifacts.collect"] = lambda _args: sandbox.lose()
    await sandbox.finish(f"{run_id}-0")
    run = await world.ended(run_id)

    assert (run["status"], run["exitCode"], run["artifacts"]) == ("completed", 0, [])
    assert run["artifactsLost"] is True
    assert types(await world.events(run_id)).count("artifact.lost") == 1


async def test_what_was_kept_is_not_called_lost(world: RunWorld) -> None:
    run_id = await world.start(command="wait")
    sandbox = world.sandbox(run_id)
    await world.until(lambda _run: sandbox.starts != [], run_id)
    sandbox.files[ARTIFACT] = b"1"
    await sandbox.finish(f"{run_id}-0")
    run = await world.ended(run_id)

    assert [each["path"] for each in run["artifacts"]] == ["marks"]
    assert run["artifactsLost"] is False


async def test_a_sandbox_is_held_while_its_run_goes_on_and_let_go_at_the_end(
    world: RunWorld,
) -> None:
    session_id = await session(world)
    run_id = await paused_after_first(world, sessionId=session_id)
    assert world.sandbox(session_id).holds == {run_id}
    await world.call("run.resume", runId=run_id)
    assert (await world.ended(run_id))["status"] == "completed"

    assert world.sandbox(session_id).holds == set()
    assert world.sandbox(session_id).running


async def test_a_run_that_is_cancelled_while_its_sandbox_begins_holds_nothing(
    world: RunWorld,
) -> None:
    session_id = await session(world)
    sandbox = world.sandbox(session_id)
    sandbox.meanwhile["sandbox.start"] = lambda args: world.call("run.cancel", runId=args["hold"])
    run_id = await world.start(command="wait", sessionId=session_id)
    run = await world.ended(run_id)

    assert (run["status"], run["artifactsLost"]) == ("cancelled", False)
    assert sandbox.starts == []
    assert sandbox.holds == set()


async def test_rows_of_before_there_were_boot_ids_are_read(world: RunWorld) -> None:
    run_id = await paused_after_first(world)
    text = world.sql.value("SELECT record FROM runs WHERE id = ?", run_id)
    world.sql.run(
        "UPDATE runs SET record = json_remove(record, '$.held', '$.boot', '$.artifacts_lost') "
        "WHERE id = ?",
        run_id,
    )
    old = _run(world.sql.value("SELECT record FROM runs WHERE id = ?", run_id))
    assert (old.held, old.boot, old.artifacts_lost) == (False, "", False)
    assert _run(text).boot != ""

    await world.call("run.resume", runId=run_id)
    assert (await world.ended(run_id))["status"] == "completed"
    assert not world.sandbox(run_id).running
