"""How much a function call may bring, how long it may take, how many may go on, how long they stay.

Limits of the code that functions run are ``littoral.functions.limits``.
"""

from __future__ import annotations

from typing import Final

MAX_DESCRIPTION_CHARACTERS: Final = 4_000
MAX_ARGS_CHARACTERS: Final = 256 * 1024
MAX_SCHEMA_CHARACTERS: Final = 64 * 1024
MAX_EXAMPLES: Final = 10
MAX_EXAMPLES_CHARACTERS: Final = 64 * 1024
MAX_RESULT_CHARACTERS: Final = 256 * 1024
MAX_HOSTS: Final = 5
MAX_ASSIGNEE_CHARACTERS: Final = 200
MAX_NOTE_CHARACTERS: Final = 2_000
MAX_REASON_CHARACTERS: Final = 2_000

DEFAULT_WAIT_SECONDS: Final = 30
MAX_WAIT_SECONDS: Final = 120
"""How long a call in sync mode is waited for; the job itself goes on."""

ATTEMPT_SECONDS: Final = 240
"""One try of a job, from its classification to its result."""

MAX_ATTEMPTS: Final = 4
RETRY_SECONDS: Final = (2, 10, 60)
"""Delay before the second, third and fourth try; up to half of it more, by chance."""

UNFINISHED_JOBS: Final = 100
"""Jobs of one account that have not ended, those that wait for people and builds included."""

WORKING_AT_ONCE: Final = 8
"""Jobs of one account that are worked on at the same time; the others wait for their turn."""

DEFAULT_DEADLINE_SECONDS: Final = 7 * 24 * 3600
MAX_DEADLINE_SECONDS: Final = 30 * 24 * 3600
"""How long a person has."""

REMIND_AT: Final = 0.5
"""The part of that time after which the person is reminded."""

SUPERVISE_MS: Final = 5_000
"""How soon a job that nobody works on is noticed."""

RESEND_MS: Final = (5_000, 15_000, 60_000, 300_000, 900_000)
"""How long a message of the queue is waited for before another one is sent; the last one stays."""

DEAD_LETTER_MS: Final = 60_000
"""How long the queue of dead letters is waited for before the object marks the job itself."""

POLL_MS: Final = (2_000, 5_000, 10_000, 30_000)
"""Delays between looks at a build; the last one stays."""

DRAFT_MS: Final = 60_000
"""A request whose credits were being set aside for so long was given up by its caller."""

KEPT_JOBS: Final = 2_000
"""Ended jobs of one account; the oldest go first."""
