"""How large agents and executions may be, how long they take, how many there are."""

from __future__ import annotations

from typing import Final

MAX_NAME_CHARACTERS: Final = 120
MAX_DESCRIPTION_CHARACTERS: Final = 1_000
MAX_TEMPLATE_CHARACTERS: Final = 16_000
MAX_SYSTEM_CHARACTERS: Final = 8_000
MAX_VARIABLES: Final = 32
MAX_VARIABLE_CHARACTERS: Final = 16_000
MAX_INPUT_CHARACTERS: Final = 32_000
MAX_PROMPT_CHARACTERS: Final = 64_000
"""The template with everything filled in."""

MAX_OUTPUT_TOKENS: Final = 8_192
MAX_OUTPUT_CHARACTERS: Final = 65_536
"""A model that says more is cut off; the execution fails."""

MAX_TEMPERATURE: Final = 2.0
MAX_CACHE_SECONDS: Final = 30 * 24 * 3600
DEFAULT_CACHE_SECONDS: Final = 24 * 3600
MAX_PASSAGES: Final = 20
DEFAULT_PASSAGES: Final = 4
MAX_PASSAGE_TOKENS: Final = 600
"""What one passage of a memory is reckoned with when credits are set aside."""

MOST_AGENTS: Final = 200
"""Agents of one account, archived ones included."""

MOST_VERSIONS: Final = 1_000
PAGE_AGENTS: Final = 100
PAGE_EXECUTIONS: Final = 100
LIVE_EXECUTIONS: Final = 50
RECENT_LATENCIES: Final = 30

SEARCHED_CHARACTERS: Final = 4_000
"""How much of an execution's words the search sees."""

KEPT_ANSWERS: Final = 500
"""Answers that one owner's cache keeps; the oldest go first."""

KEPT_EXECUTIONS: Final = 200
"""Ended executions whose events an object keeps; the list keeps them all."""

MEMORY_SECONDS: Final = 15.0
"""How long an agent's memory is waited for."""

SYNC_SECONDS: Final = 100.0
"""How long a caller in sync mode is kept waiting; the execution itself goes on."""

SUPERVISE_MS: Final = 5_000
"""How soon an execution that nobody works on is noticed."""

MAX_BEGINNINGS: Final = 3
"""An execution that was cut off so often before its model was asked is given up."""
