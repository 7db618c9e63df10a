"""Sentences that set a priority: "make task 2 high priority", "2 is urgent", "prioritise milk"."""

from __future__ import annotations

from littoral.tasks.command import SetPriority
from littoral.tasks.found import Found, Tasks, about, pattern
from littoral.tasks.task import Priority

LEVELS: dict[str, Priority] = {
    "high": "high",
    "highest": "high",
    "top": "high",
    "urgent": "high",
    "important": "high",
    "critical": "high",
    "asap": "high",
    "normal": "normal",
    "medium": "normal",
    "not urgent": "normal",
    "not important": "normal",
    "low": "low",
    "lowest": "low",
}
"""Words for a priority."""

_LEVEL = (
    r"(?P<level>not urgent|not important|high|highest|top|urgent|important|critical|"
    r"low|lowest|normal|medium)"
)
_SET = r"(?:set|change|make|update|raise|lower)"
_ORDERS = (
    pattern(rf"{_SET}(?: the)? priority (?:of|for|on) (?P<tasks>.+?) (?:to|as|:|=) ?{_LEVEL}$"),
    pattern(rf"{_SET}(?: the)? priority (?:to )?{_LEVEL} (?:of|for|on) (?P<tasks>.+)$"),
    pattern(rf"{_SET} (?P<tasks>.+?)(?:'s)? priority (?:to|as|:|=) ?{_LEVEL}$"),
    pattern(
        r"(?:make|mark|set|flag|change|give|move|bump|raise|lower|put|update) (?P<tasks>.+?) ",
        rf"(?:as |to |at |a |an |with )?{_LEVEL}(?:[ -]priority)?$",
    ),
    pattern(
        r"(?P<tasks>.+?)(?: is| are|'s| should be| must be) (?:now |very |really |a )?",
        rf"{_LEVEL}(?:[ -]priority)?$",
    ),
    pattern(rf"(?P<tasks>.+?):? {_LEVEL}[ -]priority$"),
    pattern(rf"{_LEVEL}[ -]priority (?:for|on) (?P<tasks>.+)$"),
)
_HIGHER = pattern(
    r"(?:prioriti[sz]e|star|(?:raise|increase)(?: the)? priority (?:of|for)) (?P<tasks>.+)$"
)
_LOWER = pattern(
    r"(?:deprioriti[sz]e|(?:lower|reduce)(?: the)? priority (?:of|for)) (?P<tasks>.+)$"
)


def read_priority(clause: str, tasks: Tasks) -> Found | None:
    """The priority that a clause sets."""
    for order in _ORDERS:
        if match := order.match(clause):
            found = _setting(match["tasks"], LEVELS[match["level"].lower()], tasks)
            if found is not None:
                return found
    if match := _HIGHER.match(clause):
        return _setting(match["tasks"], "high", tasks)
    if match := _LOWER.match(clause):
        return _setting(match["tasks"], "low", tasks)
    return None


def _setting(text: str, priority: Priority, tasks: Tasks) -> Found | None:
    return about(text, tasks, lambda words: SetPriority(tasks=words, priority=priority))
