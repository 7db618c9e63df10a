"""How large and how long the code of a function and its run may be; jobs have ``job_limits``."""

from __future__ import annotations

from typing import Final

SOURCE_BYTES: Final = 64 * 1024
ARGS_BYTES: Final = 256 * 1024
RESULT_BYTES: Final = 256 * 1024
STDOUT_BYTES: Final = 64 * 1024
RUN_SECONDS: Final = 5.0
"""Of the code itself; the start of its isolate is not counted."""

START_SECONDS: Final = 30.0
"""What a first start of an isolate may take besides."""

STEPS: Final = 10_000_000
MEMORY_BYTES: Final = 64 * 1024 * 1024
CPU_MS: Final = 10_000
"""The platform's own limit of one call, which only a deployment enforces."""

NETWORK_RUN_SECONDS: Final = 20.0
"""In place of ``RUN_SECONDS`` for code that was granted network: it waits for others."""

NETWORK_REQUESTS: Final = 20
"""Requests of one call, redirects included."""

NETWORK_REQUEST_MS: Final = 10_000
NETWORK_SENT_BYTES: Final = 256 * 1024
NETWORK_READ_BYTES: Final = 2 * 1024 * 1024

ANSWER_BYTES: Final = RESULT_BYTES + 8 * STDOUT_BYTES + 16 * 1024
"""Everything that an isolate may say, JSON escapes included."""
