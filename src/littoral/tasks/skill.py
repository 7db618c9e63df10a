"""What the offline model knows about tasks: it calls the same tools as a model does and words
their results.

Leaves to others: understanding (``commands``), doing (``tools``). It keeps nothing: the tasks
that a sentence may mean are read from the instructions of the request, as any model reads them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from littoral.models.model import ModelMessage, ModelRequest
from littoral.models.offline import Plan
from littoral.tasks import command as commands_
from littoral.tasks.add_words import ASK_REMINDER, ASK_TITLE
from littoral.tasks.command import Command
from littoral.tasks.commands import parse
from littoral.tasks.new_task_words import new_task
from littoral.tasks.sentence import is_pleasantry
from littoral.tasks.skill_text import escaped, worded
from littoral.tasks.task import Task

Call = tuple[str, Mapping[str, Any]]

_TASK_LINE = re.compile(r"^(\d{1,6})\. \[(pending|completed)[^\]\n]*\] (.+)$", re.M)
_QUESTIONS = (ASK_TITLE.question, ASK_REMINDER.question)
_ERROR = "Error: "
_DENIED = "did not allow"


class TaskSkill:
    """A skill of ``littoral.models.offline``. Deterministic, and safe to share between sessions."""

    def plan(self, text: str, request: ModelRequest) -> Plan | None:
        """The tool calls for the user's commands, ``None`` when the words are none.

        Nor are they anything to read without a tool to call: a summary is asked for like that, and
        its thousands of words would take as long as many turns.
        """
        if not request.tools:
            return None
        found = parse(text, known_tasks(request)) or _answer_to_a_question(text, request)
        questions = [each.question for each in found if isinstance(each, commands_.Ask)]
        calls = tuple(call for each in found if (call := _call(each)) is not None)
        if not calls and not questions:
            return None
        return Plan(calls=calls, reply="" if calls else questions[0])

    def conclude(self, request: ModelRequest) -> str | None:
        """What the tools did, in words; ``None`` when none of the results is from a task tool."""
        said = [worded_result(each) for each in _results(request)]
        known = [words for words in said if words]
        return "\n\n".join(dict.fromkeys(known)) if known else None


def _answer_to_a_question(text: str, request: ModelRequest) -> list[Command]:
    """A title, when the message before asked for one and the answer is one line."""
    spoken = [each for each in request.messages if each.role in ("user", "assistant")]
    asked = spoken[-2].text.strip() if len(spoken) > 1 and spoken[-2].role == "assistant" else ""
    title = text.strip()
    if asked not in _QUESTIONS or "\n" in title or title.endswith("?") or is_pleasantry(title):
        return []
    tasks = new_task(title)
    return [commands_.AddTasks(tasks=tasks)] if tasks else []


def known_tasks(request: ModelRequest) -> list[Task]:
    """The tasks that the instructions list, one a line: ``2. [pending, due …] Call Bob``."""
    instructions = "\n".join(each.text for each in request.messages if each.role == "system")
    return [
        Task(
            id=int(found[1]),
            title=found[3],
            status="completed" if found[2] == "completed" else "pending",
            created_at_ms=0,
        )
        for found in _TASK_LINE.finditer(instructions)
    ]


def _results(request: ModelRequest) -> list[ModelMessage]:
    """The tool messages since the user spoke last."""
    results: list[ModelMessage] = []
    for message in request.messages:
        if message.role == "user":
            results = []
        elif message.role == "tool":
            results.append(message)
    return results


def worded_result(message: ModelMessage) -> str | None:
    """One result in words: what was done, why not, or that the user did not want it."""
    if message.text.startswith(_ERROR):
        return escaped(message.text.removeprefix(_ERROR).strip())
    if _DENIED in message.text[:60]:
        return "I left the list as it is."
    try:
        output = json.loads(message.text)
    except ValueError:
        return message.text.strip() or None
    return worded(message.tool_name, output) if isinstance(output, dict) else None


def _call(found: Command) -> Call | None:
    """The tool call that does what a command says; ``None`` for a question."""
    make: Callable[[Any], Call] | None = _CALLS.get(type(found))
    return make(found) if make else None


def _add(found: commands_.AddTasks) -> Call:
    tasks = [
        {
            "title": task.title,
            **({"due": task.due} if task.due else {}),
            **({"priority": task.priority} if task.priority != "normal" else {}),
        }
        for task in found.tasks
    ]
    return "add_tasks", {"tasks": tasks}


def _delete(found: commands_.DeleteTasks) -> Call:
    if found.tasks == ("completed",):
        return "clear_completed", {}
    return "delete_tasks", {"tasks": list(found.tasks)}


def _list(found: commands_.ListTasks) -> Call:
    wanted = {"status": found.status, "due": found.due, "priority": found.priority}
    return "list_tasks", {
        key: value for key, value in wanted.items() if value not in ("all", "any", None)
    }


_CALLS: dict[type[Command], Callable[[Any], Call]] = {
    commands_.AddTasks: _add,
    commands_.CompleteTasks: lambda found: ("complete_tasks", {"tasks": list(found.tasks)}),
    commands_.ReopenTasks: lambda found: ("reopen_tasks", {"tasks": list(found.tasks)}),
    commands_.RenameTask: lambda found: ("rename_task", {"task": found.task, "title": found.title}),
    commands_.DeleteTasks: _delete,
    commands_.SetPriority: lambda found: (
        "set_priority",
        {"tasks": list(found.tasks), "priority": found.priority},
    ),
    commands_.SetDue: lambda found: (
        "set_due",
        {"tasks": list(found.tasks), "due": found.due or "none"},
    ),
    commands_.StopRepeating: lambda found: (
        "set_due",
        {"tasks": list(found.tasks), "repeat": "never"},
    ),
    commands_.ListTasks: _list,
    commands_.SetPreference: lambda found: (
        "set_preference",
        {"key": found.key, "value": found.value},
    ),
    commands_.Undo: lambda _: ("undo_last_change", {}),
}
