"""The numbers of work: how much is taken, how long things may take, how often they are tried."""

from __future__ import annotations

from typing import Final

MAX_GOAL_CHARACTERS: Final = 4_000
MAX_ITEMS: Final = 1_000
MAX_ITEM_CHARACTERS: Final = 8_000
MAX_INPUT_CHARACTERS: Final = 350_000
"""Of all items of one task together, as JSON."""

MAX_WAITING_CHARACTERS: Final = 1_000_000
"""Inputs of all tasks that have not ended, so that the coordinator's state fits a snapshot."""

MAX_ACTIVE_TASKS: Final = 200
MAX_RESULT_CHARACTERS: Final = 16_000
MAX_REASON_CHARACTERS: Final = 500
MAX_PLANNED: Final = 20

DEFAULT_DEADLINE_SECONDS: Final = 3_600
MAX_DEADLINE_SECONDS: Final = 86_400
DEFAULT_PARALLEL: Final = 16
MAX_PARALLEL: Final = 64
DEFAULT_RETRIES: Final = 2
MAX_RETRIES: Final = 5
RETRY_SHARE: Final = 5
"""A task has one retry in its budget for each five parts, and ``LEAST_RETRY_BUDGET`` at least."""

LEAST_RETRY_BUDGET: Final = 10

WORKER_SLOTS: Final = 4
"""Parts that one worker is given at a time."""

WORKER_MOST: Final = 50
"""Parts that a worker takes at all; more are reported as failed, to be tried again."""

DONE_KEPT: Final = 64
"""Tries that ended last, which a worker remembers: an offer that comes late is not done again."""

OFFER_PATIENCE_MS: Final = (6_000, 15_000, 30_000, 60_000)
"""How long an offer waits for the worker's first word, by how often it was made."""

LEASE_MS: Final = 30_000
FIRST_WORD_MS: Final = 3_000
"""A worker that has not finished by then says that it works on the part."""

RENEW_MS: Final = 10_000
MAX_OFFERS: Final = 10
"""Offers of one part whose worker fell silent; then it is given up."""

STAY_WITH_WORKER: Final = 2
"""So often a part is offered to the same worker, which may have begun; then to another one."""

RETRY_DELAYS_MS: Final = (1_000, 4_000, 15_000, 60_000)
KEPT_ENDED: Final = 50
"""Ended tasks that the coordinator still knows; the projection keeps all."""

WORK_SECONDS: Final = 300
"""Longest that one try of a part may take, whatever its task's deadline."""

DRAFT_MS: Final = 60_000
"""How long a task waits for its credits to be set aside before it is forgotten."""

WORK_MARGIN_SECONDS: Final = 15
"""What the engine gives a try beyond that, so that it ends as an outcome of the part."""

RECEIPT_DAYS: Final = 7

SETTLE_AGAIN_MS: Final = 300_000
"""When the ledger is told again what a task cost, after every try of the effect has failed."""
