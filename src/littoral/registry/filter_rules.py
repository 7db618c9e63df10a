"""What an output filter takes out: secrets and personal data, each by a pattern and a check.

A rule is exact about form, not about meaning: it finds what has the shape of a key, and what has a
right check sum where the form has one. Every pattern finds at most ``REACH`` characters beyond one
unbroken run of characters, or a block with an end of its own, and has no other words in it than
``GOES_ON`` knows; the filter relies on that when text comes in pieces.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

REACH: Final = 64
"""Longest find that has spaces in it, and longest beginning before an unbroken run."""

KEY_END: Final = re.compile(r"-----END [A-Z ]{0,50}-----")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One kind of thing. Group 1 of ``pattern``, if it has one, is what is taken out."""

    name: str
    pattern: re.Pattern[str]
    holds: Callable[[str], bool] = lambda _: True


def _luhn(text: str) -> bool:
    """Whether the digits are those of a payment card."""
    digits = [int(each) for each in text if each.isdigit()]
    doubled = [each * 2 - 9 * (each > 4) for each in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0 and len(set(digits)) > 1


def _iban(text: str) -> bool:
    """Whether the check digits of an account number are right (ISO 13616, modulo 97)."""
    packed = text.replace(" ", "")
    if not 15 <= len(packed) <= 34:
        return False
    return int("".join(str(int(each, 36)) for each in packed[4:] + packed[:4])) % 97 == 1


def _phone(text: str) -> bool:
    """Whether it has as many digits as a telephone number."""
    return 8 <= sum(each.isdigit() for each in text) <= 15


def _secret_word(text: str) -> bool:
    """Whether a value named as a secret looks like one, and not like a word about it."""
    return not text.isalpha() or len(text) >= 20


_API_KEYS: Final = "|".join(
    (
        r"sk-[A-Za-z0-9_-]{20,}",
        r"(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}",
        r"gh[opsur]_[A-Za-z0-9]{30,}",
        r"github_pat_[A-Za-z0-9_]{22,}",
        r"glpat-[A-Za-z0-9_-]{20,}",
        r"xox[abposr]-[A-Za-z0-9-]{10,}",
        r"(?:AKIA|ASIA)[0-9A-Z]{16}",
        r"AIza[0-9A-Za-z_-]{35}",
        r"npm_[A-Za-z0-9]{36}",
        r"pypi-[A-Za-z0-9_-]{50,}",
        r"hf_[A-Za-z0-9]{30,}",
        r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",
        r"dop_v1_[a-f0-9]{64}",
        r"whsec_[A-Za-z0-9+/=]{20,}",
        r"lit_[A-Za-z0-9_-]{20,}",
    )
)
_NAMES: Final = (
    r"api[_-]?key|secret[_-]?(?:access[_-]?)?key|client[_-]?secret|access[_-]?token|"
    r"auth[_-]?token|secret|token|password|passwd|pwd"
)

GOES_ON: Final = re.compile(
    r"(?:-----BEGIN"  # a key block's first words
    r"|(?<![A-Za-z0-9])[A-Z0-9]{1,34}"  # words of its first line, groups of an account number
    r"|[0-9][().,/-]{0,2}|[(+]"  # groups of digits
    rf"|(?i:bearer|basic|{_NAMES})[\"'`*]{{0,3}}|[:=][\"'`*]{{0,3}})\Z"
)
"""The end of a word after which, behind a few spaces, a find may go on that begins in the word."""

MOST_SPACES: Final = 8

SECRETS: Final[tuple[Rule, ...]] = (
    Rule(
        name="private-key",
        pattern=re.compile(
            r"-----BEGIN [A-Z ]{0,24}PRIVATE KEY(?: BLOCK)?-----"
            r"(?s:.*?)(?:-----END [A-Z ]{0,50}-----|\Z)"
        ),
    ),
    Rule(
        name="jwt",
        pattern=re.compile(
            r"(?<![A-Za-z0-9])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"
        ),
    ),
    Rule(name="api-key", pattern=re.compile(rf"(?<![A-Za-z0-9])(?:{_API_KEYS})")),
    Rule(
        name="bearer-token",
        pattern=re.compile(r"(?i:\b(?:bearer|basic)[ \t]{1,8})([A-Za-z0-9._~+/=-]{16,})"),
    ),
    Rule(
        name="url-password",
        pattern=re.compile(
            r"(?i:\b[a-z][a-z0-9+.-]{1,20}://)[^\s/:@]{1,200}:([^\s/@]{1,200})(?=@)"
        ),
    ),
    Rule(
        name="password",
        pattern=re.compile(
            rf"(?i:(?<![A-Za-z0-9])(?:{_NAMES}))[\"'`*]{{0,3}}[ \t]{{0,4}}[:=][ \t]{{0,4}}"
            r"[\"'`*]{0,3}([^\s\"'`,;<>]{8,})"
        ),
        holds=_secret_word,
    ),
)

PERSONAL_DATA: Final[tuple[Rule, ...]] = (
    Rule(
        name="email",
        pattern=re.compile(
            r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}"
        ),
    ),
    Rule(
        name="iban",
        pattern=re.compile(
            r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?"
            r"(?![A-Za-z0-9])"
        ),
        holds=_iban,
    ),
    Rule(
        name="card",
        pattern=re.compile(
            r"(?<![0-9])(?=((?:[2-6][0-9]{12,18}|[2-6][0-9]{3}(?:[ -][0-9]{4}){3}"
            r"|3[47][0-9]{2}[ -][0-9]{6}[ -][0-9]{5})(?![0-9])))"
        ),
        holds=_luhn,
    ),
    Rule(
        name="phone",
        pattern=re.compile(
            r"(?<![A-Za-z0-9+])(?:\+[1-9](?:[ ()./-]{0,2}[0-9]){6,14}(?![0-9])"
            r"|\(?0[0-9]{1,4}\)?[ /.-][0-9][0-9 /.-]{4,14}[0-9]"
            r"|\(?[2-9][0-9]{2}\)?[ .-][0-9]{3}[ .-][0-9]{4})(?![A-Za-z0-9])"
        ),
        holds=_phone,
    ),
)
