"""The four ways to carry out a described function, and which of them can do more harm.

How a description comes to its type belongs to ``littoral.functions.classification``.
"""

from __future__ import annotations

from typing import Final, Literal

FunctionType = Literal["code", "object", "agentic", "human"]

FUNCTION_TYPES: Final[tuple[FunctionType, ...]] = ("human", "agentic", "object", "code")
"""All types, the riskiest first. Equal scores go to the one that comes first."""

MEANINGS: Final[dict[FunctionType, str]] = {
    "code": "a pure computation on the arguments",
    "object": "text or structured data that a model writes",
    "agentic": "work of several steps that builds or changes things",
    "human": "a judgement, permission or deed of a person",
}


def risk_of(function_type: FunctionType) -> int:
    """How much can go wrong: 0 for code to 3 for human."""
    return len(FUNCTION_TYPES) - 1 - FUNCTION_TYPES.index(function_type)
