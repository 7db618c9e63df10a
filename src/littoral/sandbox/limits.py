"""What a sandbox may use at most. The daemon inside keeps the same numbers (sandbox/sandboxd)."""

from __future__ import annotations

MIB = 1024 * 1024

KEPT_HEAD_BYTES = MIB
"""Output of one command that is kept from its beginning, both streams together."""

KEPT_TAIL_BYTES = 64 * 1024
"""Output of one command that is kept from its end, for each stream."""

MAX_PROCESSES = 256
MAX_MEMORY_BYTES = 1024 * MIB
MAX_DISK_BYTES = 512 * MIB

DEFAULT_TIMEOUT_SECONDS = 600
MAX_TIMEOUT_SECONDS = 24 * 3600

MAX_COMMAND_CHARACTERS = 64 * 1024
MAX_ENVIRONMENT_VARIABLES = 100
MAX_STDIN_CHARACTERS = 256 * 1024
MAX_FILE_BYTES = 8 * MIB
"""One file that is written or read by a call."""

MAX_ARTIFACTS = 100
MAX_ARTIFACT_BYTES = 32 * MIB
MAX_ARTIFACTS_BYTES = 64 * MIB
"""All artifacts of one run together."""

MAX_NETWORK_HOSTS = 50
MAX_COMMANDS = 200
"""Commands whose output one sandbox keeps; the oldest that have ended go first."""

BATCH_CHARACTERS = 16 * 1024
"""Output that one report carries at most, unless a single chunk is larger."""
