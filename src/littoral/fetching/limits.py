"""How much of the outside is taken in, and for how long it is waited for."""

from __future__ import annotations

from typing import Final

URL_CHARACTERS: Final = 2_048
REDIRECTS: Final = 5
BODY_BYTES: Final = 2_000_000
"""After decompression: what a small answer swells to is counted, not what it weighed."""
POST_ANSWER_BYTES: Final = 64_000
"""Of the answer to something sent; nothing of it is used."""
TOTAL_SECONDS: Final = 20.0
"""One page with all redirects, names and the whole body."""
LONGEST_RETRY_AFTER_SECONDS: Final = 86_400
DNS_BYTES: Final = 64_000
DNS_ANSWERS: Final = 64
