"""How many tokens a text is, roughly: for budgets, and where a provider did not say."""

from __future__ import annotations

from typing import Final

from littoral.jsontext import dumps
from littoral.models.model import ModelRequest

CHARACTERS_PER_TOKEN: Final = 4


def tokens_of(characters: int) -> int:
    """Tokens of so many characters, rounded up."""
    return -(-characters // CHARACTERS_PER_TOKEN)


def request_tokens(request: ModelRequest) -> int:
    """Tokens that a model reads for a request: messages, calls, and the tools' descriptions."""
    said = sum(
        len(each.text) + sum(len(call.arguments) for call in each.tool_calls)
        for each in request.messages
    )
    tools = sum(len(each.description) + len(dumps(each.parameters)) for each in request.tools)
    return tokens_of(said + tools)
