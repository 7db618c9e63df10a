"""Questions about the list itself: "what's on my list?", "show my tasks", "what is due today?".

A question is one only as a whole: "list the planets" is none. Leaves to others: showing the tasks.
"""

from __future__ import annotations

from littoral.tasks.command import ListDue, ListStatus, ListTasks
from littoral.tasks.found import Found, pattern
from littoral.tasks.task import Priority

MAX_CHARACTERS = 90

_STATE = (
    r"(open|pending|remaining|unfinished|incomplete|outstanding|active|current|completed|done|"
    r"finished|closed|overdue|late|urgent|important|high[ -]priority|low[ -]priority)"
)
_STATUS = rf"(?:{_STATE} )?"
_THINGS = r"(?:tasks?|to-?dos?|to-?do list|todo list|task list|list|items|agenda|reminders|ones)"
_TIME = (
    r"(?:\s(?:for |due |that are due |which are due |due by )?"
    r"(today|tonight|tomorrow|this week|now|overdue))?"
)
_WHOSE = r"(?:(?:all|all of|the|my|our|me|every|these|full|whole|entire) ){0,3}"
_IS = r"(?: is|'s|s| are| were| have been)"

_QUESTIONS = (
    pattern(
        r"(?:list|show|display|see|view|print|read|give me|get|tell me|check)(?: me)?(?: out)? ",
        rf"{_WHOSE}{_STATUS}{_THINGS}{_TIME}",
    ),
    pattern(rf"(?:list|tasks|to-?dos|ls|my tasks|my list|my to-?dos|{_STATUS}tasks|all tasks)"),
    pattern(rf"(?:list|show)(?: me)? (?:all|everything|them|{_STATE})"),
    pattern(
        rf"what(?:{_IS}| do i have)?(?: still| left| currently| there)?(?: on| in)? ",
        rf"{_WHOSE}{_STATUS}{_THINGS}(?: do i have| are there)?{_TIME}",
    ),
    pattern(
        rf"(?:what|which)(?: (?:tasks|things|to-?dos|ones))?{_IS}(?: still)? ",
        rf"{_STATE}(?: to do)?{_TIME}",
    ),
    pattern(
        rf"(?:(?:show|tell) me )?(?:what|which)(?: tasks| things)?{_IS}(?: still)? ",
        rf"(due|left|left to do|next|up next|to do|there to do){_TIME}",
    ),
    pattern(
        r"what (?:do|must|should) i (?:have to|need to|still have to|still need to)?\s?",
        rf"do(?: next)?{_TIME}",
    ),
    pattern(
        rf"what do i (?:still )?(?:have|need) (?:left )?(?:to do|due|on){_TIME}",
    ),
    pattern(r"what do i have (?:for )?(today|tomorrow|this week)"),
    pattern(
        rf"how many {_STATUS}{_THINGS}(?: do i (?:still )?have| are there| are| have i)?",
        rf"(?: left| open| done| completed)?{_TIME}",
    ),
    pattern(
        rf"(?:do i have|have i got|are there) (?:any|anything)(?: more)? ?{_STATUS}",
        rf"(?:{_THINGS}|to do|due|left)?(?: left| to do)?{_TIME}",
    ),
    pattern(
        rf"remind me (?:of|about|what) (?:is on |are )?{_WHOSE}{_STATUS}{_THINGS}",
        rf"(?: are| is)?{_TIME}",
    ),
    pattern(r"what have i (done|finished|completed)(?: so far| today| already)?"),
    pattern(rf"(?:am i|is anything|is there anything|anything) (late|overdue|due){_TIME}"),
)
_COMPLETED = frozenset(("completed", "done", "finished", "closed"))
_TIMES: dict[str, ListDue] = {
    "today": "today",
    "tonight": "today",
    "now": "today",
    "tomorrow": "tomorrow",
    "this week": "week",
    "overdue": "overdue",
    "late": "overdue",
}


def read_list(clause: str) -> Found | None:
    """The view of the list that a clause asks for."""
    if len(clause) > MAX_CHARACTERS:
        return None
    for question in _QUESTIONS:
        match = question.fullmatch(clause)
        if match is not None:
            return Found(commands=(_view([group.lower() for group in match.groups() if group]),))
    return None


def _view(words: list[str]) -> ListTasks:
    """The words that narrow the list: a status, a priority, a time."""
    status: ListStatus = "all"
    due: ListDue = "any"
    priority: Priority | None = None
    for word in words:
        status = "completed" if word in _COMPLETED else "pending"
        due = _TIMES.get(word, due)
        if word in ("urgent", "important") or word.startswith("high"):
            priority = "high"
        elif word.startswith("low"):
            priority = "low"
    return ListTasks(status=status, due=due, priority=priority)
