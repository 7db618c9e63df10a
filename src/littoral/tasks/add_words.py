"""Sentences that add tasks: "Add task: Buy milk", "remind me to call Bob tomorrow", "I need to
…", "todo: …".
"""

from __future__ import annotations

import re
from dataclasses import replace

from littoral.tasks import due
from littoral.tasks.command import AddTasks, Ask, NewTaskWords
from littoral.tasks.found import Found
from littoral.tasks.new_task_words import capitalised, new_task, split_titles
from littoral.tasks.task import Priority

_PRIORITY = r"(?:(high|low|normal|top|urgent|important)(?:[ -]priority)?\s)?"
_NOUN = r"(tasks?|to-?dos?|to do|to-?do items?|task items?|list items?|reminders?)"
_EXPLICIT = re.compile(
    r"(add|create|make|new|insert|save|record|set up|note down|jot down|enter|start|log|put)\s"
    r"(?:me\s|down\s)?(?:(?:a|an|another|the|one more|these|this|following|new|two|three|four|some|my|more)\s){0,4}"
    + _PRIORITY + _NOUN + r"(?=[\s:：,–—-]|$)(?!\s(?:list|manager|force|bar|scheduler|queue|runner|app)\b)"
    r"(?:\s(?:to|on|in|onto)\s(?:my|the|our)\s(?:(?:task|todo|to-do)\s)?list)?\s?",
    re.I,
)  # fmt: skip
_BARE_NOUN = re.compile(
    r"(?:new\s)?(tasks?|to-?dos?|to do|reminders?|add|add task)\s?[:：]\s?", re.I
)
_CHECKBOX = re.compile(r"(?:[-*•]\s)?\[\s?\]\s", re.I)
_SEPARATOR = re.compile(
    r"[:：]|[–—-](?=\s|$)|(?:called|named|titled|saying|which says|that says)\b:?", re.I
)
_TO = re.compile(r"(?:(?:that )?remind(?:s|ing)? me )?(?:to|about)\s", re.I)
_TO_LIST = re.compile(
    r"\s(?:to|on|onto|in|into)\s(?:my|the|our|this)\s(?:(?:task|todo|to-do|to do|shopping|grocery|groceries)\s)?"
    r"(?:list|tasks|to-?dos|todo|agenda)\b",
    re.I,
)
_TO_LIST_VERB = re.compile(r"(?:add|put|append|stick|include|get)\s", re.I)
_REMIND = re.compile(
    r"(?:remind me|set (?:me )?a reminder|create a reminder|i need a reminder|"
    r"(?:don't|do not|dont) let me forget)(?=[\s:,]|$)[:,]?\s?",
    re.I,
)
_REMIND_OF = re.compile(r"(?:to|about|of|that|for)\s|:\s?", re.I)
_QUESTION_WORD = re.compile(r"(?:what|why|how|when|where|who|which|if|whether)\b", re.I)
_NEED = re.compile(
    r"i(?:'ve| have)? (?:(?:also|still|really)\s)?(?:need to|have to|must|gotta|got to)(?: also)?\s",
    re.I,
)
_NOT_A_TASK = re.compile(
    r"(?:know|understand|say|admit|tell|ask|be|think|feel|see|go|leave|confess|agree|disagree|wonder|learn|vent|talk|"
    r"explain|decide|choose|use|have|say|stress|figure|find out|hear|have|do something|do it|do this|do that|"
    r"complete task|finish task|delete|rename|list|show|add)\b|.*\b(?:you|your|because|but|if|why|how|task \d)\b",
    re.I,
)
_WEAK = re.compile(r"add\s", re.I)
_NOT_A_THING = re.compile(
    r"(?:a|an|the|some|any|more|it|them|that|this|these|those|another|to|up|in|on|comments?|details?|support|tests?|"
    r"something|anything|insult|fuel|your|color|colour|me|[\d+*/ .,-]+$|[\d., ]+(?:and|to|plus|with)\s[\d., ]+$)(?:\s|$)"
    r"|.*\s(?:to|into|for|in|onto)\s(?:the|this|that|it|taste|your|a|my)\b",
    re.I,
)
_ASK = Ask(question="What should the task be called? Write it like this: Add task: Buy milk")
_PRIORITIES: dict[str, Priority] = {
    "high": "high", "top": "high", "urgent": "high", "important": "high", "low": "low", "normal": "normal",
}  # fmt: skip


def read_add(clause: str) -> Found | None:
    """The tasks that a clause adds; its own words decide, the list is not needed."""
    for read in (_checkbox, _explicit, _noun, _to_list, _remind, _need, _weak):
        found = read(clause)
        if found is not None:
            return found
    return None


def _adding(tasks: tuple[NewTaskWords, ...], certain: bool = True) -> Found | None:
    if not tasks:
        return None
    return Found(commands=(AddTasks(tasks=tasks),), certain=certain, open_ended=True)


def _asking() -> Found:
    return Found(commands=(_ASK,), open_ended=True)


def _checkbox(clause: str) -> Found | None:
    found = _CHECKBOX.match(clause)
    return _adding(new_task(clause[found.end() :])) if found else None


def _explicit(clause: str) -> Found | None:
    found = _EXPLICIT.match(clause)
    if found is None:
        return None
    rest = clause[found.end() :].strip(" ,")
    plural = found[3].lower().endswith("s")
    priority = _PRIORITIES.get((found[2] or "").lower(), "normal")
    if not rest:
        return _asking()
    separator = _SEPARATOR.match(rest)
    if separator:
        titles = rest[separator.end() :].strip()
        return _many(titles, plural, priority) if titles else _asking()
    return _in_words(found[1].lower(), rest, priority)


def _many(titles: str, plural: bool, priority: Priority = "normal") -> Found | None:
    several = split_titles(titles, enumerated=plural)
    tasks = tuple(task for title in several for task in new_task(title))
    return _adding(tuple(_at_least(task, priority) for task in tasks))


def _at_least(task: NewTaskWords, priority: Priority) -> NewTaskWords:
    return task if priority == "normal" else replace(task, priority=priority)


def _in_words(verb: str, rest: str, priority: Priority) -> Found | None:
    """``add a task to call Bob``, ``add a task for tomorrow: call Bob``, ``add task buy milk``."""
    led = _led_by_a_date(rest)
    if led is not None:
        return _adding(tuple(_at_least(task, priority) for task in led))
    to = _TO.match(rest)
    if to:
        title = rest[to.end() :]
        if re.match(r"(?:the|my|our|this|that|a|an|your)\s", title, re.I):
            return None
        return _adding(tuple(_at_least(task, priority) for task in new_task(capitalised(title))))
    starts_with_number = re.match(r"#?\d+(?:\s(?:to|on|in|as|is|and)\b|$)", rest, re.I)
    if starts_with_number or verb not in ("add", "new", "create", "make", "insert"):
        return None
    if re.match(r"(?:for|from|in|on|with|is|are|that|which|as|and)\s", rest, re.I):
        return None
    return _adding(tuple(_at_least(task, priority) for task in new_task(rest)))


def _led_by_a_date(rest: str) -> tuple[NewTaskWords, ...] | None:
    """``tomorrow at 5 to call Bob`` or ``for friday: call Bob``."""
    phrase = due.lead(rest)
    if phrase is None:
        return None
    after = rest[phrase.end :]
    joined = re.match(r"\s?[:,]\s?(?:to\s)?|\s(?:to|that|about)\s", after, re.I)
    if joined is None or not after[joined.end() :].strip():
        return None
    tasks = new_task(capitalised(after[joined.end() :]), dated=True)
    return tuple(replace(task, due=phrase.text) for task in tasks)


def _noun(clause: str) -> Found | None:
    found = _BARE_NOUN.match(clause)
    if found is None:
        return None
    rest = clause[found.end() :]
    return _many(rest, found[1].lower().endswith("s")) if rest.strip() else _asking()


def _to_list(clause: str) -> Found | None:
    verb = _TO_LIST_VERB.match(clause)
    found = _TO_LIST.search(clause, verb.end()) if verb else None
    if verb is None or found is None:
        return None
    title, rest = clause[verb.end() : found.start()], clause[found.end() :].strip(" ,")
    if rest.startswith(":"):
        return _many(rest[1:].strip(), plural=True)
    if re.fullmatch(r"(?:it|that|this|them|these|those)(?: all| too)?", title, re.I):
        return None
    titles = split_titles(title, enumerated=True)
    tasks = tuple(task for each in titles for task in new_task(each))
    if rest:
        if not due.is_phrase(rest):
            return None
        tasks = tuple(replace(task, due=rest) for task in tasks)
    return _adding(tasks)


def _remind(clause: str) -> Found | None:
    found = _REMIND.match(clause)
    if found is None:
        return None
    rest = clause[found.end() :].strip()
    led = _led_by_a_date(rest)
    if led is not None:
        return _adding(led)
    if _QUESTION_WORD.match(rest):
        return None
    of = _REMIND_OF.match(rest)
    title = rest[of.end() :] if of else ""
    if of and _QUESTION_WORD.match(title):
        return None
    if not title:
        return Found(commands=(Ask(question="What should I remind you of?"),), open_ended=True)
    return _adding(new_task(capitalised(title)))


def _need(clause: str) -> Found | None:
    found = _NEED.match(clause)
    title = clause[found.end() :] if found else ""
    words = title.count(" ") + 1
    if not title or not 2 <= words <= 14 or _NOT_A_TASK.match(title):
        return None
    return _adding(new_task(capitalised(title)), certain=False)


def _weak(clause: str) -> Found | None:
    """``add milk``: only where nothing else is said."""
    found = _WEAK.match(clause)
    title = clause[found.end() :] if found else ""
    if not title or len(title) > 100 or _NOT_A_THING.match(title):
        return None
    titles = split_titles(title, enumerated=True)
    return _adding(tuple(task for each in titles for task in new_task(each)), certain=False)
