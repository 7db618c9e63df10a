"""Reads what somebody asks of a function; what cannot be used is refused before it costs anything.

Shapes are checked at the edge (``littoral.api.function_bodies``); here is what they mean.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from littoral.errors import InvalidInput, TooLarge
from littoral.fetching.addresses import host_problem
from littoral.functions import job_limits
from littoral.functions.function_type import FUNCTION_TYPES
from littoral.functions.job import Example, JobInput
from littoral.jsontext import dumps
from littoral.models.json_schema import JsonSchema
from littoral.text import require_text

Arguments = Mapping[str, Any]
LANGUAGES: Final = ("python", "javascript")


def read_input(args: Arguments, *, near: Collection[str] = ()) -> JobInput:
    """The input of a job. Raises ``InvalidInput`` or ``TooLarge`` that name the field.

    ``near`` are private ``host:port`` that may be granted all the same.
    """
    options = args.get("options") or {}
    if not isinstance(options, dict):
        raise _wrong("options", "must be an object")
    return JobInput(
        description=read_description(args.get("description")),
        args=read_args(args.get("args")),
        schema=read_schema(args.get("schema")),
        examples=_examples(args.get("examples")),
        mode="async" if options.get("mode") == "async" else "sync",
        type=read_type(options.get("type"), "options.type"),
        wait_seconds=_seconds(
            options, "timeoutSeconds", job_limits.DEFAULT_WAIT_SECONDS, job_limits.MAX_WAIT_SECONDS
        ),
        network=_hosts(options.get("network"), near),
        language=_language(options.get("language")),
        deadline_seconds=_seconds(
            options,
            "deadlineSeconds",
            job_limits.DEFAULT_DEADLINE_SECONDS,
            job_limits.MAX_DEADLINE_SECONDS,
        ),
        assignee=_words(options, "assignee", job_limits.MAX_ASSIGNEE_CHARACTERS),
        note=_words(options, "note", job_limits.MAX_NOTE_CHARACTERS),
    )


def read_description(value: Any) -> str:
    """Clean text of 1 to 4,000 characters, spaces around it taken away."""
    most = job_limits.MAX_DESCRIPTION_CHARACTERS
    return require_text(value, field="description", most=most).strip()


def read_args(value: Any) -> Any:
    """Any JSON value that is not too long."""
    _require_size(value, "args", job_limits.MAX_ARGS_CHARACTERS)
    return value


def read_schema(value: Any) -> Any:
    """A JSON Schema that can be used, or ``None``; it is read here so that a bad one costs nothing.

    Raises ``InvalidInput`` with the place of what is wrong.
    """
    if value is None:
        return None
    if not isinstance(value, dict | bool):
        raise _wrong("schema", "must be a JSON Schema: an object, true or false")
    _require_size(value, "schema", job_limits.MAX_SCHEMA_CHARACTERS)
    try:
        checker = JsonSchema(value)
        checker.problems(None)
    except InvalidInput as error:
        raise _wrong("schema", error.detail) from None
    if value is False:
        raise _wrong("schema", "allows no value at all")
    return value


def read_type(value: Any, field: str) -> Any:
    """A type of function, or ``None``."""
    if value is not None and value not in FUNCTION_TYPES:
        raise _wrong(field, f"must be one of {', '.join(FUNCTION_TYPES)}")
    return value


def _examples(value: Any) -> tuple[Example, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > job_limits.MAX_EXAMPLES:
        raise _wrong("examples", f"must be a list of at most {job_limits.MAX_EXAMPLES}")
    _require_size(value, "examples", job_limits.MAX_EXAMPLES_CHARACTERS)
    found = []
    for number, each in enumerate(value):
        if not isinstance(each, dict) or set(each) != {"args", "result"}:
            raise _wrong(f"examples.{number}", "must be an object with args and result")
        found.append(Example(args=each["args"], result=each["result"]))
    return tuple(found)


def _seconds(options: Arguments, field: str, default: int, most: int) -> int:
    value = options.get(field)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise _wrong(f"options.{field}", f"must be a whole number from 1 to {most}")
    return value


def _hosts(value: Any, near: Collection[str]) -> tuple[str, ...]:
    if value is None:
        return ()
    most = job_limits.MAX_HOSTS
    if not isinstance(value, list) or len(value) > most:
        raise _wrong("options.network", f"must be a list of at most {most} hosts")
    for number, host in enumerate(value):
        problem = host_problem(str(host).lower(), near)
        if problem:
            raise _wrong(f"options.network.{number}", problem)
    return tuple(sorted({str(host).lower() for host in value}))


def _language(value: Any) -> Any:
    if value is not None and value not in LANGUAGES:
        raise _wrong("options.language", f"must be one of {', '.join(LANGUAGES)}")
    return value


def _words(options: Arguments, field: str, most: int) -> str:
    value = options.get(field)
    if value is None or value == "":
        return ""
    return require_text(value, field=f"options.{field}", most=most).strip()


def _require_size(value: Any, field: str, most: int) -> None:
    size = len(dumps(value))
    if size > most:
        raise TooLarge(f"{field} has {size} characters as JSON; at most {most} are taken.")


def _wrong(field: str, message: str) -> InvalidInput:
    return InvalidInput(f"{field} {message}.", fields=[{"field": field, "message": message}])
