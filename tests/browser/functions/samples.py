"""Jobs and tasks that show everything there is, and what a call does at once."""

from __future__ import annotations

from typing import Any

from tests.browser.functions.scripted_functions import CODE, FunctionBook, ScriptedJob

MANY_FIELDS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "title": "Payee"},
        "amount": {"type": "integer", "title": "Amount", "description": "In euros.", "minimum": 1},
        "fine": {"type": "boolean", "title": "Is it fine?"},
        "level": {"enum": ["low", "high"], "title": "Level"},
        "day": {"type": "string", "format": "date", "title": "Day"},
        "tags": {"type": "array", "items": {"type": "string"}, "title": "Tags"},
        "marks": {"type": "array", "items": {"enum": ["red", "blue"]}, "title": "Marks"},
        "address": {
            "type": "object",
            "title": "Address",
            "properties": {"city": {"type": "string", "title": "City"}},
            "required": ["city"],
        },
        "rest": {"title": "Anything else"},
    },
    "required": ["name", "amount", "fine"],
    "additionalProperties": False,
}


def computes(job: ScriptedJob) -> None:
    """Does what a call of type code does, at once."""
    job.begin()
    job.completes(120, code=CODE, stdout="five\n")
    job.settles(0.2)


def fill(book: FunctionBook) -> dict[str, str]:
    """Ids of a job in each state, by name; two human tasks that wait."""
    invoice = book.asks(
        "Check the invoice",
        form=MANY_FIELDS,
        args={"total": 120.5},
        note="It looked odd.",
        assignee="Ada",
    )
    book.asks(due_seconds=1_500, remindedAt="2030-01-01T00:00:00Z")
    done = book.add(args={"n": 5}, schema={"type": "integer"})
    done.progress("Writing the code")
    computes(done)
    tree = book.add("Generate a profile", options={"network": ["a.org"]})
    tree.begin("object")
    result = {"name": "Ada", "list": list(range(150)), "deep": {"a": [None, True, "x"]}}
    tree.completes(result, model="@cf/a/model", degraded=True)
    dead = book.add("Sum the lines of a very long text")
    dead.begin()
    dead.retries("The model did not answer.")
    dead.begin()
    dead.fails("The model did not answer.", dead=True)
    build = book.add("Build a blog application")
    build.begin("agentic")
    build.waits_for_build("bld_1")
    going = book.add("Count the words")
    going.begin()
    jobs = {"done": done, "tree": tree, "dead": dead, "build": build, "going": going}
    return {"human": str(invoice["jobId"]), **{name: job.id for name, job in jobs.items()}}
