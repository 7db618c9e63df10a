"""Reads what callers ask of a memory, and refuses what cannot be used.

The API's bodies check types; sizes, encodings and characters are checked here, where every caller
passes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from littoral.errors import InvalidInput, TooLarge
from littoral.memory import limits
from littoral.memory.document import NewDocument
from littoral.text import require_text

UNTITLED_CHARACTERS = 60


def read_documents(args: Mapping[str, Any]) -> list[NewDocument]:
    """The documents of a request: ``documents``, or one as the request itself; each once.

    Raises ``InvalidInput`` and ``TooLarge`` that name the document and the rule.
    """
    several = args.get("documents")
    if several is None:
        return [_read(args, "")]
    if "text" in args:
        raise InvalidInput("Send text or documents, not both.")
    if not isinstance(several, list) or not several:
        raise InvalidInput("documents must be a list of one document or more.")
    if len(several) > limits.MAX_AT_ONCE:
        raise TooLarge(
            f"There are {len(several)} documents; at most {limits.MAX_AT_ONCE} are taken at once."
        )
    read = [_read(each, f"documents[{at}].") for at, each in enumerate(several)]
    return list(dict.fromkeys(read))


def _read(raw: Any, where: str) -> NewDocument:
    if not isinstance(raw, Mapping):
        raise InvalidInput(f"{where.rstrip('.')} must be an object with title and text.")
    text = _text(raw.get("text"), f"{where}text")
    source = _line(raw.get("source"), f"{where}source", limits.MAX_SOURCE_CHARACTERS)
    title = _line(raw.get("title"), f"{where}title", limits.MAX_TITLE_CHARACTERS)
    return NewDocument(title=title or _first_words(text), text=text, source=source)


def _text(value: Any, field: str) -> str:
    """Line ends become ``\\n``: the offsets of citations count in this text."""
    text = require_text(value, field=field, most=limits.MAX_DOCUMENT_BYTES)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    size = len(text.encode())
    if size > limits.MAX_DOCUMENT_BYTES:
        raise TooLarge(
            f"{field} has {size} bytes; at most {limits.MAX_DOCUMENT_BYTES} are taken.",
            next_step="Cut the document into parts and send each.",
        )
    return text


def _line(value: Any, field: str, most: int) -> str:
    if value is None or value == "":
        return ""
    return " ".join(require_text(value, field=field, most=most).split())


def _first_words(text: str) -> str:
    """A title for a document that came without one."""
    line = text.strip().partition("\n")[0].strip()
    if len(line) <= UNTITLED_CHARACTERS:
        return line
    cut = line[:UNTITLED_CHARACTERS]
    return f"{cut.rpartition(' ')[0] or cut}…"


def read_question(args: Mapping[str, Any]) -> tuple[str, int]:
    """The words that passages are looked for with, and how many are wanted."""
    most = limits.MAX_QUESTION_CHARACTERS
    question = require_text(args.get("q"), field="q", most=most)
    count = args.get("count", limits.DEFAULT_RESULTS)
    if type(count) is not int or not 1 <= count <= limits.MAX_RESULTS:
        raise InvalidInput(f"count must be a whole number from 1 to {limits.MAX_RESULTS}.")
    return question, count


def read_key(args: Mapping[str, Any]) -> str:
    """The idempotency key, which the API has checked, or empty."""
    return str(args.get("idempotencyKey") or "")
