"""Sentences that change tasks: which of the smaller grammars reads them, and rename and delete.

A rule is anchored at the clause's beginning and its free parts are references that ``found``
checks: a clause about something else than tasks ("delete my account") is no command.
"""

from __future__ import annotations

import re
from itertools import islice

from littoral.tasks.command import DeleteTasks, RenameTask
from littoral.tasks.completion_words import read_completion, read_reopening
from littoral.tasks.found import Found, Rule, Tasks, about, pattern, reference
from littoral.tasks.priority_words import read_priority
from littoral.tasks.references import read_reference
from littoral.tasks.schedule_words import read_schedule

MAX_WORDS = 60
"""A longer clause names no task; only a new title may be as long."""

_LIST = r"(?: (?:off|from|out of|on|in) (?:my|the|this) (?:task |to-?do )?(?:list|tasks))?"
_DELETE = pattern(
    r"(delete|remove|erase|trash|discard|drop|cancel|clear out|clear|purge|scrap|get rid of|",
    rf"throw away|throw out|take|empty|wipe) (.+?){_LIST}$",
)
_CAREFUL = frozenset(
    "cancel,clear,clear out,drop,take,scrap,empty,wipe,throw away,throw out".split(",")
)
"""Verbs with everyday meanings: they need the whole title, not a word of it."""

_WHOLE_LIST = pattern(r"(?:my|the|this)(?: whole| entire)? (?:task |to-?do )?list$")
_RENAME = pattern(
    r"(?:rename|retitle|reword|(?:change|edit|update|set) (?:the )?",
    r"(?:title|name|text|wording|description) (?:of|for)) (.+)$",
)
_EDIT = pattern(
    r"(?:change|edit|update) ((?:task |number |#)?#?\d{1,6}|\"[^\"]{1,200}\")",
    r"(?:'s (?:title|name))? ?(?:to|:|->) ?(.+)$",
)
_QUOTED = pattern(r"(?:rename|retitle) (.{1,200}?) (\"[^\"]{1,500}\")$")
_TO = re.compile(r" (?:to|as|into) | ?(?::|->|→|=>|=) ", re.IGNORECASE)
_MAX_SPLITS = 8


def read_change(clause: str, tasks: Tasks) -> Found | None:
    """The change that a clause asks for. More special rules come first."""
    if clause.count(" ") > MAX_WORDS:
        return _rename(clause, tasks)
    for rule in _RULES:
        found = rule(clause, tasks)
        if found is not None:
            return found
    return None


def _delete(clause: str, tasks: Tasks) -> Found | None:
    match = _DELETE.match(clause)
    if match is None:
        return None
    verb, text = match[1].lower(), match[2]
    if verb == "take" and clause.endswith(text):
        return None  # "take 2" deletes nothing, "take 2 off my list" does
    if _WHOLE_LIST.match(text):
        text = "all tasks"
    found = about(text, tasks, lambda words: DeleteTasks(tasks=words))
    if found is None or found.certain or verb not in _CAREFUL:
        return found
    read = read_reference(text)
    return found if read is not None and _is_full_title(read.words[0], tasks) else None


def _is_full_title(words: str, tasks: Tasks) -> bool:
    return any(task.title.casefold() == words.casefold() for task in tasks)


def _rename(clause: str, tasks: Tasks) -> Found | None:
    if match := _EDIT.match(clause):
        return _renaming(match[1], match[2], tasks)
    if match := _RENAME.match(clause):
        splits = islice(_TO.finditer(match[1]), _MAX_SPLITS)
        divided = [(match[1][: each.start()], match[1][each.end() :]) for each in splits]
        renamings = (_renaming(*pair, tasks) for pair in divided)
        found = next((renaming for renaming in renamings if renaming is not None), None)
        if found is not None:
            return found
    match = _QUOTED.match(clause)
    return _renaming(match[1], match[2], tasks) if match else None


def _renaming(text: str, title: str, tasks: Tasks) -> Found | None:
    title = title.strip()
    if len(title) > 2 and title[0] == title[-1] and title[0] in "\"'":
        title = title[1:-1].strip()
    read = reference(text, tasks)
    if read is None or len(read.words) != 1 or not title:
        return None
    command = RenameTask(task=read.words[0], title=title)
    return Found(commands=(command,), certain=read.certain, open_ended=True)


_RULES: tuple[Rule, ...] = (
    read_priority,
    read_reopening,
    read_schedule,
    _rename,
    read_completion,
    _delete,
)
