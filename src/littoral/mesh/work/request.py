"""Reads what somebody asks of the mesh; what cannot be done is refused before it costs anything."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from littoral.errors import InvalidInput, TooLarge
from littoral.jsontext import dumps
from littoral.mesh.work import limits
from littoral.mesh.work.part import WORK, Part, Work, part_id
from littoral.mesh.work.text_work import OPERATIONS, operation_in
from littoral.text import require_text

Arguments = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class TaskRequest:
    """A task as it is asked. ``items`` is empty when the goal is to be planned.

    ``digest`` names the request: the same words give the same digest.
    """

    goal: str
    items: tuple[Any, ...]
    work: Work | None
    capability: str | None
    deadline_seconds: int
    parallel: int
    retries: int
    digest: str

    def parts(self, task_id: str) -> list[Part]:
        """One part for each item."""
        work = self.work or "model"
        return [
            Part(
                id=part_id(task_id, number),
                name=_name(item, number),
                work=work,
                capability=self.capability or work,
                input=checked_input(work, self.goal, item, f"items[{number - 1}]"),
            )
            for number, item in enumerate(self.items, 1)
        ]


def read_request(args: Arguments) -> TaskRequest:
    """Raises ``InvalidInput`` or ``TooLarge`` that name the field and the rule."""
    most = limits.MAX_GOAL_CHARACTERS
    goal = require_text(args.get("goal"), field="goal", most=most).strip()
    items = _items(args.get("items"))
    given = args.get("work")
    work = _work(given, "work") if given is not None else _work_of(goal, items)
    capability = args.get("capability")
    asked = TaskRequest(
        goal=goal,
        items=items,
        work=work,
        capability=None if capability is None else _work(capability, "capability"),
        deadline_seconds=_whole(
            args, "deadlineSeconds", limits.DEFAULT_DEADLINE_SECONDS, 1, limits.MAX_DEADLINE_SECONDS
        ),
        parallel=_whole(args, "parallel", limits.DEFAULT_PARALLEL, 1, limits.MAX_PARALLEL),
        retries=_whole(args, "retries", limits.DEFAULT_RETRIES, 0, limits.MAX_RETRIES),
        digest=_digest(args),
    )
    asked.parts("check")
    return asked


def task_id_of(owner: str, key: str) -> str:
    """The id of the task that an idempotency key of an owner stands for."""
    digest = hashlib.sha256(f"{owner}\n{key}".encode()).hexdigest()
    return f"mtk_{digest[:22]}"


def _items(value: Any) -> tuple[Any, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not value:
        raise InvalidInput("items must be a list with at least one item, or left out.")
    if len(value) > limits.MAX_ITEMS:
        raise TooLarge(
            f"There are {len(value)} items; a task takes at most {limits.MAX_ITEMS}.",
            next_step="Split them over several tasks.",
        )
    total = 0
    for at, item in enumerate(value):
        size = len(dumps(item))
        total += size
        if size > limits.MAX_ITEM_CHARACTERS:
            raise TooLarge(
                f"items[{at}] has {size} characters as JSON; at most "
                f"{limits.MAX_ITEM_CHARACTERS} are taken."
            )
    if total > limits.MAX_INPUT_CHARACTERS:
        raise TooLarge(
            f"The items have {total} characters together; at most "
            f"{limits.MAX_INPUT_CHARACTERS} are taken."
        )
    return tuple(value)


def _work(value: Any, field: str) -> Work:
    if value not in WORK:
        raise InvalidInput(f"{field} is {str(value)[:60]!r}: it must be one of {', '.join(WORK)}.")
    return cast("Work", value)


def _work_of(goal: str, items: tuple[Any, ...]) -> Work | None:
    """What work items are that were given without one; ``None`` lets the planner decide."""
    if not items:
        return None
    if operation_in(goal) is not None:
        return "text"
    if all(isinstance(each, str) and each.startswith(("http://", "https://")) for each in items):
        return "fetch"
    return "model"


def checked_input(work: Work, goal: str, item: Any, field: str) -> Any:
    """An item as its work reads it; raises ``InvalidInput``."""
    if work == "text":
        return _text_input(goal, item, field)
    if work == "fetch":
        url = item.get("url") if isinstance(item, dict) else item
        if not isinstance(url, str) or not url.startswith(("http://", "https://")):
            raise InvalidInput(f"{field} must be an address that begins with http:// or https://.")
        return {"url": url}
    if work == "function":
        return item if _is_call(item) else {"description": goal, "args": item}
    if isinstance(item, dict) and isinstance(item.get("instruction"), str):
        return {"instruction": item["instruction"], "data": item.get("data")}
    return {"instruction": goal, "data": item}


def _text_input(goal: str, item: Any, field: str) -> dict[str, str]:
    given = item if isinstance(item, dict) else {"text": item}
    text, operation = given.get("text"), given.get("operation") or operation_in(goal)
    if not isinstance(text, str):
        raise InvalidInput(f"{field} must be a text, or an object with a text.")
    if operation not in OPERATIONS:
        raise InvalidInput(
            f"The goal names no work on text: {goal[:80]!r}.",
            next_step=f"Name one of these in the goal: {', '.join(OPERATIONS)}.",
        )
    return {"operation": str(operation), "text": text}


def _is_call(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("description"), str)


def _name(item: Any, number: int) -> str:
    words = item if isinstance(item, str) else ""
    if isinstance(item, dict):
        words = next(
            (str(item[key]) for key in ("name", "text", "url", "description") if item.get(key)), ""
        )
    return " ".join(words.split())[:60] or f"Part {number}"


def _whole(args: Arguments, name: str, default: int, least: int, most: int) -> int:
    value = args.get(name)
    if value is None:
        return default
    if type(value) is not int or not least <= value <= most:
        raise InvalidInput(f"{name} must be a whole number from {least} to {most}.")
    return value


def _digest(args: Arguments) -> str:
    known = ("goal", "items", "work", "capability", "deadlineSeconds", "parallel", "retries")
    asked = {name: args[name] for name in known if args.get(name) is not None}
    return hashlib.sha256(dumps(asked).encode()).hexdigest()[:32]
