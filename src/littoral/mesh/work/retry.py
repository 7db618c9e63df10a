"""When a part that failed is tried again. The delay is a function of the part and the try, so that
deciding stays pure: the jitter comes from a hash instead of from chance."""

from __future__ import annotations

import hashlib

from littoral.mesh.work.limits import LEAST_RETRY_BUDGET, RETRY_DELAYS_MS, RETRY_SHARE


def retry_delay_ms(part_id: str, attempt: int) -> int:
    """Milliseconds before the try after ``attempt`` (1 for the first): 50 to 100 % of a growing
    delay."""
    most = RETRY_DELAYS_MS[min(attempt, len(RETRY_DELAYS_MS)) - 1]
    digest = hashlib.sha256(f"{part_id}/{attempt}".encode()).digest()
    share = int.from_bytes(digest[:4], "big") / 2**32
    return int(most * (0.5 + share / 2))


def retry_budget(parts: int) -> int:
    """Retries that all parts of a task share."""
    return max(LEAST_RETRY_BUDGET, parts // RETRY_SHARE)
