"""How much one answer may hold: its row must stay well below what storage takes (2 MB)."""

from __future__ import annotations

from littoral.errors import BudgetExceeded

MAX_CHARACTERS = 1_000_000


class AnswerBudget:
    """Counts words, arguments and results of one answer together."""

    def __init__(self) -> None:
        self._characters = 0

    def grow(self, characters: int) -> None:
        """Adds to the count; raises ``BudgetExceeded`` when the answer has no end."""
        self._characters += characters
        if self._characters > MAX_CHARACTERS:
            raise BudgetExceeded(
                f"The answer grew over {MAX_CHARACTERS} characters.",
                next_step="Ask for something shorter.",
            )
