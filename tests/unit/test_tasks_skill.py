"""The offline model with the task skill: a message in, tool calls, and the answer in words."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from littoral.models.model import (
    ModelMessage,
    ModelRequest,
    TextDelta,
    ToolCall,
    ToolCallReady,
)
from littoral.models.offline import OfflineModel
from littoral.models.tool import ToolFailed, ToolSet
from littoral.store.migrations import migrate
from littoral.tasks.preferences import PREFERENCES_SCHEMA, Preferences
from littoral.tasks.skill import TaskSkill, known_tasks
from littoral.tasks.skill_text import escaped
from littoral.tasks.task_list import TASKS_SCHEMA, TaskList
from littoral.tasks.tools import TaskTools
from tests.fakes.ids import LongIds
from tests.fakes.sqlite import Sqlite

BERLIN = ZoneInfo("Europe/Berlin")


class Saturday:
    """Saturday 21 November 2026, ten in the morning in Berlin."""

    def now_ms(self) -> int:
        return int(datetime(2026, 11, 21, 10, tzinfo=BERLIN).timestamp() * 1000)


class Chat:
    """A conversation with the offline model: the smallest loop that runs its tools."""

    def __init__(self) -> None:
        sql = Sqlite()
        migrate(sql, [TASKS_SCHEMA, PREFERENCES_SCHEMA])
        self.tasks = TaskList(sql, Saturday())
        preferences = Preferences(sql)
        preferences.set("timeZone", "Europe/Berlin")
        self.tools = ToolSet.of(TaskTools(self.tasks, preferences, Saturday()))
        self.said: list[str] = []
        self.model = OfflineModel([TaskSkill()], ids=LongIds())

    async def say(self, text: str) -> str:
        """The answer; tools run as they are called, without asking anybody."""
        before = [ModelMessage(role="assistant", text=said) for said in self.said]
        messages = [self._instructions(), *before, ModelMessage(role="user", text=text)]
        for _ in range(3):
            said, calls = await self._answer(messages)
            if not calls:
                return said
            messages.append(ModelMessage(role="assistant", text=said, tool_calls=calls))
            messages += [self._run(call) for call in calls]
        raise AssertionError("the offline model goes on calling tools")

    def _instructions(self) -> ModelMessage:
        lines = [f"{task.id}. [{task.status}] {task.title}" for task in self.tasks.all()]
        return ModelMessage(role="system", text="\n".join(["Tasks of the user:", *lines]))

    async def _answer(self, messages: list[ModelMessage]) -> tuple[str, tuple[ToolCall, ...]]:
        request = ModelRequest(messages=messages, tools=self.tools.specs())
        events = [event async for event in self.model.stream(request)]
        said = "".join(event.text for event in events if isinstance(event, TextDelta))
        return said, tuple(event.call for event in events if isinstance(event, ToolCallReady))

    def _run(self, call: ToolCall) -> ModelMessage:
        tool = self.tools.get(call.name)
        assert tool is not None
        try:
            text = json.dumps(tool.run(tool.parse(call.arguments)), ensure_ascii=False)
        except ToolFailed as failed:
            text = f"Error: {failed.text}"
        return ModelMessage(role="tool", text=text, tool_call_id=call.id, tool_name=call.name)


@pytest.fixture
async def chat() -> Chat:
    chat = Chat()
    await chat.say("Add tasks: Buy milk; Call Bob; Pay rent")
    return chat


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        ("Add task: Buy eggs", "Added “Buy eggs”."),
        ("Add task: Buy eggs tomorrow at 5", "Added “Buy eggs”, due tomorrow at 17:00."),
        ("remind me to stretch every day at noon",
         "Added “Stretch”, due today at 12:00, repeating every day."),
        ("Add task: pay tax by 3 March, urgent",
         "Added “pay tax”, due on Wednesday 3 March 2027, high priority."),
        ("Add tasks: eggs, ham and salt", "Added 3 tasks:\n\n- eggs\n- ham\n- salt"),
        ("complete task 1", "Completed “Buy milk”."),
        ("mark 1 and 2 as done", "Completed “Buy milk” and “Call Bob”."),
        ("complete task 9",
         "There is no task 9. The tasks are 1 “Buy milk”, 2 “Call Bob”, 3 “Pay rent”."),
        ("rename 2 to Call Robert", "Renamed “Call Bob” to “Call Robert”."),
        ("delete task 3", "Deleted “Pay rent”."),
        ("clear completed tasks", "There are no completed tasks to delete."),
        ("make task 2 high priority", "“Call Bob” has high priority now."),
        ("task 2 is due friday", "“Call Bob” is due on Friday 27 November."),
        ("repeat task 2 every monday at 9",
         "“Call Bob” is due on Monday 23 November at 09:00, repeating every Monday."),
        ("set task 2 due yesterday",
         "'yesterday' is in the past. Give a moment that is still to come."),
        ("call me Sam", "I will call you Sam."),
        ("my time zone is Asia/Tokyo", "Your time zone is Asia/Tokyo now."),
        ("what's on my list?", "- [ ] **1** Buy milk\n- [ ] **2** Call Bob\n- [ ] **3** Pay rent"),
        ("what is due today?", "There are no such tasks."),
        ("add a task", "What should the task be called? Write it like this: Add task: Buy milk"),
        ("undo",
         "Took the last change back. “Buy milk”, “Call Bob” and “Pay rent” are gone again."),
        ("Add task: *Buy* [eggs](http://x)", r"Added “\*Buy\* \[eggs\](http://x)”."),
        ("complete task 1, delete task 9 and call me Sam",
         "Completed “Buy milk”.\n\nThere is no task 9. The tasks are 2 “Call Bob”, 3 “Pay rent”."
         "\n\nI will call you Sam."),
    ],
)  # fmt: skip
async def test_the_answer_says_what_happened(chat: Chat, message: str, answer: str) -> None:
    assert await chat.say(message) == answer


async def test_words_of_a_title_are_a_command_because_the_list_has_it(chat: Chat) -> None:
    assert await chat.say("done with milk") == "Completed “Buy milk”."
    assert await chat.say("I called Bob") == "Completed “Call Bob”."


@pytest.mark.parametrize(
    "message", ["", "   ", "\n", "?", "👍", "Tell me a joke", "done with bread"]
)
async def test_other_messages_are_answered_as_offline(chat: Chat, message: str) -> None:
    before = chat.tasks.all()
    assert "offline" in await chat.say(message)
    assert chat.tasks.all() == before


async def test_completing_twice_is_said_honestly(chat: Chat) -> None:
    await chat.say("complete task 1")
    assert await chat.say("complete task 1") == "“Buy milk” was completed already."


async def test_a_full_answer_of_ten_thousand_characters_is_read_once(chat: Chat) -> None:
    message = "Add tasks:\n" + "\n".join(f"- item {number}" for number in range(90))
    assert (await chat.say(message)).startswith("Added 90 tasks:")
    assert chat.tasks.counts().pending == 93


async def test_the_skill_reads_the_list_from_the_instructions() -> None:
    text = (
        "Tasks of the user:\n1. [pending, due Fri 27 Nov 2026] Buy milk\n"
        "2. [completed] Call [Bob]\n"
        "(and 3 more; list_tasks shows them)"
    )
    request = ModelRequest(messages=[ModelMessage(role="system", text=text)])
    assert [(task.id, task.status, task.title) for task in known_tasks(request)] == [
        (1, "pending", "Buy milk"),
        (2, "completed", "Call [Bob]"),
    ]


async def test_the_answer_to_a_question_for_a_title_is_the_title() -> None:
    chat = Chat()
    chat.said = [await chat.say("add a task")]
    assert await chat.say("Buy eggs tomorrow") == "Added “Buy eggs”, due tomorrow."


async def test_a_command_or_thanks_after_a_question_is_no_title(chat: Chat) -> None:
    chat.said = [await chat.say("add a task")]
    assert await chat.say("complete task 1") == "Completed “Buy milk”."
    assert "offline" in await chat.say("thanks")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Buy milk", "Buy milk"),
        ("1. Buy *milk*", r"1\. Buy \*milk\*"),
        ("- Buy", r"\- Buy"),
        ("<b>#1</b> [x](y)", r"\<b\>\#1\</b\> \[x\](y)"),
    ],
)
def test_a_title_formats_nothing(title: str, shown: str) -> None:
    assert escaped(title) == shown


async def test_a_call_that_the_user_did_not_allow_is_told_as_it_is(chat: Chat) -> None:
    denied = "The user did not allow this call. Do not try it again unasked."
    messages = [
        ModelMessage(role="user", text="delete all tasks"),
        ModelMessage(role="tool", tool_name="delete_tasks", tool_call_id="c1", text=denied),
    ]
    said = TaskSkill().conclude(ModelRequest(messages=messages))
    assert said == "I left the list as it is."
