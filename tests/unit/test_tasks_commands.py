"""The command parser against a labelled corpus, and against text that wants to hurt it."""

import sys
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from littoral.tasks import command
from littoral.tasks.command import Command
from littoral.tasks.commands import MAX_COMMANDS, parse
from littoral.tasks.task import Task

CORPUS = Path(__file__).parents[1] / "data" / "task_commands.tsv"
TASKS = [
    Task(id=1, title="Buy milk", created_at_ms=0),
    Task(id=2, title="Call Bob", created_at_ms=0),
    Task(id=3, title="Pay rent", created_at_ms=0),
    Task(id=4, title="Write report", created_at_ms=0),
    Task(id=5, title="Read book", status="completed", created_at_ms=0),
]


def corpus() -> list[tuple[str, str]]:
    lines = CORPUS.read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t") for line in lines if line and not line.startswith("# ")]
    return [(message.replace("\\n", "\n"), expected) for message, expected in pairs]


def shown(commands: list[Command]) -> str:
    """The corpus's notation."""
    return " ".join(_shown(each) for each in commands) or "-"


def _shown(each: Command) -> str:
    match each:
        case command.AddTasks(tasks=tasks):
            return " ".join(f"add({_new(task)})" for task in tasks)
        case command.RenameTask(task=task, title=title):
            return f"rename({task}={title})"
        case command.SetPriority(tasks=tasks, priority=priority):
            return f"priority({','.join(tasks)}={priority})"
        case command.SetDue(tasks=tasks, due=due):
            return f"due({','.join(tasks)}={due or 'none'})"
        case command.ListTasks(status=status, due=due, priority=None):
            return f"list({status} {due})"
        case command.ListTasks(status=status, due=due, priority=priority):
            return f"list({status} {due} {priority})"
        case command.SetPreference(key=key, value=value):
            return f"prefer({key}={value})"
        case command.Undo():
            return "undo"
        case command.Ask():
            return "ask"
    names = {
        command.CompleteTasks: "complete",
        command.ReopenTasks: "reopen",
        command.DeleteTasks: "delete",
        command.StopRepeating: "norepeat",
    }
    return f"{names[type(each)]}({','.join(each.tasks)})"


def _new(task: command.NewTaskWords) -> str:
    priority = "" if task.priority == "normal" else task.priority
    return "|".join([task.title, task.due or "", priority]).rstrip("|")


@pytest.mark.parametrize(("message", "expected"), corpus())
def test_the_message_means(message: str, expected: str) -> None:
    assert shown(parse(message, TASKS)) == expected


def test_the_corpus_is_large_and_has_enough_ordinary_talk() -> None:
    expected = [each for _, each in corpus()]
    assert len(expected) >= 250
    assert expected.count("-") >= 80


def test_bare_words_are_a_command_only_when_the_list_has_such_a_task() -> None:
    assert shown(parse("done with milk", TASKS)) == "complete(milk)"
    assert parse("done with milk", []) == []


def test_tasks_added_in_several_sentences_are_one_change() -> None:
    assert len(parse("Add task: eggs. Add task: ham.", [])) == 1


def test_commands_of_one_message_are_bounded() -> None:
    assert len(parse("complete task 1. delete task 2. " * 200, [])) == MAX_COMMANDS


HOSTILE = [
    "add " * 2500,
    "and add " * 1250,
    "add task: " + "and delete " * 900,
    "rename " + "to " * 3300,
    "rename 1 to " + "x to " * 2000,
    '"' * 10_000,
    "`" * 10_000,
    "((((" * 2500,
    " " * 10_000,
    "\n" * 10_000,
    ". " * 5000,
    "! " * 5000,
    "a." * 5000,
    "1. " * 3300,
    "add tasks: " + "1. x " * 2000,
    "add tasks: " + "a, " * 3300,
    "add tasks:" + "\n- a" * 2500,
    "add tasks: " + "a and " * 1600,
    "complete " + "1, " * 3300,
    "complete " + "a and " * 1600,
    "mark " + "as done " * 1250,
    "task 2 is due " + "tomorrow at 5 " * 700,
    "remind me " + "tomorrow at 5 to " * 590,
    "add task: x " + "every mon and " * 700,
    "every " * 1600,
    "mon and tue and " * 600,
    "add task: " + "!high " * 1600,
    "please " * 1400,
    "can you " * 1250,
    "is done " * 1250,
    "x is due " * 1100,
    "add x to my " * 800,
    "add " + "x to the " * 1100 + "list",
    "I need to " + "x" * 9990,
    "add task: " + "x" * 9990,
    "add task: " + "\u0301" * 9000,
    "\ud800" * 10_000,
    "what is " * 1250,
    "show me " + "all my " * 1400,
    "set priority of " * 600,
    "make " + "due " * 2400,
    "move " + "to friday " * 990,
    "i " * 5000,
    "i have just " * 800,
    ", then " * 1400,
    "never mind" * 1000,
    "add task: " + '"a", ' * 1900,
    "add task: " + "-" * 9900,
    "add " + "7 " * 4900,
    "- [ ] " * 1600,
]


@pytest.mark.parametrize("message", HOSTILE, ids=lambda message: message[:16].strip())
def test_ten_thousand_hostile_characters_are_read_to_the_end(message: str) -> None:
    parse(message[:10_000], TASKS)


def _calls(message: str) -> int:
    """How many functions run while the message is parsed: a clock that is always right."""
    count = 0

    def counted(_frame: FrameType, _event: str, _argument: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(counted)
    try:
        parse(message, TASKS)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("message", HOSTILE, ids=lambda message: message[:16].strip())
def test_twice_the_length_is_at_most_a_little_more_than_twice_the_work(message: str) -> None:
    message = (message * 4)[:3000]
    assert _calls(message) <= 2.2 * _calls(message[:1500]) + 2000


@given(st.text(max_size=400))
def test_any_text_is_read_without_an_error(text: str) -> None:
    parse(text, TASKS)


_PIECES = st.sampled_from(
    [
        "add",
        "task",
        "tasks",
        ":",
        "buy",
        "milk",
        "and",
        "then",
        ",",
        ";",
        ".",
        "?",
        "\n",
        '"',
        "complete",
        "1",
        "2",
        "done",
        "with",
        "delete",
        "all",
        "rename",
        "to",
        "is",
        "due",
        "tomorrow",
        "at",
        "5",
        "every",
        "monday",
        "high",
        "priority",
        "my",
        "list",
        "remind",
        "me",
        "i",
        "need",
        "make",
        "set",
        "mark",
        "as",
        "not",
        "what",
        "show",
        "undo",
        "call",
        "me",
        "please",
        "can",
        "you",
        "don't",
        "first",
        "last",
        "-",
        "1)",
        "[",
        "]",
    ]
)


@given(st.lists(_PIECES, max_size=30).map(" ".join))
def test_any_mixture_of_command_words_is_read_without_an_error(text: str) -> None:
    for each in parse(text, TASKS):
        if isinstance(each, command.AddTasks):
            assert all(task.title.strip() for task in each.tasks)


@given(
    st.sampled_from(["don't ", "do not ", "never ", "why did you ", "should I ", "I "]), st.data()
)
def test_a_command_after_a_denial_or_a_question_is_none(before: str, data: st.DataObject) -> None:
    message = data.draw(st.sampled_from(["delete task 1", "complete task 2", "rename 2 to x"]))
    assert parse(before + message, TASKS) == []
