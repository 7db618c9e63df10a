"""Owns reading what a prompt of the builder asks: the data blocks inside its messages.

A block is ``<<<DATA name>>>``, a line break, the text, ``<<<END DATA name>>>``. The prompts
themselves are the builder's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from littoral.models.model import ModelRequest

_BLOCK = re.compile(r"<<<DATA ([a-z_]+)>>>\n(.*?)\n?<<<END DATA \1>>>", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The blocks of one request by name; a later block of the same name wins."""

    blocks: Mapping[str, str]

    def text(self, name: str) -> str:
        return self.blocks.get(name, "")

    def json(self, name: str) -> Any:
        """The value of a JSON block; ``None`` when it is missing or no JSON."""
        try:
            return json.loads(self.blocks[name])
        except (KeyError, ValueError, RecursionError):
            return None

    def texts(self, name: str) -> tuple[str, ...]:
        """A JSON list of strings, or of objects with a ``text``."""
        value = self.json(name)
        if not isinstance(value, list):
            return ()
        said = [each.get("text") if isinstance(each, dict) else each for each in value]
        return tuple(each for each in said if isinstance(each, str))

    def mapping(self, name: str) -> dict[str, Any]:
        value = self.json(name)
        return value if isinstance(value, dict) else {}


def asked_of(request: ModelRequest) -> Asked:
    """The data blocks in all messages of a request."""
    blocks: dict[str, str] = {}
    for message in request.messages:
        for found in _BLOCK.finditer(message.text):
            blocks[found.group(1)] = found.group(2)
    return Asked(blocks=blocks)
