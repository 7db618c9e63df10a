"""Owns reading what a prompt of the builder asks: the fenced data inside its user messages.

The prompts themselves are the builder's (``littoral.builder.asking``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from littoral.models.fenced import find_fenced
from littoral.models.model import ModelRequest


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The words of one request, in which data stands by name."""

    words: str

    def value(self, name: str) -> Any:
        """The value of a block; ``None`` when it is not there."""
        return find_fenced(name, self.words)

    def text(self, name: str) -> str:
        value = self.value(name)
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; what else is in it is passed over."""
        value = self.value(name)
        listed = value if isinstance(value, list) else []
        return tuple(each for each in listed if isinstance(each, str))

    def mapping(self, name: str) -> dict[str, Any]:
        value = self.value(name)
        return value if isinstance(value, dict) else {}


def asked_of(request: ModelRequest) -> Asked:
    """What a request asks, in the words of its user messages."""
    said = (each.text for each in request.messages if each.role == "user")
    return Asked(words="\n".join(said))
