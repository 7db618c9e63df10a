"""What a user says was done: "I bought the milk" completes "Buy milk", and nothing when no title
fits exactly.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from littoral.tasks.command import References
from littoral.tasks.task import Task

_SAID = re.compile(r"i(?:'ve| have)? (?:just |already |finally |now )?([a-z]+) (.+)$", re.I)
_IRREGULAR = {
    "bought": "buy",
    "paid": "pay",
    "wrote": "write",
    "written": "write",
    "sent": "send",
    "made": "make",
    "took": "take",
    "did": "do",
    "got": "get",
    "read": "read",
    "built": "build",
    "sold": "sell",
    "met": "meet",
    "told": "tell",
    "ran": "run",
    "swam": "swim",
    "fed": "feed",
    "cut": "cut",
    "put": "put",
    "brought": "bring",
    "began": "begin",
    "chose": "choose",
    "drove": "drive",
    "gave": "give",
    "went": "go",
    "swept": "sweep",
    "rang": "ring",
    "spoke": "speak",
    "set": "set",
    "hung": "hang",
    "found": "find",
    "left": "leave",
}
_SMALL = frozenset(
    ("the", "a", "an", "my", "some", "today", "yesterday", "already", "this", "morning", "up")
)


def done_by_past_tense(clause: str, tasks: Sequence[Task]) -> References | None:
    """The one pending task whose title says the same in the imperative."""
    said = _SAID.match(clause)
    if said is None or len(clause) > 200:
        return None
    rest = _words(said[2])
    meant = [[base, *rest] for base in _bases(said[1].lower())]
    found = [task for task in tasks if task.is_pending and _words(task.title) in meant]
    return (str(found[0].id),) if len(found) == 1 else None


def _words(text: str) -> list[str]:
    words = re.findall(r"\w+", text.lower())
    return [word for word in words if word not in _SMALL]


def _bases(verb: str) -> list[str]:
    """The infinitives that a past tense may come from."""
    if verb in _IRREGULAR:
        return [_IRREGULAR[verb]]
    if not verb.endswith("ed"):
        return []
    stem = verb[:-2]
    bases = [stem, stem + "e"]
    if verb.endswith("ied"):
        bases.append(verb[:-3] + "y")
    if len(stem) > 2 and stem[-1] == stem[-2]:
        bases.append(stem[:-1])
    return bases
