"""The lines of the log: one JSON object for each request, turn, run, build, job and message.

They carry ids, names, numbers and codes. Nothing that a user wrote, no key, no cookie and no
address goes in; ids that open a session are cut short (``accounts.session_id.for_log``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from littoral.accounts.session_id import for_log
from littoral.clock import iso
from littoral.jsontext import dumps

LineKind = Literal["request", "turn", "run", "build", "job", "execution", "work", "message"]
Fact = str | int | float | bool | None

MOST_CHARACTERS: Final = 200


class Line(NamedTuple):
    """One line before it is text: making the text is left to when nobody waits for it."""

    kind: LineKind
    at_ms: int
    trace_id: str
    facts: Mapping[str, Fact]

    def text(self) -> str:
        """The line. Empty facts are left out; long texts are cut."""
        line: dict[str, Fact] = {"at": iso(self.at_ms), "kind": self.kind}
        for name, value in self.facts.items():
            if isinstance(value, str):
                value = value[:MOST_CHARACTERS]
            if value is not None and value != "":
                line[name] = value
        line["traceId"] = self.trace_id
        return for_log(dumps(line))
