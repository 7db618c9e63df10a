"""Words of a person as an FTS5 query, and text made ready for the index.

The index splits text at spaces and punctuation. Languages that are written without spaces would be
one long word there, so a mark is put between their characters, in the index and in the query alike;
pictographs count as words of their own. Everything that a person types is a word: nothing in it can
become an operator or a syntax error (https://www.sqlite.org/fts5.html#fts5_strings).
"""

from __future__ import annotations

import re
import unicodedata

TOKENIZER = "unicode61 remove_diacritics 2 categories 'L* N* Co So'"
MAX_WORDS = 12
MATCH_BEGINS = "\x02"
MATCH_ENDS = "\x03"

_MARK = "\u200b"
# Scripts written without spaces, and pictographs: each character becomes a word.
_ALONE = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2190-\u2bff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U0001f000-\U0001faff\U00020000-\U0003ffff])"
)
_NOT_INDEXED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\ud800-\udfff]")


def indexed(text: str) -> str:
    """Text as the index keeps it."""
    return _ALONE.sub(rf"{_MARK}\1{_MARK}", _NOT_INDEXED.sub(" ", text))


def shown(text: str) -> str:
    """Text from the index as people read it."""
    return text.replace(_MARK, "")


def match_query(text: str) -> str | None:
    """The FTS5 query for all words of ``text``, each as a beginning; ``None`` without any word."""
    words = [word for word in indexed(text).split() if _has_token(word)][:MAX_WORDS]
    if not words:
        return None
    return " ".join(f'"{_quoted(word)}"*' for word in words)


def _quoted(word: str) -> str:
    return word.replace('"', " ")


def _has_token(word: str) -> bool:
    return any(
        (kind := unicodedata.category(character))[0] in "LN" or kind in ("Co", "So")
        for character in word
    )
