"""What one owner may ask of the orchestrator, and how long it waits for anything."""

from __future__ import annotations

from typing import Final

MAX_COMMANDS: Final = 50
MAX_COMMAND_CHARACTERS: Final = 16_000
MAX_TASK_CHARACTERS: Final = 4_000
MAX_TITLE_CHARACTERS: Final = 200
MAX_NETWORK_HOSTS: Final = 20
MAX_VARIABLES: Final = 50
MAX_VARIABLE_CHARACTERS: Final = 4_000
MAX_REASON_CHARACTERS: Final = 1_000

DEFAULT_TIMEOUT_SECONDS: Final = 600
MAX_TIMEOUT_SECONDS: Final = 24 * 3600
"""Running time of a whole run: its commands together, without waiting for people."""

DEFAULT_APPROVAL_SECONDS: Final = 24 * 3600
MAX_APPROVAL_SECONDS: Final = 7 * 24 * 3600

OUTPUT_TAIL_CHARACTERS: Final = 64 * 1024
"""End of the standard output that a run shows."""

EVENT_TEXT_CHARACTERS: Final = 32 * 1024
"""Output that one event carries at most."""

RUN_OUTPUT_BYTES: Final = 8 * 1024 * 1024
"""Output of one run that is kept in its events; the rest is counted as skipped."""

OLD_OUTPUT_MS: Final = 7 * 24 * 3600 * 1000
"""Output of ended runs that is older is let go; what else happened stays."""

KEPT_OUTPUT_BYTES: Final = 64 * 1024 * 1024
"""Output of all ended runs of one owner; the oldest goes first."""

KEPT_RUNS: Final = 2_000
"""Ended runs of one owner; the oldest go first, with everything of theirs."""

MAX_SESSIONS: Final = 10
"""Sandbox sessions of one owner that have not been stopped."""

SUPERVISE_MS: Final = 5_000
"""How often active runs are looked at."""

FOLLOW_AGAIN_MS: Final = (5_000, 10_000, 20_000, 60_000)
"""How long a command may be silent until it is looked for, each time."""

NEWS_AGAIN_MS: Final = 4_000
"""How long a silent workflow instance is left alone before it is told news; twice as long each
time, because on a busy machine silence is slowness and more work would make it worse."""

MOST_NEWS: Final = 3
"""How often an instance is told the same news before another one takes its place."""

MOST_MOTORS: Final = 4
"""Workflow instances that one run may use up."""

LOST_AFTER_MS: Final = 120_000
"""A sandbox that answers nothing for so long is lost."""

CANCEL_GRACE_SECONDS: Final = 5
CANCEL_PATIENCE_MS: Final = 60_000
"""How long a cancelled command may go on before its end is called unknown."""

CLOSE_PATIENCE_MS: Final = 6_000
"""How long the workflow may take to close a run before the object closes it itself."""

INSTANCE_KEPT_MS: Final = 30_000
"""How long the workflow instance of what has ended is kept, and until its deletion is tried again:
the instance is told of the end and comes to its own in that time."""

MOST_DELETIONS: Final = 5
"""Tries to delete an instance; then the platform's own retention does it."""

DRAFT_MS: Final = 60_000
"""A run whose credits were being reserved for so long was given up by its caller."""
