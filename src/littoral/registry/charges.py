"""What an execution may cost and did cost. Prices are ``littoral.credits.prices``'.

Only what a caller gets something of is charged: one that completed, or that was cancelled after
words had come. Whatever failed or was cut off costs nothing, and an answer from the cache no
tokens.
"""

from __future__ import annotations

from littoral.credits.prices import of_execution, of_tokens
from littoral.credits.usage import Usage
from littoral.models.estimate import tokens_of
from littoral.registry.execution import Ask, Execution
from littoral.registry.limits import MAX_PASSAGE_TOKENS

KIND = "execution"


def reservation(ask: Ask) -> int:
    """The most that an execution may cost, in millicredits."""
    definition = ask.definition
    read = tokens_of(len(ask.prompt) + len(definition.system_prompt))
    if definition.memory.enabled:
        read += definition.memory.passages * MAX_PASSAGE_TOKENS
    # Providers count in their own way: half as many again is set aside for what is read.
    return of_execution() + of_tokens(definition.model, read * 3 // 2, definition.max_tokens)


def cost_of(model: str, input_tokens: int, output_tokens: int) -> int:
    """What one call of a model costs, its start included."""
    return of_execution() + of_tokens(model, input_tokens, output_tokens)


def usage_of(execution: Execution) -> Usage | None:
    """What is settled at the ledger; ``None`` when everything is given back."""
    if not execution.cost:
        return None
    return Usage(
        kind=KIND,
        model=execution.model,
        input_tokens=execution.input_tokens,
        output_tokens=execution.output_tokens,
        cost=min(execution.cost, execution.reserved),
        latency_ms=execution.latency_ms or 0,
        outcome=execution.status,
        at_ms=execution.ended_at_ms or execution.created_at_ms,
    )
