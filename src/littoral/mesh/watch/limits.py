"""How much is watched, kept and tried again, and how soon."""

from __future__ import annotations

from typing import Final

WATCHES: Final = 100
LEAST_SECONDS: Final = 5
"""Whatever the settings say."""
MOST_SECONDS: Final = 30 * 86_400
NAME_CHARACTERS: Final = 120
QUESTION_CHARACTERS: Final = 1_000

LOOKS_AT_ONCE: Final = 6
LOOK_SECONDS: Final = 60.0
LOOK_ATTEMPTS: Final = 2
"""Kills included; a page that does not answer is looked at again by the watch's own schedule."""
RETRY_MS: Final = 30_000
"""After one failed look; doubled with each further one, at most the watch's own interval."""
FAILING: Final = 5
"""Failed looks in a row after which the owner is told, once."""

ANALYSES_AT_ONCE: Final = 4
ANALYSES_OPEN: Final = 50
ANALYSIS_SECONDS: Final = 120.0
ANALYSIS_ATTEMPTS: Final = 3
ANALYSIS_DEADLINE_MS: Final = 3_600_000

NOTIFICATIONS: Final = 100
KEPT_LINES: Final = 8
KEPT_CHARACTERS: Final = 200
"""Of a difference, in a notification; the data agent's event has more."""
WEBHOOKS: Final = 20
DELIVERIES_SHOWN: Final = 20
DELIVERIES_OPEN: Final = 200
DELIVERIES_AT_ONCE: Final = 6
DELIVERY_SECONDS: Final = 30.0
DELIVERY_DELAYS_MS: Final = (5_000, 30_000, 120_000, 600_000, 3_600_000, 21_600_000)
"""Between the tries of one delivery; after the last one it is given up: about eight hours."""
GIVEN_UP_IN_A_ROW: Final = 3
"""Deliveries given up, with none taken in between, after which a webhook is switched off."""
