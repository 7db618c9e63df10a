"""A run from its request to its last event, with everything around it in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from littoral.errors import (
    Conflict,
    InsufficientCredits,
    InvalidInput,
    NotFound,
    QueueFull,
)
from tests.fakes.sandbox import Script
from tests.unit.run_world import GRANT, RunWorld

PRINTS = {"say 42": Script(output=(("stdout", "42\n"),)), "wait": Script(hold=True)}


@pytest.fixture
async def world() -> AsyncIterator[RunWorld]:
    made = await RunWorld(scripts=PRINTS, runs_at_once=3).ready()
    yield made
    await made.close()


def types(events: list[dict[str, Any]]) -> list[str]:
    return [each["type"] for each in events]


async def test_a_command_runs_and_its_whole_story_is_told(world: RunWorld) -> None:
    run_id = await world.start(command="say 42")
    run = await world.ended(run_id)

    assert run["status"] == "completed"
    assert run["exitCode"] == 0
    assert run["output"] == "42\n"
    assert run["steps"][0]["status"] == "completed"
    events = await world.events(run_id)
    assert types(events) == [
        "run.created",
        "credits.reserved",
        "run.planned",
        "run.started",
        "step.started",
        "step.output",
        "step.completed",
        "credits.settled",
        "run.completed",
    ]
    assert [each["number"] for each in events] == list(range(1, 10))
    assert run["lastEvent"] == 9


async def test_what_was_not_used_comes_back(world: RunWorld) -> None:
    run_id = await world.start(command="say 42", timeoutSeconds=100)
    assert await world.balance() == (GRANT - 1_000, 1_000)
    run = await world.ended(run_id)

    assert run["credits"] == {"reserved": 1, "settled": 0.5}
    assert await world.balance() == (GRANT - 500, 0)


async def test_commands_run_in_order_until_one_fails() -> None:
    world = await RunWorld(scripts={"two": Script(exit_code=7)}).ready()
    run_id = await world.start(commands=["one", "two", "three"])
    run = await world.ended(run_id)

    assert run["status"] == "failed"
    assert run["exitCode"] == 7
    assert run["error"]["code"] == "command_failed"
    assert [step["status"] for step in run["steps"]] == ["completed", "failed", "skipped"]
    assert world.sandbox(run_id).starts == [f"{run_id}-0", f"{run_id}-1"]
    await world.close()


async def test_the_same_key_starts_one_run(world: RunWorld) -> None:
    first = await world.start(command="say 42", idempotencyKey="k")
    again = await world.start(command="say 42", idempotencyKey="k")

    assert first == again
    with pytest.raises(Conflict):
        await world.start(command="another", idempotencyKey="k")


async def test_without_credits_nothing_begins() -> None:
    world = await RunWorld().ready(granted=600)
    with pytest.raises(InsufficientCredits):
        await world.start(command="x", idempotencyKey="k")

    assert (await world.call("run.list"))["runs"] == []
    assert await world.start(command="x", timeoutSeconds=5, idempotencyKey="k")
    await world.close()


async def test_one_owner_has_so_many_runs_at_once(world: RunWorld) -> None:
    for _ in range(3):
        await world.start(command="wait")
    with pytest.raises(QueueFull):
        await world.start(command="wait")


@pytest.mark.parametrize(
    ("args", "field"),
    [
        ({"command": "x", "task": "y"}, None),
        ({}, None),
        ({"command": "  "}, "command"),
        ({"commands": ["a", ""]}, "commands.1"),
        ({"commands": ["a"] * 51}, "commands"),
        ({"command": "x", "timeoutSeconds": 0}, "timeoutSeconds"),
        ({"command": "x", "network": ["http://a b"]}, "network.0"),
        ({"command": "x", "env": {"A-B": "1"}}, "env"),
        ({"command": "x", "maxCredits": 0.001}, "maxCredits"),
    ],
)
async def test_what_cannot_be_run_is_refused_with_the_field(
    world: RunWorld, args: dict[str, Any], field: str | None
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await world.start(**args)
    if field is not None:
        assert [each["field"] for each in refused.value.fields] == [field]


async def test_a_run_that_nobody_has_is_not_found(world: RunWorld) -> None:
    with pytest.raises(NotFound):
        await world.run("run_nope")


# --- approvals -----------------------------------------------------------------------------------


async def waiting(world: RunWorld, **args: Any) -> str:
    run_id = await world.start(requireApproval=True, **args)
    await world.until(lambda run: run["status"] == "waiting_for_approval", run_id)
    return run_id


async def test_a_run_waits_for_its_approval_and_survives_a_restart(world: RunWorld) -> None:
    run_id = await waiting(world, command="say 42")
    world.kill()
    world.restart()
    await world.pass_time(100)
    assert (await world.run(run_id))["status"] == "waiting_for_approval"
    assert [each["runId"] for each in (await world.call("approvals.list"))["approvals"]] == [run_id]

    await world.call("run.approve", runId=run_id)
    run = await world.ended(run_id)

    assert run["status"] == "completed"
    assert run["approvals"][0]["state"] == "approved"
    assert (await world.call("approvals.list"))["approvals"] == []


async def test_a_rejected_run_ends_at_once_and_costs_nothing(world: RunWorld) -> None:
    run_id = await waiting(world, command="say 42")
    run = await world.call("run.reject", runId=run_id, reason="not today")

    assert run["status"] == "rejected"
    assert run["approvals"][0]["note"] == "not today"
    assert (await world.events(run_id))[-1]["data"]["reason"] == "not today"
    assert world.sandboxes == {}
    assert await world.balance() == (GRANT, 0)
    with pytest.raises(Conflict):
        await world.call("run.approve", runId=run_id, approvalId=run["approvals"][0]["id"])


async def test_an_approval_that_comes_too_late_has_expired(world: RunWorld) -> None:
    run_id = await waiting(world, command="say 42", approvalTimeoutSeconds=30)
    await world.pass_time(31)
    run = await world.ended(run_id)

    assert run["status"] == "expired"
    assert run["approvals"][0]["state"] == "expired"
    assert await world.balance() == (GRANT, 0)


async def test_a_run_with_the_network_is_asked_about(world: RunWorld) -> None:
    run_id = await world.start(command="curl https://example.com", network=["example.com"])
    await world.until(lambda run: run["status"] == "waiting_for_approval", run_id)

    assert world.sandboxes == {}


async def test_ones_own_risky_command_is_not_asked_about(world: RunWorld) -> None:
    run = await world.ended(await world.start(command="rm -r build"))

    assert run["status"] == "completed"
    assert run["steps"][0]["risk"] == "deletes"


async def test_a_planned_step_that_deletes_is_asked_about_when_its_turn_comes(
    world: RunWorld,
) -> None:
    run_id = await world.start(task="run echo hello then delete the folder build")
    run = await world.until(lambda run: run["status"] == "waiting_for_approval", run_id)

    assert [step["status"] for step in run["steps"]] == ["completed", "waiting_for_approval"]
    assert run["approvals"][0]["step"] == 1
    await world.call("run.approve", runId=run_id, approvalId=run["approvals"][0]["id"])
    assert (await world.ended(run_id))["status"] == "completed"


async def test_words_that_nobody_understands_fail_and_say_so(world: RunWorld) -> None:
    run = await world.ended(await world.start(task="make the world a better place"))

    assert run["status"] == "failed"
    assert run["error"]["code"] == "model_unavailable"
    assert await world.balance() == (GRANT, 0)


# --- cancel, pause, resume, restart --------------------------------------------------------------


async def running(world: RunWorld, **args: Any) -> str:
    run_id = await world.start(command="wait", **args)
    await world.until(lambda run: run["steps"][0]["status"] == "running", run_id)
    await world.breathe()
    return run_id


async def test_cancel_reaches_the_process(world: RunWorld) -> None:
    run_id = await running(world)
    await world.call("run.cancel", runId=run_id, reason="enough")
    run = await world.ended(run_id)

    assert run["status"] == "cancelled"
    assert run["steps"][0]["status"] == "cancelled"
    assert world.sandbox(run_id).describe(f"{run_id}-0").reason == "cancelled"


async def test_cancel_before_the_first_command_ends_at_once(world: RunWorld) -> None:
    run_id = await waiting(world, command="say 42")
    run = await world.call("run.cancel", runId=run_id)

    assert run["status"] == "cancelled"
    assert (await world.call("run.cancel", runId=run_id))["status"] == "cancelled"


async def test_pause_stops_the_process_and_resume_lets_it_go_on(world: RunWorld) -> None:
    run_id = await running(world)
    assert (await world.call("run.pause", runId=run_id))["status"] == "paused"
    assert world.sandbox(run_id).describe(f"{run_id}-0").paused
    assert (await world.call("run.resume", runId=run_id))["status"] == "running"
    assert not world.sandbox(run_id).describe(f"{run_id}-0").paused
    await world.sandbox(run_id).finish(f"{run_id}-0")

    assert (await world.ended(run_id))["status"] == "completed"


async def test_a_paused_run_begins_no_other_command(world: RunWorld) -> None:
    run_id = await world.start(commands=["wait", "say 42"])
    await world.until(lambda run: run["steps"][0]["status"] == "running", run_id)
    await world.breathe()
    await world.call("run.pause", runId=run_id)
    await world.sandbox(run_id).finish(f"{run_id}-0")
    await world.breathe()
    await world.pass_time(60)
    assert world.sandbox(run_id).starts == [f"{run_id}-0"]

    await world.call("run.resume", runId=run_id)
    assert (await world.ended(run_id))["status"] == "completed"


async def test_a_restart_is_a_new_run_with_the_same_input(world: RunWorld) -> None:
    run_id = await world.start(command="say 42", timeoutSeconds=7, env={"A": "1"})
    first = await world.ended(run_id)
    again = await world.call("run.restart", runId=run_id)

    assert again["id"] != run_id
    assert again["restartedFrom"] == run_id
    assert again["input"] == first["input"]


# --- what goes wrong -----------------------------------------------------------------------------


async def test_a_lost_sandbox_is_never_called_success(world: RunWorld) -> None:
    run_id = await running(world)
    await world.sandbox(run_id).lose()
    run = await world.ended(run_id)

    assert run["status"] == "failed"
    assert run["exitCode"] == "unknown"
    assert run["steps"][0]["status"] == "unknown"
    assert run["error"]["code"] == "outcome_unknown"


async def test_a_sandbox_that_answers_nothing_is_given_up(world: RunWorld) -> None:
    run_id = await running(world)
    world.unreachable = True
    run = await world.ended(run_id)

    assert run["exitCode"] == "unknown"
    assert run["status"] == "failed"


async def test_a_cancelled_command_whose_sandbox_is_silent_is_unknown(world: RunWorld) -> None:
    run_id = await running(world)
    world.unreachable = True
    await world.call("run.cancel", runId=run_id)
    run = await world.ended(run_id)

    assert run["status"] == "cancelled"
    assert run["steps"][0]["status"] == "unknown"
    assert run["error"]["code"] == "outcome_unknown"


async def test_a_workflow_engine_that_never_answers_ends_the_run_honestly(world: RunWorld) -> None:
    world.workflows.deaf = True
    run = await world.ended(await world.start(command="say 42"))

    assert run["status"] == "failed"
    assert run["error"]["code"] == "dependency_unavailable"
    assert await world.balance() == (GRANT, 0)


async def test_output_that_comes_twice_is_kept_once(world: RunWorld) -> None:
    run_id = await running(world)
    chunks = [{"seq": 1, "stream": "stdout", "text": "a", "at": 0}]
    report = {"runId": run_id, "execId": f"{run_id}-0", "skippedBytes": 5}
    for _ in range(3):
        await world.call("sandbox.output", chunks=chunks, **report)

    found = [e for e in await world.events(run_id) if e["type"].startswith("step.output")]
    assert types(found) == ["step.output", "step.output_skipped"]


async def test_a_run_ends_when_its_budget_is_used_up(world: RunWorld) -> None:
    run_id = await running(world, maxCredits=0.55)
    step = world.orchestrator.book.step(run_id, 0)
    assert step.deadline_seconds == pytest.approx(10)

    ended = {"state": "exited", "exitCode": None, "signal": "SIGKILL", "reason": "deadline"}
    await world.call("sandbox.ended", runId=run_id, execId=f"{run_id}-0", **ended)
    run = await world.ended(run_id)

    assert run["status"] == "budget_exceeded"


async def test_events_are_waited_for(world: RunWorld) -> None:
    run_id = await running(world)
    page = await world.call("run.events", runId=run_id)
    await world.sandbox(run_id).print_out(f"{run_id}-0", "stdout", "news")
    more = await world.call("run.wait", runId=run_id, since=page["next"], seconds=5)

    assert more["events"][0]["data"]["text"] == "news"
    assert not more["ended"]
