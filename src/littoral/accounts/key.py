"""API keys as text: ``lit_<8 characters: id>_<32 characters: secret>``.

Only the SHA-256 of the secret is kept. The secret has 190 random bits, so a plain hash is enough:
it cannot be guessed, slow hashing would protect nothing more. Who may do what with a key is
``littoral.accounts.account``; where keys are kept is ``littoral.accounts.store``.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from littoral.clock import Ids

KEY_PREFIX: Final = "lit"
ID_CHARACTERS: Final = 8
SECRET_CHARACTERS: Final = 32
SHOWN_CHARACTERS: Final = 4

_KEY = re.compile(r"lit_([A-Za-z0-9]{8})_([A-Za-z0-9]{32})")


@dataclass(frozen=True, kw_only=True)
class ApiKey:
    """A whole key, as it is shown once. ``repr`` leaves the secret out."""

    id: str
    secret: str

    def __repr__(self) -> str:
        return f"ApiKey(id={self.id!r})"

    @property
    def text(self) -> str:
        """What the user keeps."""
        return f"{KEY_PREFIX}_{self.id}_{self.secret}"

    @property
    def last_four(self) -> str:
        """Helps its owner to tell it from others."""
        return self.secret[-SHOWN_CHARACTERS:]

    @property
    def hash(self) -> str:
        """What is kept of it: SHA-256 of the secret, 64 hexadecimal digits."""
        return sha256(self.secret.encode()).hexdigest()

    def fits(self, kept_hash: str) -> bool:
        """Whether this key's secret has that hash; takes the same time for every wrong one."""
        return hmac.compare_digest(self.hash, kept_hash)


def new_key(ids: Ids) -> ApiKey:
    """A key that nobody has seen. Made of 384 random bits from ``ids``."""
    material = b"".join(ids.new("key").encode() for _ in range(3))
    return key_from(material)


def key_from(material: bytes) -> ApiKey:
    """The key that belongs to secret bytes: the same one each time."""
    drawn = _letters(material, ID_CHARACTERS + SECRET_CHARACTERS)
    return ApiKey(id=drawn[:ID_CHARACTERS], secret=drawn[ID_CHARACTERS:])


def read_key(text: str) -> ApiKey | None:
    """The key that a text is; ``None`` when it has not the form of one."""
    found = _KEY.fullmatch(text.strip())
    return ApiKey(id=found.group(1), secret=found.group(2)) if found else None


def shown_prefix(key_id: str) -> str:
    """The beginning of a key, which is no secret."""
    return f"{KEY_PREFIX}_{key_id}"


_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def _letters(material: bytes, count: int) -> str:
    """``count`` letters and digits, each as likely as any other, out of secret bytes."""
    number = int.from_bytes(sha256(material).digest() + sha256(material + b"+").digest(), "big")
    drawn = []
    for _ in range(count):
        number, index = divmod(number, len(_ALPHABET))
        drawn.append(_ALPHABET[index])
    return "".join(drawn)
