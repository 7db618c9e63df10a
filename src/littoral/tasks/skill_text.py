"""Results of the task tools in words, as Markdown: "Added “Buy milk”, due tomorrow at 17:00.".

Titles are escaped: they are data and format nothing. Leaves to others: the results themselves
(``tools``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Shown = Mapping[str, Any]
Output = Mapping[str, Any]

_MARKUP = re.compile(r"([\\`*_\[\]<>#~|])")
_LIST_MARK = re.compile(r"([-+]|\d{1,9}(?=[.)]))(?=[.)]?\s)")
_OTHER_NAMES = {"timeZone": "time zone", "dateFormat": "date format", "timeFormat": "time format"}


def escaped(title: str) -> str:
    """A text that Markdown shows as it is, also at the beginning of a line."""
    shown = _MARKUP.sub(r"\\\1", title)
    mark = _LIST_MARK.match(shown)
    if mark is None:
        return shown
    place = 0 if shown[0] in "-+" else mark.end()
    return f"{shown[:place]}\\{shown[place:]}"


def worded(tool_name: str, output: Output) -> str | None:
    """The result in one or a few lines; ``None`` for a tool that is not about tasks."""
    word = _WORDS.get(tool_name)
    return word(output) if word else None


def _quoted(task: Shown) -> str:
    return f"“{escaped(str(task['title']))}”"


def _named(tasks: Sequence[Shown]) -> str:
    """``“a”``, ``“a” and “b”``, or the number of more than three."""
    if len(tasks) > 3:
        return f"{len(tasks)} tasks"
    *first, last = [_quoted(task) for task in tasks]
    return f"{', '.join(first)} and {last}" if first else last


def _notes(task: Shown) -> str:
    """``, due tomorrow, every day, high priority`` as far as there is something to say."""
    notes = [
        f"due {task['due']}" if task.get("due") else "",
        f"repeating {task['repeats']}" if task.get("repeats") else "",
        f"{task['priority']} priority" if task.get("priority") else "",
    ]
    return "".join(f", {note}" for note in notes if note)


def _bullets(tasks: Sequence[Shown]) -> str:
    return "\n".join(f"- {escaped(str(task['title']))}{_notes(task)}" for task in tasks)


def _added(output: Output) -> str:
    tasks = output["tasks"]
    if len(tasks) == 1:
        return f"Added {_quoted(tasks[0])}{_notes(tasks[0])}."
    return f"Added {len(tasks)} tasks:\n\n{_bullets(tasks)}"


def _changed(verb: str, already: str) -> Callable[[Output], str]:
    """Sentences of tools that do one thing to several tasks."""

    def words(output: Output) -> str:
        tasks, others = output["tasks"], output.get("already", ())
        said = []
        if tasks:
            said.append(f"{verb} {_named(tasks)}." if len(tasks) <= 3 else _many(verb, tasks))
        if others:
            said.append(f"{_named(others)} {'was' if len(others) == 1 else 'were'} {already}.")
        return " ".join(said) or "There was nothing to change."

    return words


def _many(verb: str, tasks: Sequence[Shown]) -> str:
    return f"{verb} {len(tasks)} tasks:\n\n" + "\n".join(
        f"- {escaped(str(task['title']))}" for task in tasks
    )


def _completed(output: Output) -> str:
    said = _changed("Completed", "completed already")(output)
    following = [f"{_quoted(task)} comes again {task['due']}." for task in output.get("next", ())]
    return " ".join([said, *following])


def _renamed(output: Output) -> str:
    if not output["tasks"]:
        return f"{_quoted(output['already'][0])} has that title already."
    return f"Renamed “{escaped(str(output['oldTitle']))}” to {_quoted(output['tasks'][0])}."


def _cleared(output: Output) -> str:
    if not output["tasks"]:
        return "There are no completed tasks to delete."
    return _changed("Deleted", "")(output)


def _prioritised(output: Output) -> str:
    tasks = [*output["tasks"], *output.get("already", ())]
    verb = "has" if len(tasks) == 1 else "have"
    return f"{_named(tasks)} {verb} {output['priority']} priority now."


def _dated(output: Output) -> str:
    said = []
    for task in [*output["tasks"], *output.get("already", ())]:
        repeats = f", repeating {task['repeats']}" if task.get("repeats") else ""
        due = f"is due {task['due']}" if task.get("due") else "has no due date"
        said.append(f"{_quoted(task)} {due}{repeats}.")
    return " ".join(said) if len(said) <= 3 else "\n".join(f"- {each}" for each in said)


def _listed(output: Output) -> str:
    tasks = output["tasks"]
    if not tasks:
        empty = not output.get("pending") and not output.get("completed")
        return "Your list is empty." if empty else "There are no such tasks."
    lines = [_line(task) for task in tasks]
    if output.get("more"):
        lines.append(f"\nand {output['more']} more.")
    return "\n".join(lines)


def _line(task: Shown) -> str:
    """A row of a Markdown task list. The number is the task's own, so no ordered list is made."""
    box = "x" if task.get("status") == "completed" else " "
    return f"- [{box}] **{task['id']}** {escaped(str(task['title']))}{_notes(task)}"


def _preferred(output: Output) -> str:
    key, value = output["key"], escaped(str(output["value"]))
    if key == "name":
        return f"I will call you {value}."
    return f"Your {_OTHER_NAMES.get(key, key)} is {value} now."


def _undone(output: Output) -> str:
    back, gone = output["tasks"], output.get("removed", ())
    said = []
    if back:
        said.append(f"{_named(back)} {'is' if len(back) == 1 else 'are'} as before.")
    if gone:
        said.append(f"{_named(gone)} {'is' if len(gone) == 1 else 'are'} gone again.")
    return " ".join(["Took the last change back.", *said])


_WORDS: dict[str, Callable[[Output], str]] = {
    "add_tasks": _added,
    "complete_tasks": _completed,
    "reopen_tasks": _changed("Reopened", "open already"),
    "rename_task": _renamed,
    "delete_tasks": _changed("Deleted", ""),
    "clear_completed": _cleared,
    "list_tasks": _listed,
    "set_priority": _prioritised,
    "set_due": _dated,
    "set_preference": _preferred,
    "undo_last_change": _undone,
}
