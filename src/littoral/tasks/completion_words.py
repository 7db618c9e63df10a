"""Sentences that complete tasks or open them again: "mark 2 as done", "reopen 5"."""

from __future__ import annotations

import re

from littoral.tasks.command import CompleteTasks, ReopenTasks
from littoral.tasks.found import Found, Tasks, about, pattern
from littoral.tasks.past_words import done_by_past_tense

_DONE = r"(?:done|completed?|finished|closed|ticked(?: off)?|checked(?: off)?)"
_OPEN = (
    r"(?:not (?:done|completed?|finished)|undone|pending|open|incomplete|uncompleted|"
    r"unfinished|to-?do|active)"
)
_LIST = r"(?: (?:off|from|on|in) (?:my|the|this) (?:task |to-?do )?(?:list|tasks))?"

_ORDERS = (
    pattern(
        r"(?:complete|finish|check off|tick off|cross off|tick|(?:all )?done with|done:?) ",
        rf"(.+?){_LIST}$",
    ),
    pattern(rf"(?:mark|set|flag|tick|check|put|cross) (.+?) (?:as |to |off as )?{_DONE}$"),
    pattern(r"(?:check|tick|cross) (.+?) (?:off|out)(?: (?:my|the|this) list)?$"),
)
_REPORTS = (
    pattern(
        r"(.+?)(?: is| are|'s| has been| have been|:)? ",
        rf"(?:now |already |all )?{_DONE}$",
    ),
    pattern(
        r"(?:i(?:'ve|'m| have| am)? )?(?:just |already |now |finally |all )?",
        r"(?:finished with|finished|completed|done with|checked off|through with) (.+)$",
    ),
    pattern(r"i(?:'ve| have)? (?:just |already |now |finally )?(?:did|done) (.+)$"),
)
_NOT_A_TASK = re.compile(r"(?:it|that|everything|all|this|we|i|he|she|they)\b", re.IGNORECASE)
_REOPEN = (
    pattern(r"(?:reopen|re-open|un-?complete|uncheck|untick|un-?finish|reactivate) (.+)$"),
    pattern(rf"(?:mark|set|flag) (.+?) (?:as |to |back to )?{_OPEN}$"),
    pattern(rf"(.+?)(?: is| are) {_OPEN}(?: yet| after all)?$"),
    pattern(rf"(.+?) (?:isn't|aren't) {_DONE}(?: yet| after all)?$"),
)


def read_completion(clause: str, tasks: Tasks) -> Found | None:
    """Orders to complete, and reports that something is done when the list has such a task."""
    return _ordered(clause, tasks) or _reported(clause, tasks)


def _ordered(clause: str, tasks: Tasks) -> Found | None:
    for order in _ORDERS:
        if match := order.match(clause):
            found = about(match[1], tasks, lambda words: CompleteTasks(tasks=words))
            if found is not None:
                return found
    return None


def _reported(clause: str, tasks: Tasks) -> Found | None:
    for report in _REPORTS:
        match = report.match(clause)
        if match is None or _NOT_A_TASK.match(match[1]):
            continue  # "everything is done" tells how things are and asks for nothing
        found = about(match[1], tasks, lambda words: CompleteTasks(tasks=words))
        if found is not None:
            return found
    past = done_by_past_tense(clause, tasks)
    return None if past is None else Found(commands=(CompleteTasks(tasks=past),), certain=False)


def read_reopening(clause: str, tasks: Tasks) -> Found | None:
    """Orders to open tasks again."""
    for order in _REOPEN:
        if match := order.match(clause):
            return about(match[1], tasks, lambda words: ReopenTasks(tasks=words))
    return None
