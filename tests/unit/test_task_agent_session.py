"""A whole session on CPython: the methods that the doors call, reminders, the directory, a kill."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from littoral.agent.alarm import AlarmClock
from littoral.api.envelope import Call, result_of
from littoral.errors import Conflict, DependencyUnavailable, InvalidInput, NotFound
from littoral.models.offline import OfflineModel
from littoral.settings import Settings
from littoral.task_agent.doors import SessionDoors
from littoral.task_agent.session import Place, TaskSession
from littoral.tasks.skill import TaskSkill
from tests.fakes.clock import CountingIds, ManualClock
from tests.fakes.connections import FakeConnections
from tests.fakes.database import FakeDatabase, ledger_of
from tests.fakes.sqlite import Sqlite
from tests.unit.test_agent_alarm import RecordingAlarm


class Desk:
    """One object's life around a session."""

    def __init__(self, sql: Sqlite | None = None, clock: ManualClock | None = None) -> None:
        self.sql = sql or Sqlite()
        self.clock = clock or ManualClock()
        self.alarm = RecordingAlarm()
        self.connections = FakeConnections()
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.directory_fails = False
        self.is_full = False
        self.tasks: list[asyncio.Task[Any]] = []
        place = Place(
            owner="guest_1",
            session_id="ses_1",
            sql=self.sql,
            connections=self.connections,
            alarm=AlarmClock(self.alarm),
            spawn=self._spawn,
            tell_directory=self._tell,
            till=ledger_of(FakeDatabase(), self.clock),
        )
        self.session = TaskSession(
            place,
            settings=Settings(default_model="offline"),
            model=OfflineModel((TaskSkill(),), ids=CountingIds()),
            clock=self.clock,
            ids=CountingIds(),
        )
        self.session.on_start()
        self.doors = SessionDoors(self.session)

    def again(self) -> Desk:
        """The object after a kill: same rows, nothing else."""
        return Desk(self.sql, self.clock)

    async def call(self, method: str, bare: bool = False, **arguments: Any) -> Any:
        call = Call(method=method, args=arguments, owner="guest_1", session_id="ses_1", bare=bare)
        answer = result_of(await self.doors.calls.answer(call.text()))
        await self.settle()
        return answer

    async def send(self, text: str, **more: Any) -> dict[str, Any]:
        answer: dict[str, Any] = await self.call("chat.send", message=text, create=True, **more)
        return answer

    async def settle(self) -> None:
        while waiting := [task for task in self.tasks if not task.done()]:
            await asyncio.wait(waiting)

    def _spawn(self, work: Callable[[], Awaitable[Any]]) -> None:
        async def run() -> None:
            await work()

        self.tasks.append(asyncio.get_running_loop().create_task(run()))

    async def _tell(self, method: str, arguments: dict[str, Any]) -> Any:
        if self.directory_fails:
            raise DependencyUnavailable("away")
        if method == "sessions.room":
            if self.is_full:
                raise Conflict("You keep 200 sessions.")
            return
        self.told.append((method, arguments))


async def test_a_task_is_added_and_completed_by_two_messages():
    desk = Desk()
    first = await desk.send("Add task: Buy milk")
    assert [(t["id"], t["title"], t["status"]) for t in first["tasks"]] == [
        (1, "Buy milk", "pending")
    ]
    second = await desk.send("complete task 1")
    assert second["tasks"][0]["status"] == "completed"
    assert second["sessionId"] == "ses_1"
    assert second["content"]


async def test_a_message_to_a_session_that_never_began_is_not_found():
    desk = Desk()
    with pytest.raises(NotFound):
        await desk.call("chat.send", message="hello", create=False)
    with pytest.raises(NotFound):
        await desk.call("session.describe")


async def test_an_idempotency_key_gives_the_first_answer_again_and_refuses_another_message():
    desk = Desk()
    first = await desk.send("Add task: Buy milk", idempotencyKey="k1")
    again = await desk.send("Add task: Buy milk", idempotencyKey="k1")
    assert again["messageId"] == first["messageId"]
    assert len(again["tasks"]) == 1
    with pytest.raises(Conflict):
        await desk.send("Add task: Buy eggs", idempotencyKey="k1")


async def test_everything_is_there_after_a_kill():
    desk = Desk()
    await desk.send("Add task: Buy milk")
    after = desk.again()
    state = await after.call("session.describe")
    assert state["title"] == "Buy milk"
    assert [task["title"] for task in state["tasks"]] == ["Buy milk"]
    page = await after.call("messages.page", limit=10)
    assert [message["role"] for message in page["messages"]] == ["user", "assistant"]


async def test_messages_come_page_by_page_without_a_gap():
    desk = Desk()
    for n in range(7):
        await desk.send(f"Add task: number {n}")
    seen: list[str] = []
    before = None
    while True:
        page = await desk.call("messages.page", before=before, limit=4)
        seen = [m["id"] for m in page["messages"]] + seen
        before = page["before"]
        if before is None:
            break
    assert len(seen) == len(set(seen)) == 14


async def test_a_caller_without_a_cookie_is_shut_out_once_the_cookie_was_shown():
    desk = Desk()
    await desk.send("hello", bare=True)
    await desk.call("session.describe", bare=True)
    await desk.call("session.describe", bare=False)
    with pytest.raises(NotFound):
        await desk.call("session.describe", bare=True)
    with pytest.raises(NotFound):
        await desk.again().call("session.describe", bare=True)


async def test_a_reminder_is_said_once_even_when_the_job_runs_again():
    desk = Desk()
    client = desk.connections.connect("c1")
    await desk.send("remind me to stretch in 10 minutes")
    due = desk.session.jobs.next_due_at_ms()
    assert due is not None
    assert min(desk.alarm.times) <= due
    desk.clock.advance(seconds=601)
    await desk.session.on_alarm()
    notice = client.last("littoral.notice")
    assert notice["kind"] == "reminder"
    assert "tretch" in notice["text"]
    desk.session.jobs.schedule("reminder", "reminder", desk.clock.now_ms(), {})
    after = desk.again()
    await after.session.on_alarm()
    said = [
        m
        for m in (await after.call("messages.page", limit=20))["messages"]
        if m["metadata"].get("kind") == "reminder"
    ]
    assert len(said) == 1


async def test_the_alarm_of_a_reminder_is_not_moved_back_by_a_turn_after_a_wake():
    desk = Desk()
    await desk.send("remind me to stretch in 1 minute")
    due = desk.session.jobs.next_due_at_ms()
    assert due is not None
    desk.clock.advance(seconds=45)
    after = desk.again()
    await after.send("hello")
    assert min(after.alarm.times) <= due


async def test_the_directory_is_told_once_and_fetches_what_is_new():
    desk = Desk()
    await desk.send("Add task: Buy milk")
    await desk.send("Add task: Buy eggs")
    assert [method for method, _ in desk.told] == ["sessions.dirty"]
    pulled = await desk.call("directory.pull", limit=10)
    assert pulled["after"] == 0
    assert pulled["complete"] is True
    assert [m["role"] for m in pulled["messages"]] == ["user", "assistant"] * 2
    await desk.send("Add task: Buy bread")
    assert len(desk.told) == 2
    again = await desk.call("directory.pull", after=pulled["last"], limit=10)
    assert [message["turn"] for message in again["messages"]] == [3, 3]


async def test_a_directory_that_cannot_be_reached_is_told_by_the_job():
    desk = Desk()
    desk.directory_fails = True
    await desk.send("Add task: Buy milk")
    assert desk.told == []
    desk.directory_fails = False
    desk.clock.advance(seconds=6)
    await desk.session.on_alarm()
    assert [method for method, _ in desk.told] == ["sessions.dirty"]


async def test_tasks_are_edited_by_hand_and_undone():
    desk = Desk()
    await desk.call("session.create", title="Shopping")
    task = await desk.call("tasks.add", title="Milk", due="tomorrow at 5pm", priority="high")
    assert task["dueHasTime"] is True
    changed = await desk.call("tasks.update", id=1, title="Oat milk", due=None)
    assert (changed["title"], changed["dueAt"]) == ("Oat milk", None)
    await desk.call("tasks.delete", id=1)
    assert (await desk.call("tasks.list"))["tasks"] == []
    assert [t["title"] for t in (await desk.call("tasks.undo"))["tasks"]] == ["Oat milk"]
    with pytest.raises(NotFound):
        await desk.call("tasks.update", id=9, title="x")
    with pytest.raises(InvalidInput):
        await desk.call("tasks.update", id=1, due="the day after never")


async def test_events_have_no_gap():
    desk = Desk()
    await desk.send("Add task: Buy milk")
    await desk.send("complete task 1")
    await desk.call("tasks.delete", id=1)
    page = await desk.call("events.since", since=0)
    assert [event["number"] for event in page["events"]] == [1, 2, 3, 4]
    assert [event["type"] for event in page["events"]] == [
        "session.begun",
        "task.added",
        "task.completed",
        "task.deleted",
    ]
    assert (await desk.call("events.since", since=page["next"]))["events"] == []


async def test_deleting_several_tasks_asks_first_and_is_decided_by_a_call():
    desk = Desk()
    await desk.send("Add tasks: milk; eggs; bread")
    answer = await desk.send("delete tasks 1 and 2")
    assert answer["outcome"] == "waiting"
    assert len(answer["tasks"]) == 3
    call_id = answer["approvals"][0]["toolCallId"]
    decided = await desk.call("approvals.decide", toolCallId=call_id, approved=True)
    assert [task["id"] for task in decided["tasks"]] == [3]
    with pytest.raises(NotFound):
        await desk.call("approvals.decide", toolCallId=call_id, approved=True)


async def test_an_export_holds_everything():
    desk = Desk()
    await desk.send("Add task: Buy milk")
    as_json = json.loads((await desk.call("export", format="json"))["text"])
    assert [task["title"] for task in as_json["tasks"]] == ["Buy milk"]
    assert len(as_json["messages"]) == 2
    markdown = await desk.call("export", format="md")
    assert "- [ ] 1. Buy milk" in markdown["text"]
    assert markdown["filename"] == "buy-milk.md"


async def test_an_erased_session_is_gone_and_its_id_may_begin_again():
    desk = Desk()
    await desk.send("Add task: Buy milk")
    await desk.call("session.erase")
    with pytest.raises(NotFound):
        await desk.call("session.describe")
    answer = await desk.send("Add task: Buy eggs")
    assert [task["title"] for task in answer["tasks"]] == ["Buy eggs"]


async def test_a_session_that_does_not_fit_is_refused_and_one_that_is_there_goes_on():
    desk = Desk()
    await desk.send("Add task: Buy milk")
    desk.is_full = True
    await desk.send("Add task: Buy eggs")
    fresh = Desk()
    fresh.is_full = True
    with pytest.raises(Conflict):
        await fresh.send("Add task: Buy milk")
    assert fresh.session.transcript.last() is None
