"""Prompt templates: text with ``{{name}}`` where a value stands, and nothing else.

    Summarise for {{audience}}:

    {{input}}

``input`` is what the caller sends and has to be there; every other name is a variable that the
caller gives by that name. ``\\{{`` stands for two braces. A template is read once into pieces and
filled in once: a value is never read as a template, whatever is in it. There are no conditions, no
loops, no defaults and no escapes of values; a template is text for a model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from littoral.errors import InvalidInput
from littoral.registry.limits import MAX_PROMPT_CHARACTERS, MAX_VARIABLES

INPUT: Final = "input"
FIELD: Final = "promptTemplate"
_OPEN: Final = re.compile(r"\\?\{\{")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


class BadTemplate(InvalidInput):
    """A template breaks a rule at one position (counted from 0, in characters)."""

    def __init__(self, template: str, position: int, reason: str) -> None:
        line = template.count("\n", 0, position) + 1
        column = position - (template.rfind("\n", 0, position) + 1) + 1
        message = f"line {line}, column {column} (position {position}): {reason}"
        super().__init__(
            f"{FIELD}, {message}.",
            next_step="Write {{input}} and {{name}} for what the caller gives; "
            "write \\{{ for two braces.",
            fields=[{"field": FIELD, "message": message}],
            more={"position": position},
        )


@dataclass(frozen=True, kw_only=True)
class Hole:
    """A place where the value of ``name`` stands."""

    name: str


@dataclass(frozen=True, kw_only=True)
class Template:
    """A template that was read: text and holes, in order."""

    pieces: tuple[str | Hole, ...]

    @classmethod
    def read(cls, text: str) -> Template:
        """Raises ``BadTemplate`` that names the position and the reason."""
        pieces: list[str | Hole] = []
        at = 0
        while found := _OPEN.search(text, at):
            pieces.append(text[at : found.start()])
            if found.group().startswith("\\"):
                pieces.append("{{")
                at = found.end()
            else:
                name, at = _hole(text, found.start())
                pieces.append(Hole(name=name))
        pieces.append(text[at:])
        read = cls(pieces=tuple(each for each in pieces if each != ""))
        _require_input(read, text)
        return read

    @property
    def variables(self) -> tuple[str, ...]:
        """Names that the caller has to give besides ``input``, in order of appearance."""
        names = dict.fromkeys(each.name for each in self.pieces if isinstance(each, Hole))
        return tuple(name for name in names if name != INPUT)

    def render(self, text: str, variables: Mapping[str, str]) -> str:
        """The prompt for the caller's ``text`` and ``variables``.

        Raises ``InvalidInput`` that names every variable that is missing or not known, and the
        size of a prompt that became too long.
        """
        self._require_exactly(variables)
        values = {**variables, INPUT: text}
        prompt = "".join(
            values[each.name] if isinstance(each, Hole) else each for each in self.pieces
        )
        if len(prompt) > MAX_PROMPT_CHARACTERS:
            raise InvalidInput(
                f"The prompt became {len(prompt)} characters long; at most "
                f"{MAX_PROMPT_CHARACTERS} are taken.",
                next_step="Send a shorter input or shorter variables.",
                fields=[{"field": "input", "message": "the filled-in template is too long"}],
            )
        return prompt

    def _require_exactly(self, variables: Mapping[str, str]) -> None:
        known = self.variables
        problems = [(name, "the template needs it") for name in known if name not in variables]
        problems += [(name, _unknown(name, known)) for name in variables if name not in known]
        if problems:
            raise InvalidInput(
                "; ".join(f"variables.{name[:64]}: {why}" for name, why in problems[:5]) + ".",
                next_step="Give exactly the variables that the agent's template names.",
                fields=[
                    {"field": f"variables.{name[:64]}", "message": why} for name, why in problems
                ],
            )


def _hole(text: str, start: int) -> tuple[str, int]:
    """The name in the braces that open at ``start``, and where the text goes on."""
    end = text.find("}}", start + 2)
    if end < 0:
        raise BadTemplate(text, start, "{{ is never closed by }}")
    inside = text[start + 2 : end]
    name = inside.strip(" ")
    if not name:
        raise BadTemplate(text, start, "there is no name between the braces")
    if not _NAME.fullmatch(name):
        raise BadTemplate(
            text,
            start,
            f"{name[:40]!r} is no name: a letter or _, then at most 63 letters, digits and _",
        )
    return name, end + 2


def _require_input(template: Template, text: str) -> None:
    if len(template.variables) > MAX_VARIABLES:
        raise BadTemplate(text, 0, f"there are more than {MAX_VARIABLES} variables")
    if not any(each == Hole(name=INPUT) for each in template.pieces):
        reason = "there is no {{input}}, so nothing that a caller sends would reach the model"
        raise BadTemplate(text, len(text), reason)


def _unknown(name: str, known: tuple[str, ...]) -> str:
    if name == INPUT:
        return "the input has a field of its own"
    return f"the template has no such variable; it has {', '.join(known) or 'none'}"
