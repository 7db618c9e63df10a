"""Sentences that say when existing tasks are due and how they repeat: "move task 2 to friday"."""

from __future__ import annotations

from littoral.tasks import due
from littoral.tasks.command import SetDue, StopRepeating
from littoral.tasks.found import Found, Tasks, about, pattern
from littoral.tasks.references import read_reference

_DATE = r"(?:due date|due time|deadline|due|date)"
_NUMBERED = r"((?:task |number |#)#?\d{1,6})"

_STATED = (
    pattern(
        r"(?:set|make|put|change|update|edit) (.+?) (?:to be )?due (?:on |by |at |to |for )?(.+)$"
    ),
    pattern(rf"remind me (?:of|about) {_NUMBERED} (.+)$"),
    pattern(r"(.+?)(?: is| are|'s| should be| must be)? (?:now )?due (?:on |by |at )?(.+)$"),
    pattern(
        rf"(?:set|change|update|move) (.+?)'s {_DATE} (?:to |on |as )?(.+)$",
    ),
)
_MOVED = (
    pattern(
        r"(?:set|change|update|move|make|put|add)(?: the| a)? ",
        rf"{_DATE} (?:of|for|on|to) (.+)$",
    ),
    pattern(
        r"(?:move|postpone|reschedule|schedule|push(?: back)?|delay|snooze|defer|shift|plan) (.+)$"
    ),
)
_PLAIN = pattern(r"(?:set|change|due) (.+)$")
_REMOVED = (
    pattern(
        rf"(?:remove|clear|delete|drop|cancel|unset)(?: the)? {_DATE} (?:of|from|for|on) (.+)$"
    ),
    pattern(rf"(.+?) (?:has no|no longer has an?|has no more) {_DATE}$"),
)
_REPEATED = (
    pattern(r"repeat (.+)$"),
    pattern(r"make (.+?) (?:repeat|recur|recurring|repeating) (.+)$"),
    pattern(r"(.+?) (?:repeats|recurs) (.+)$"),
)
_STOPPED = (
    pattern(r"(?:stop repeating|stop the repetition of|don't repeat|no longer repeat) (.+)$"),
    pattern(r"make (.+?) (?:not repeat|stop repeating)(?: any ?more)?$"),
)
_LINK = pattern(r" (?:to|for|until|till|due|by|on|at|is|so that it is)$")


def read_schedule(clause: str, tasks: Tasks) -> Found | None:
    """The date or the repetition that a clause sets or ends."""
    for read in (_stopped, _removed, _stated, _moved, _repeated):
        found = read(clause, tasks)
        if found is not None:
            return found
    return None


def _stopped(clause: str, tasks: Tasks) -> Found | None:
    for order in _STOPPED:
        if match := order.match(clause):
            return about(match[1], tasks, lambda words: StopRepeating(tasks=words))
    return None


def _removed(clause: str, tasks: Tasks) -> Found | None:
    for order in _REMOVED:
        if match := order.match(clause):
            return about(match[1], tasks, lambda words: SetDue(tasks=words, due=None))
    return None


def _stated(clause: str, tasks: Tasks) -> Found | None:
    for order in _STATED:
        match = order.match(clause)
        if match and due.is_phrase(match[2]):
            return _dated(match[1], match[2], tasks)
    return None


def _moved(clause: str, tasks: Tasks) -> Found | None:
    for order in _MOVED:
        if match := order.match(clause):
            divided = _divided(match[1])
            return _dated(*divided, tasks) if divided else None
    match = _PLAIN.match(clause)
    divided = _divided(match[1]) if match else None
    read = read_reference(divided[0]) if divided else None
    if divided is None or read is None or not read.certain or not read.words[0].isdigit():
        return None
    return _dated(*divided, tasks)


def _repeated(clause: str, tasks: Tasks) -> Found | None:
    for order in _REPEATED:
        match = order.match(clause)
        divided = _divided(" ".join(match.groups())) if match else None
        if divided is not None:
            return _dated(*divided, tasks)
    return None


def _divided(text: str) -> tuple[str, str] | None:
    """``2 to friday`` as the reference and the date."""
    phrase = due.find(text)
    if phrase is None or phrase.start == 0 or phrase.end < len(text):
        return None
    return _LINK.sub("", text[: phrase.start].rstrip(" ,:=")), phrase.text


def _dated(text: str, words: str, tasks: Tasks) -> Found | None:
    return about(text, tasks, lambda references: SetDue(tasks=references, due=words))
