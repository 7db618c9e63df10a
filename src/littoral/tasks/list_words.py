"""Questions about the list itself: "what's on my list?", "show my tasks", "what is due today?".

A question is one only as a whole: "list the planets" is none. Leaves to others: showing the tasks.
"""

from __future__ import annotations

import re

from littoral.tasks.command import ListDue, ListStatus, ListTasks
from littoral.tasks.found import Found

_STATUS = (
    r"(?:(open|pending|remaining|unfinished|incomplete|outstanding|active|current|completed|done|finished|"
    r"closed|overdue|late|urgent|important|high[ -]priority|low[ -]priority) )?"
)
_THINGS = r"(?:tasks?|to-?dos?|to-?do list|todo list|task list|list|items|agenda|reminders|ones)"
_TIME = r"(?:\s(?:for |due |that are due |which are due |due by )?(today|tonight|tomorrow|this week|now|overdue))?"
_WHOSE = r"(?:(?:all|all of|the|my|our|me|every|these|full|whole|entire) ){0,3}"

_QUESTIONS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"(?:list|show|display|see|view|print|read|give me|get|tell me|check)(?: me)?(?: out)? {_WHOSE}{_STATUS}{_THINGS}{_TIME}",
        rf"(?:list|tasks|to-?dos|ls|my tasks|my list|my to-?dos|{_STATUS}tasks|all tasks|task list)",
        r"(?:list|show)(?: me)? (?:all|everything|them)",
        rf"what(?:'s| is| are| do i have)?(?: still| left| currently| there)?(?: on| in)? {_WHOSE}{_STATUS}{_THINGS}{_TIME}",
        rf"(?:what|which)(?: (?:tasks|things|to-?dos|ones))?(?: is|'s| are| were| have been)(?: still)? "
        rf"{_STATUS.rstrip('?').replace(' )', ')')}(?: to do)?{_TIME}",
        rf"(?:what|which)(?: tasks| things)?(?: is|'s| are)(?: still)? (due|left|left to do|next|up next|to do|there to do){_TIME}",
        rf"what (?:do|must|should) i (?:have to|need to|still have to|still need to)?\s?do(?: next)?{_TIME}",
        rf"what do i (?:still )?(?:have|need) (?:left )?(?:to do|due|on){_TIME}",
        r"what do i have (?:for )?(today|tomorrow|this week)",
        rf"how many {_STATUS}{_THINGS}(?: do i (?:still )?have| are there| are| have i)?(?: left| open| done| completed)?{_TIME}",
        rf"(?:do i have|have i got|are there) (?:any|anything)(?: more)? ?{_STATUS}(?:{_THINGS}|to do|due|left)?(?: left| to do)?{_TIME}",
        rf"remind me (?:of|about|what) (?:is on |are )?{_WHOSE}{_STATUS}{_THINGS}(?: are| is)?{_TIME}",
        r"what have i (done|finished|completed)(?: so far| today| already)?",
        r"(?:am i|is anything|is there anything|anything) (late|overdue|due)(?: today| with anything)?",
    )
)  # fmt: skip
_COMPLETED = frozenset(("completed", "done", "finished", "closed"))
_TIMES: dict[str, ListDue] = {
    "today": "today", "tonight": "today", "now": "today", "tomorrow": "tomorrow", "this week": "week",
    "overdue": "overdue", "late": "overdue",
}  # fmt: skip


def read_list(clause: str) -> Found | None:
    """The view of the list that a clause asks for."""
    if len(clause) > 90:
        return None
    for question in _QUESTIONS:
        match = question.fullmatch(clause)
        if match is not None:
            return Found(commands=(_view([group.lower() for group in match.groups() if group]),))
    return None


def _view(words: list[str]) -> ListTasks:
    status: ListStatus = "all"
    due: ListDue = "any"
    priority = None
    for word in words:
        if word in _COMPLETED:
            status = "completed"
        elif word in _TIMES:
            due, status = _TIMES[word], "pending"
        elif word in ("urgent", "important") or word.startswith(("high", "low")):
            priority = "low" if word.startswith("low") else "high"
            status = "pending"
        else:
            status = "pending"
    return ListTasks(status=status, due=due, priority=priority)  # type: ignore[arg-type]
