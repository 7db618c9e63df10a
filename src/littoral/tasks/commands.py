"""Plain-English commands about tasks, without a model: deterministic, and linear in the message's
length.

    message   := sentences; a line, a full stop, a semicolon end one
    sentence  := [courtesy] clause { ("and" | "then" | ",") clause }
    clause    := add | change | list | preference | undo       (``add_words``, ``change_words``, …)

Ordinary talk is left alone by three rules. A clause must be an order or a question from its first
word on ("I added salt", "don't delete task 1" are none). A sentence must begin with a command,
otherwise nothing after its "and" counts. And what could be said about other things ("add milk",
"finish the report") counts only when the whole message is commands, and names of tasks only when
the list has such a task.

The parser is used when no model answers, instead of the model and never after it. Leaves to
others: running the commands (``tools``), finding the tasks that are meant (``references``).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from littoral.tasks.add_words import read_add
from littoral.tasks.change_words import read_change
from littoral.tasks.command import AddTasks, Ask, Command, Undo
from littoral.tasks.found import Found, pattern
from littoral.tasks.list_words import read_list
from littoral.tasks.new_task_words import new_task
from littoral.tasks.preference_words import read_preference
from littoral.tasks.sentence import Sentence, address, is_pleasantry, split_sentences
from littoral.tasks.task import Task

MAX_COMMANDS = 100
"""Commands of one message; what comes after them is not read."""

_UNDO = pattern(
    r"(?:oops|no|ah)?[, ]*(?:undo|revert|roll back|take back|ctrl[ +-]?z)",
    r"(?: last| (?:it|that|this|last change|",
    r"(?:the|my) last (?:change|one|thing|action|command|step|edit)))?|",
    r"take (?:that|it) back",
)
_TAKEN_BACK = pattern(
    r"\b(?:never ?mind|just kidding|scratch that|on second thought|actually,? no|",
    r"forget (?:it|that)|ignore that|wait,? no|no,? wait)\b",
)
_JOINT = pattern(
    r"(?:[,;]?\s(?:and then|and also|after that|and|then|also|plus)|,)\s",
    r"(?=(?:please |also |then ){0,3}(?:add|create|new task|complete|finish|mark|check|tick|",
    r"delete|remove|rename|change|set|make|move|postpone|reschedule|reopen|show|list|remind|undo|",
    r"clear|put|prioriti[sz]e|call me|todo:|task:|drop|update|repeat|what|cross)\b)",
)
_BULLET = re.compile(r"(?:[-*•+]|\d{1,3}\)|\[\s?\])\s")


@dataclass(frozen=True, kw_only=True)
class _Read:
    """A sentence and what it means: ``found`` is empty for talk."""

    sentence: Sentence
    found: tuple[Found, ...] = ()
    pleasant: bool = False


def parse(text: str, tasks: Sequence[Task] = ()) -> list[Command]:
    """The commands of a message in order, none for ordinary talk.

    ``tasks`` is the present list: it decides whether "done with milk" is about a task. Never
    raises.
    """
    if _TAKEN_BACK.search(text):
        return []
    read = _joined([_read(sentence, tasks) for sentence in split_sentences(text)])
    only_commands = all(each.found or each.pleasant for each in read)
    commands: list[Command] = []
    for each in read:
        for found in each.found:
            if found.certain or only_commands:
                commands.extend(found.commands)
    return _merged(commands)[:MAX_COMMANDS]


def _read(sentence: Sentence, tasks: Sequence[Task]) -> _Read:
    if is_pleasantry(sentence.text):
        return _Read(sentence=sentence, pleasant=True)
    return _Read(sentence=sentence, found=_sentence(sentence, tasks))


def _sentence(sentence: Sentence, tasks: Sequence[Task]) -> tuple[Found, ...]:
    """What each clause means; nothing unless the first one is a command."""
    addressed = address(sentence.text)
    clauses = _clauses(addressed.text, tasks)
    is_question = sentence.mark == "?" and not addressed.polite
    first = _clause(clauses[0], tasks, is_question)
    if first is None or (addressed.wish and not first.certain):
        return ()
    found = [first]
    for clause in clauses[1:]:
        following = _clause(address(clause).text, tasks, is_question=False)
        if following is None:
            break
        found.append(following)
    return tuple(found)


def _clauses(sentence: str, tasks: Sequence[Task]) -> list[str]:
    """Pieces of the sentence; one that is no command by itself stays with the piece before it."""
    clauses: list[str] = []
    start = 0
    open_ended = True
    marks = [place for place, mark in enumerate(sentence) if mark == '"']
    joints = [each for each in _JOINT.finditer(sentence) if not _within(marks, each.start())]
    for number, joint in enumerate([None, *joints]):
        begin = joint.end() if joint else 0
        end = joints[number].start() if number < len(joints) else len(sentence)
        found = _clause(address(sentence[begin:end]).text, tasks, is_question=False)
        if joint is None or (found is not None and (found.certain or not open_ended)):
            clauses.append(sentence[begin:end])
            open_ended = found is None or found.open_ended
            start = begin
        else:
            clauses[-1] = sentence[start:end]
    return clauses


def _within(marks: list[int], place: int) -> bool:
    """Whether the place lies between an opening and a closing quotation mark."""
    before = bisect_left(marks, place)
    return before % 2 == 1 and before < len(marks)


def _clause(clause: str, tasks: Sequence[Task], is_question: bool) -> Found | None:
    """The first rule that fits. A question can only ask for the list or add with a colon."""
    if not clause or clause[0] in "\"'“":
        return None
    found = read_list(clause)
    if found is not None:
        return found
    if is_question:
        added = read_add(clause + "?")
        return added if ":" in clause[:40] and added is not None and added.certain else None
    if _UNDO.fullmatch(clause):
        return Found(commands=(Undo(),))
    return read_preference(clause) or read_change(clause, tasks) or read_add(clause)


def _joined(read: list[_Read]) -> list[_Read]:
    """Items that follow "Add tasks:" on their own lines, or after semicolons, are tasks as well."""
    joined: list[_Read] = []
    heading: Command | None = None
    for each in read:
        before = joined[-1].sentence if joined else each.sentence
        item = _item(each, heading, before)
        joined.append(_Read(sentence=each.sentence, found=(item,)) if item else each)
        if item is None:
            heading = each.found[-1].commands[0] if each.found else None
    return joined


def _item(each: _Read, heading: Command | None, before: Sentence) -> Found | None:
    """The task that a line or a piece after a semicolon adds under a heading."""
    if not isinstance(heading, AddTasks | Ask) or each.pleasant:
        return None
    if each.found and each.found[0].certain:
        return None
    bulleted = each.sentence.begins_line and _BULLET.match(each.sentence.text)
    below_heading = each.sentence.begins_line and isinstance(heading, Ask)
    if not (bulleted or below_heading or before.mark == ";"):
        return None
    tasks = new_task(each.sentence.text)
    return Found(commands=(AddTasks(tasks=tasks),), open_ended=True) if tasks else None


def _merged(commands: list[Command]) -> list[Command]:
    """Tasks that are added one after the other are one command, and so one change to undo.

    A question for a title is answered by the tasks that follow it.
    """
    merged: list[Command] = []
    for command in commands:
        last = merged[-1] if merged else None
        if isinstance(command, AddTasks) and isinstance(last, AddTasks):
            merged[-1] = AddTasks(tasks=last.tasks + command.tasks)
        elif isinstance(command, AddTasks) and isinstance(last, Ask):
            merged[-1] = command
        else:
            merged.append(command)
    return merged
