"""Sentences that change tasks: complete, reopen, rename, delete, priority, due date, repetition.

Each rule is anchored at the clause's beginning, and its free parts are references that ``found``
checks: a clause about something else than tasks ("complete my essay") is no command.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from littoral.tasks import due
from littoral.tasks.command import (
    Command,
    CompleteTasks,
    DeleteTasks,
    References,
    RenameTask,
    ReopenTasks,
    SetDue,
    SetPriority,
    StopRepeating,
)
from littoral.tasks.found import Found, reference
from littoral.tasks.new_task_words import _LEVELS
from littoral.tasks.past_words import done_by_past_tense
from littoral.tasks.references import read_reference
from littoral.tasks.task import Task

Tasks = Sequence[Task]
Rule = Callable[[str, Tasks], Found | None]

_DONE = r"(?:done|completed?|finished|closed|ticked(?: off)?|checked(?: off)?)"
_OPEN = r"(?:not (?:done|completed?|finished)|undone|pending|open|incomplete|uncompleted|unfinished|to-?do|active)"
_LEVEL = (
    r"(not urgent|not important|high|highest|top|urgent|important|critical|low|lowest|normal|medium)"
    r"(?:[ -]priority)?"
)
_LIST = r"(?: (?:off|from|out of|on|in) (?:my|the|this) (?:task |to-?do )?(?:list|tasks))?"

_COMPLETE = (
    re.compile(rf"(?:complete|finish|check off|tick off|cross off|tick|done with|done:?) (.+?){_LIST}$", re.I),
    re.compile(rf"(?:mark|set|flag|tick|check|put|cross) (.+?) (?:as |to |off as )?{_DONE}$", re.I),
    re.compile(r"(?:check|tick|cross) (.+?) (?:off|out)(?: (?:my|the|this) list)?$", re.I),
    re.compile(rf"(.+?)(?: is| are|'s| has been| have been|:)? (?:now |already |all )?{_DONE}$", re.I),
    re.compile(
        r"i(?:'ve|'m| have| am)? (?:just |already |now |finally )?"
        r"(?:finished with|finished|completed|done with|done|did|checked off|through with) (.+)$",
        re.I,
    ),
)  # fmt: skip
_REOPEN = (
    re.compile(r"(?:reopen|re-open|uncomplete|uncheck|untick|unfinish|reactivate) (.+)$", re.I),
    re.compile(rf"(?:mark|set|flag) (.+?) (?:as |to |back to )?{_OPEN}$", re.I),
    re.compile(rf"(.+?)(?: is| are) {_OPEN}(?: yet| after all)?$", re.I),
    re.compile(rf"(.+?) (?:isn't|aren't) {_DONE}(?: yet| after all)?$", re.I),
)
_DELETE = re.compile(
    r"(delete|remove|erase|trash|discard|drop|cancel|clear(?: out)?|purge|scrap|get rid of|throw away|take|empty) "
    rf"(?:out )?(.+?){_LIST}$",
    re.I,
)
_CAREFUL = ("cancel", "clear", "clear out", "drop", "take", "scrap", "empty", "throw away")
_RENAME = re.compile(r"(?:rename|retitle|reword) (.+)$", re.I)
_RENAME_TITLE = re.compile(
    r"(?:change|edit|update|set) (?:the )?(?:title|name|text|wording|description) (?:of|for) (.+)$",
    re.I,
)
_EDIT = re.compile(
    r"(?:change|edit|update) ((?:task |number |#)?#?\d{1,6})(?:'s (?:title|name))? ?(?:to|:|->) ?(.+)$",
    re.I,
)
_TO = re.compile(r" (?:to|as|into) | ?(?::|->|→|=>|=) ")
_PRIORITY = (
    re.compile(rf"(?:make|mark|set|flag|change|give|move|bump|raise|lower|put) (.+?) (?:as |to |at |a |an |with )?{_LEVEL}$", re.I),
    re.compile(rf"(?:set|change|make|update|raise|lower)(?: the)? priority (?:of|for|on) (.+?) (?:to|as|:|=) ?{_LEVEL}$", re.I),
    re.compile(rf"(.+?)(?: is| are|'s| should be| must be) (?:now |very |really |a )?{_LEVEL}$", re.I),
)  # fmt: skip
_RAISE = re.compile(
    r"(?:prioriti[sz]e|star|(?:raise|increase)(?: the)? priority (?:of|for)) (.+)$", re.I
)
_LOWER = re.compile(
    r"(?:deprioriti[sz]e|(?:lower|reduce)(?: the)? priority (?:of|for)) (.+)$", re.I
)
_IS_DUE = re.compile(
    r"(.+?)(?: is| are|'s| should be| must be)? (?:now )?due (?:on |by |at )?(.+)$", re.I
)
_DUE_OF = re.compile(
    r"(?:set|change|update|move|make|put|add)(?: the| a)? (?:due date|due time|due|deadline|date) (?:of|for|on|to) (.+)$",
    re.I,
)
_MOVE = re.compile(
    r"(?:move|postpone|reschedule|schedule|push(?: back)?|delay|snooze|defer|shift|plan) (.+)$",
    re.I,
)
_SET_DUE = re.compile(
    r"(?:set|make|put|change) (.+?) (?:to be )?due (?:on |by |at |to |for )?(.+)$", re.I
)
_REMIND_OF = re.compile(r"remind me (?:of|about) ((?:task |number |#)#?\d{1,6}) (.+)$", re.I)
_NO_DUE = (
    re.compile(r"(?:remove|clear|delete|drop|cancel|unset)(?: the)? (?:due date|due time|deadline|date) (?:of|from|for|on) (.+)$", re.I),
    re.compile(r"(.+?) has no (?:due date|deadline)$", re.I),
)  # fmt: skip
_REPEAT = (
    re.compile(r"repeat (.+)$", re.I),
    re.compile(r"make (.+?) (?:repeat|recur|recurring|repeating) ?(.*)$", re.I),
    re.compile(r"(.+?) (?:repeats|recurs) (.+)$", re.I),
)
_STOP = re.compile(
    r"(?:stop repeating|stop the repetition of|don't repeat|no longer repeat) (.+)$"
    r"|make (.+?) (?:not repeat|stop repeating)(?: any ?more)?$",
    re.I,
)
_LINK = re.compile(r" (?:to|for|until|till|due|by|on|at|is|so that it is)$", re.I)


def read_change(clause: str, tasks: Tasks) -> Found | None:
    """The change that a clause asks for. More special rules come first."""
    if clause.count(" ") > 60 and not clause.lower().startswith(
        ("rename", "change", "edit", "update")
    ):
        return None
    rules: tuple[Rule, ...] = (
        _no_due, _stop, _priority, _reopen, _due, _repeat, _rename, _complete, _delete,
    )  # fmt: skip
    for rule in rules:
        found = rule(clause, tasks)
        if found is not None:
            return found
    return None


def _about(
    text: str, tasks: Tasks, make: Callable[[References], Command], certain: bool = True
) -> Found | None:
    """The command for the tasks that ``text`` refers to."""
    read = reference(text, tasks)
    if read is None or len(text) > 300:
        return None
    return Found(commands=(make(read.words),), certain=certain and read.certain)


def _complete(clause: str, tasks: Tasks) -> Found | None:
    for number, pattern in enumerate(_COMPLETE):
        match = pattern.match(clause)
        if match is None:
            continue
        text = match[1]
        if number >= 3 and re.match(r"(?:it|that|everything|all|this)\b", text, re.I):
            continue  # "everything is done" and "I finished it all" tell, they do not ask
        found = _about(text, tasks, lambda words: CompleteTasks(tasks=words))
        if found is not None:
            return found
    past = done_by_past_tense(clause, tasks)
    return None if past is None else Found(commands=(CompleteTasks(tasks=past),), certain=False)


def _reopen(clause: str, tasks: Tasks) -> Found | None:
    for pattern in _REOPEN:
        if match := pattern.match(clause):
            return _about(match[1], tasks, lambda words: ReopenTasks(tasks=words))
    return None


def _delete(clause: str, tasks: Tasks) -> Found | None:
    match = _DELETE.match(clause)
    if match is None:
        return None
    verb, text = match[1].lower(), match[2]
    if re.fullmatch(
        r"(?:my|the|this|whole|entire|my whole|my entire) (?:task |to-?do )?list", text, re.I
    ):
        text = "all tasks"
    if verb == "take" and not re.search(r" (?:off|from|out of) ", clause):
        return None
    found = _about(text, tasks, lambda words: DeleteTasks(tasks=words))
    if found is not None and verb in _CAREFUL and not found.certain:
        read = read_reference(text)
        return found if read is not None and _is_full_title(read.words[0], tasks) else None
    return found


def _is_full_title(words: str, tasks: Tasks) -> bool:
    return any(task.title.casefold() == words.casefold() for task in tasks)


def _rename(clause: str, tasks: Tasks) -> Found | None:
    if match := _EDIT.match(clause):
        return _renaming(match[1], match[2], tasks)
    match = _RENAME.match(clause) or _RENAME_TITLE.match(clause)
    if match is None:
        return None
    for place, found in enumerate(_TO.finditer(match[1])):
        renaming = _renaming(match[1][: found.start()], match[1][found.end() :], tasks)
        if renaming is not None:
            return renaming
        if place > 8:
            break
    return None


def _renaming(text: str, title: str, tasks: Tasks) -> Found | None:
    title = title.strip()
    if len(title) > 2 and title[0] == title[-1] and title[0] in "\"'":
        title = title[1:-1].strip()
    read = reference(text, tasks)
    if read is None or len(read.words) != 1 or not title:
        return None
    command = RenameTask(task=read.words[0], title=title)
    return Found(commands=(command,), certain=read.certain, open_ended=True)


def _priority(clause: str, tasks: Tasks) -> Found | None:
    for pattern in _PRIORITY:
        if match := pattern.match(clause):
            level = _LEVELS.get(match[2].lower(), "normal")
            found = _about(match[1], tasks, lambda words: SetPriority(tasks=words, priority=level))
            if found is not None:
                return found
    if match := _RAISE.match(clause):
        return _about(match[1], tasks, lambda words: SetPriority(tasks=words, priority="high"))
    if match := _LOWER.match(clause):
        return _about(match[1], tasks, lambda words: SetPriority(tasks=words, priority="low"))
    return None


def _due(clause: str, tasks: Tasks) -> Found | None:
    for pattern in (_SET_DUE, _REMIND_OF, _IS_DUE):
        match = pattern.match(clause)
        if match and due.is_phrase(match[2]):
            return _dated(match[1], match[2], tasks)
    match = _DUE_OF.match(clause) or _MOVE.match(clause)
    if match is None and (match := re.match(r"(?:set|change|due) (.+)$", clause, re.I)):
        divided = _divided(match[1])
        read = read_reference(divided[0]) if divided else None
        if read is None or not read.certain or not read.words[0].isdigit():
            return None
    divided = _divided(match[1]) if match else None
    return _dated(*divided, tasks) if divided else None


def _divided(text: str) -> tuple[str, str] | None:
    """``2 to friday`` as the reference and the date."""
    phrase = due.find(text)
    if phrase is None or phrase.start == 0 or phrase.end < len(text):
        return None
    left = text[: phrase.start].rstrip(" ,:=")
    return _LINK.sub("", left), phrase.text


def _dated(text: str, words: str, tasks: Tasks) -> Found | None:
    return _about(text, tasks, lambda references: SetDue(tasks=references, due=words))


def _no_due(clause: str, tasks: Tasks) -> Found | None:
    for pattern in _NO_DUE:
        if match := pattern.match(clause):
            return _about(match[1], tasks, lambda words: SetDue(tasks=words, due=None))
    return None


def _repeat(clause: str, tasks: Tasks) -> Found | None:
    for pattern in _REPEAT:
        match = pattern.match(clause)
        if match is None:
            continue
        text = " ".join(group for group in match.groups() if group)
        divided = _divided(text)
        if divided is not None:
            return _dated(*divided, tasks)
    return None


def _stop(clause: str, tasks: Tasks) -> Found | None:
    match = _STOP.match(clause)
    if match is None:
        return None
    return _about(match[1] or match[2], tasks, lambda words: StopRepeating(tasks=words))
