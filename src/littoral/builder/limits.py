"""What one build may ask for, hold and use, and how long it waits for anything."""

from __future__ import annotations

from typing import Final

MAX_QUERY_CHARACTERS: Final = 20_000
MAX_MESSAGE_CHARACTERS: Final = 4_000
MAX_QUEUED_MESSAGES: Final = 10
MAX_KEPT_MESSAGES: Final = 200
MAX_TITLE_CHARACTERS: Final = 120
MAX_DESCRIPTION_CHARACTERS: Final = 4_000
MAX_FEATURES: Final = 30
MAX_LINE_CHARACTERS: Final = 300
"""Of a feature, a phase's name, and what a file is for."""

MAX_PHASES: Final = 10
"""Of a blueprint."""

MAX_PHASES_IN_ALL: Final = 40
"""With those that messages added."""

MAX_FILES_IN_PHASE: Final = 20
MAX_FILE_BYTES: Final = 256 * 1024
MAX_FILES: Final = 200
MAX_PATH_CHARACTERS: Final = 120
MAX_PATH_DEPTH: Final = 6

MAX_REVIEW_CYCLES: Final = 3
MAX_ISSUES: Final = 100
"""Open ones; what is found beyond is counted in the review's event."""

MAX_ISSUE_CHARACTERS: Final = 500
MAX_PROBLEMS: Final = 20
"""That a preview may report in one call."""

MOST_ATTEMPTS: Final = 3
"""A model is asked for one file, one blueprint, one phase so often."""

MOST_STARTS: Final = 20
"""One file is begun so often, kills included."""

MOST_LOST_IN_A_ROW: Final = 3
"""Files given up one after the other until the build fails."""

MOST_DECISIONS: Final = 40
"""That a model takes in smart mode in one round."""

MOST_TOOL_CALLS: Final = 20
"""In an answer that was asked to be a file, until it is closed."""

CHATTER_CHARACTERS: Final = 20_000
"""Words beside a file's marks, until the answer is closed."""

CONTEXT_CHARACTERS: Final = 200_000
"""Of files in a prompt, where the model's window has room for them."""

PLAN_TOKENS: Final = 4_000
"""Of that window, for instructions, the plan and messages."""

BUILDS_AT_ONCE: Final = 3

BUDGET_TOKENS: Final = 400_000
BUDGET_CALLS: Final = 150
BUDGET_SECONDS: Final = 3_600
BUDGET_CREDITS: Final = 100
"""Each is the limit of one round unless the caller chose less or more."""

MOST_TOKENS: Final = 4_000_000
MOST_CALLS: Final = 1_000
MOST_SECONDS: Final = 6 * 3600
MOST_CREDITS: Final = 10_000

LEAST_OUTPUT_TOKENS: Final = 256
"""A call that could say less than that within the budget is not made."""

SLICE_MS: Final = 120_000
"""One ring of the alarm works for so long at most, and to the end of the step it is in."""

WATCH_MS: Final = 5_000
"""The alarm that is set before work begins: whoever is killed is back after that."""

DRAFT_MS: Final = 60_000
"""A round whose slot and credits were being asked for so long was given up by its caller."""

SETBACK_MS: Final = (1_000, 2_000, 5_000, 15_000, 30_000, 60_000)
"""Pauses after a store did not answer; the last one again and again."""

MOST_SETBACKS: Final = 15
"""Stores that did not answer in a row until the build fails; the money is settled in any case."""

PIECE_MS: Final = 100
"""Live frames of one file are at least so far apart: ten a second."""

PIECE_CHARACTERS: Final = 32_000
"""Of one live frame."""

MOST_FAULTS: Final = 5
"""Faults of ours in a row until the build fails."""

LIST_AGAIN_MS: Final = 30_000
"""Until a list that did not answer is told again what a build is doing."""
