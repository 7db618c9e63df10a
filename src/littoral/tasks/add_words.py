"""Sentences that add tasks: "Add task: Buy milk", "remind me to call Bob tomorrow", "todo: …".

Leaves to others: what a title says besides its name (``new_task_words``), clauses and sentences
(``commands``).
"""

from __future__ import annotations

import re
from dataclasses import replace

from littoral.tasks import due
from littoral.tasks.command import AddTasks, Ask, NewTaskWords
from littoral.tasks.found import Found, pattern
from littoral.tasks.new_task_words import capitalised, has_verb, new_task, split_titles
from littoral.tasks.priority_words import LEVELS
from littoral.tasks.task import Priority

MAX_WEAK_WORDS = 4
"""``add milk``: a longer one is more likely an order of another kind, if no verb or date shows."""

_LIST_NAME = (
    r"(?:task |to-?do |to do |shopping |grocery |groceries )?(?:list|tasks|to-?dos?|agenda)"
)
_EXPLICIT = pattern(
    r"(?P<verb>add|create|make|new|insert|save|record|set up|note down|jot down|enter|start|log|",
    r"put|schedule)\s(?:me\s|down\s)?",
    r"(?:(?:a|an|another|the|one more|these|this|following|new|two|three|four|five|\d{1,2}|some|",
    r"my|more)\s){0,4}",
    r"(?:(?P<level>high|low|normal|top|urgent|important)(?:[ -]priority)?\s)?",
    r"(?P<noun>tasks?|to-?dos?|to do|to-?do items?|task items?|list items?|reminders?)",
    r"(?=[\s:：,–—-]|$)(?!\s(?:list|manager|force|bar|scheduler|queue|runner|app)\b)",
    r"(?:\s(?:to|on|in|onto)\s(?:my|the|our)\s(?:(?:task|todo|to-do)\s)?list)?\s?",
)
_HEADED = pattern(r"(?:add|create)\s(?:the following|these)(?:\s(?:things|items))?\s?[:：]\s?")
_NOUN = pattern(r"(?:new\s)?(?P<noun>tasks?|to-?dos?|to do|reminders?|add|don't forget)\s?[:：]\s?")
_CHECKBOX = pattern(r"(?:[-*•]\s)?\[\s?\]\s")
_SEPARATOR = pattern(r"[:：]|[–—-](?=\s|$)|(?:called|named|titled|saying|which says|that says)\b:?")
_TO = pattern(r"(?:(?:that )?remind(?:s|ing)? me )?(?:to|about)\s")
_WITH_LEVEL = pattern(
    r"(?:with|of|at)\s(?:a\s)?(high|low|normal|top)[ -]priority\s?[:：,]?\s?(?:to\s)?"
)
_THING = pattern(r"(?:the|my|our|this|that|a|an|your)\s")
_NOT_A_TITLE = pattern(
    r"(?:for|from|in|on|with|is|are|that|which|as|and)\s|#?\d+(?:\s(?:to|on|in|as|is|and)\b|$)"
)
_TITLE_VERBS = frozenset(("add", "new", "create", "make", "insert"))
_TO_LIST = pattern(rf"\s(?:to|on|onto|in|into)\s(?:my|the|our|this)\s{_LIST_NAME}\b")
_AS_TASK = pattern(r"\sas\s(?:a|an|my)\s(?:new\s)?(?:task|to-?do|reminder)s?\b")
_TO_LIST_VERB = pattern(r"(?:add|put|append|stick|include|get)\s")
_POINTS = pattern(r"(?:it|that|this|them|these|those)(?: all| too)?")
_REMIND = pattern(
    r"(?:remind me|set (?:me )?a reminder|create a reminder|i need a reminder|",
    r"(?:don't|do not|dont) let me forget)(?=[\s:,]|$)[:,]?\s?",
)
_REMIND_OF = pattern(r"(?:to|about|of|that|for)\s|:\s?")
_NO_REMINDER = pattern(r"(?:what|why|how|when|where|who|which|if|whether|that|this|those|it)\b")
_NEED = pattern(
    r"(?:i(?:'ve| have)? (?:(?:also|still|really)\s)?",
    r"(?:need to|have to|must|gotta|got to)|gotta|need to)(?: also)?\s",
)
_NO_NEED = pattern(
    r"(?:not|be|know|understand|say|admit|tell|ask|think|feel|see|go|leave|confess|agree|disagree|",
    r"wonder|learn|vent|talk|explain|decide|choose|use|have|stress|figure|find out|hear|",
    r"do (?:something|it|this|that)|complete task|finish task|delete|rename|list|show|add)\b|",
    r".*\b(?:you|your|because|but|if|why|how|task \d)\b",
)
_WEAK = pattern(r"add\s")
_NO_WEAK = pattern(
    r"(?:a|an|the|some|any|more|it|them|that|this|these|those|another|to|up|in|on|comments?|",
    r"details?|support|tests?|something|anything|insult|fuel|your|color|colour|me)(?:\s|$)|",
    r"[\d+*/ .,-]+$|[\d., ]+(?:and|to|plus|with)\s[\d., ]+$|",
    r".*\s(?:to|into|for|in|onto)\s(?:the|this|that|it|taste|your|a|my)\b|\W",
)
ASK_TITLE = Ask(question="What should the task be called? Write it like this: Add task: Buy milk")
ASK_REMINDER = Ask(question="What should I remind you of?")


def read_add(clause: str) -> Found | None:
    """The tasks that a clause adds; its own words decide, the list is not needed."""
    for read in (_checkbox, _explicit, _headed, _to_list, _remind, _need, _weak):
        found = read(clause)
        if found is not None:
            return found
    return None


def _adding(tasks: tuple[NewTaskWords, ...], certain: bool = True) -> Found | None:
    if not tasks:
        return None
    return Found(commands=(AddTasks(tasks=tasks),), certain=certain, open_ended=True)


def _asking(question: Ask) -> Found:
    return Found(commands=(question,), open_ended=True)


def _with(tasks: tuple[NewTaskWords, ...], priority: Priority) -> tuple[NewTaskWords, ...]:
    """The priority that the order names, over that of the titles."""
    return tasks if priority == "normal" else tuple(replace(t, priority=priority) for t in tasks)


def _checkbox(clause: str) -> Found | None:
    """``[ ] Buy milk``"""
    found = _CHECKBOX.match(clause)
    return _adding(new_task(clause[found.end() :])) if found else None


def _explicit(clause: str) -> Found | None:
    """Orders that say "task": what follows the word decides where the title begins."""
    found = _EXPLICIT.match(clause)
    if found is None:
        return None
    rest = clause[found.end() :].strip(" ,")
    priority = LEVELS.get((found["level"] or "").lower(), "normal")
    if level := _WITH_LEVEL.match(rest):
        priority = LEVELS[level[1].lower()]
        rest = rest[level.end() :]
        return _adding(_with(new_task(rest), priority)) if rest else _asking(ASK_TITLE)
    if not rest:
        return _asking(ASK_TITLE)
    if separator := _SEPARATOR.match(rest):
        plural = found["noun"].lower().endswith("s")
        return _several(rest[separator.end() :].strip(), plural, priority)
    return _in_words(found["verb"].lower(), rest, priority)


def _several(titles: str, enumerated: bool, priority: Priority = "normal") -> Found | None:
    if not titles:
        return _asking(ASK_TITLE)
    found = split_titles(titles, enumerated=enumerated)
    return _adding(_with(tuple(task for title in found for task in new_task(title)), priority))


def _in_words(verb: str, rest: str, priority: Priority) -> Found | None:
    """``add a task to call Bob``, ``add a task for tomorrow: call Bob``, ``add task buy milk``."""
    led = _led_by_a_date(rest)
    if led is not None:
        return _adding(_with(led, priority))
    if to := _TO.match(rest):
        title = rest[to.end() :]
        return (
            None if _THING.match(title) else _adding(_with(new_task(capitalised(title)), priority))
        )
    if verb not in _TITLE_VERBS or _NOT_A_TITLE.match(rest):
        return None
    return _adding(_with(new_task(rest), priority))


def _led_by_a_date(rest: str) -> tuple[NewTaskWords, ...] | None:
    """``tomorrow at 5 to call Bob`` or ``for friday: call Bob``."""
    phrase = due.lead(rest)
    if phrase is None:
        return None
    after = rest[phrase.end :]
    joined = re.match(r"\s?[:,]\s?(?:to\s)?|\s(?:to|that|about)\s", after, re.IGNORECASE)
    if joined is None or not after[joined.end() :].strip():
        return None
    tasks = new_task(capitalised(after[joined.end() :]), dated=True)
    return tuple(replace(task, due=phrase.text) for task in tasks)


def _headed(clause: str) -> Found | None:
    """``todo: pay rent``, ``tasks: a, b``, ``add the following: a, b``."""
    if found := _HEADED.match(clause):
        return _several(clause[found.end() :], enumerated=True)
    if found := _NOUN.match(clause):
        return _several(clause[found.end() :], found["noun"].lower().endswith("s"))
    return None


def _to_list(clause: str) -> Found | None:
    """``add milk to my list``, ``add milk as a task for tomorrow``."""
    verb = _TO_LIST_VERB.match(clause)
    if verb is None:
        return None
    found = _TO_LIST.search(clause, verb.end()) or _AS_TASK.search(clause, verb.end())
    if found is None:
        return None
    title, rest = clause[verb.end() : found.start()], clause[found.end() :].strip(" ,")
    if rest.startswith(":"):
        return _several(rest[1:].strip(), enumerated=True)
    if _POINTS.fullmatch(title) or (rest and not due.is_phrase(rest)):
        return None
    titles = split_titles(title.strip("'") if title[:1] == "'" else title, enumerated=True)
    tasks = tuple(task for each in titles for task in new_task(each))
    return _adding(tuple(replace(task, due=rest or task.due) for task in tasks))


def _remind(clause: str) -> Found | None:
    """``remind me tomorrow at 5 to call Bob``, and the same the other way round."""
    found = _REMIND.match(clause)
    if found is None:
        return None
    rest = clause[found.end() :].strip()
    led = _led_by_a_date(rest)
    if led is not None:
        return _adding(led)
    of = _REMIND_OF.match(rest)
    title = rest[of.end() :] if of else ""
    if _NO_REMINDER.match(title or rest):
        return None
    return _adding(new_task(capitalised(title))) if title else _asking(ASK_REMINDER)


def _need(clause: str) -> Found | None:
    """``I need to call the bank``: only where nothing else is said."""
    found = _NEED.match(clause)
    title = clause[found.end() :] if found else ""
    most = 13 if clause[:1].lower() == "i" else 4
    if not title or not 1 <= title.count(" ") <= most or _NO_NEED.match(title):
        return None
    return _adding(new_task(capitalised(title)), certain=False)


def _weak(clause: str) -> Found | None:
    """``add milk``: only where nothing else is said."""
    found = _WEAK.match(clause)
    title = clause[found.end() :] if found else ""
    if not title or title.count(" ") > 3 * MAX_WEAK_WORDS or _NO_WEAK.match(title):
        return None
    titles = split_titles(title, enumerated=True)
    tasks = tuple(task for each in titles for task in new_task(each))
    return _adding(tasks, certain=False) if all(map(_is_plain, tasks)) else None


def _is_plain(task: NewTaskWords) -> bool:
    """Whether a title is likely one: it has a verb, or a date, or is short and goes nowhere."""
    if has_verb(task.title) or task.due:
        return True
    return task.title.count(" ") < MAX_WEAK_WORDS and " to " not in task.title
