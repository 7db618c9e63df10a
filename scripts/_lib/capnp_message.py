"""Owns the few Cap'n Proto encodings this project writes: a struct of a list of structs of blobs.

One segment, no far pointers, no reading. What goes into a message is the caller's business
(`pyodide_bundle` for the Pyodide bundle). Encoding rules: https://capnproto.org/encoding.html.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

WORD_BYTES = 8
_COMPOSITE_ELEMENTS = 7
_BYTE_ELEMENTS = 2
_MAX_BLOB_BYTES = 2**29 - 1


@dataclass(frozen=True, kw_only=True)
class Struct:
    """One list element: `data` is a multiple of 8 bytes; a pointer of None stays null."""

    data: bytes
    pointers: tuple[bytes | None, ...]


def text(value: str) -> bytes:
    """Text is UTF-8 with a closing NUL that counts as an element."""
    return value.encode() + b"\0"


def message_of_list(elements: Sequence[Struct]) -> bytes:
    """A framed message whose root struct has one pointer: a list of `elements`.

    All elements must have the same shape; ValueError otherwise, or when a blob passes 512 MiB.
    """
    shapes = {(len(element.data), len(element.pointers)) for element in elements}
    if len(shapes) != 1:
        raise ValueError(f"list elements must have one shape, got {sorted(shapes)}")
    data_bytes, pointer_count = shapes.pop()
    data_words = data_bytes // WORD_BYTES
    element_words = data_words + pointer_count

    words = bytearray()
    words += _struct_pointer(offset=0, data_words=0, pointer_count=1)
    words += _list_pointer(
        offset=0, element_size=_COMPOSITE_ELEMENTS, count=element_words * len(elements)
    )
    words += _struct_pointer(
        offset=len(elements), data_words=data_words, pointer_count=pointer_count
    )
    elements_start = len(words)
    words += bytes(element_words * len(elements) * WORD_BYTES)
    for index, element in enumerate(elements):
        start = elements_start + index * element_words * WORD_BYTES
        words[start : start + data_bytes] = element.data
        for number, blob in enumerate(element.pointers):
            if blob is not None:
                _append_blob(words, at=start + data_bytes + number * WORD_BYTES, blob=blob)
    return struct.pack("<II", 0, len(words) // WORD_BYTES) + bytes(words)


def _append_blob(words: bytearray, *, at: int, blob: bytes) -> None:
    if len(blob) > _MAX_BLOB_BYTES:
        raise ValueError(f"a blob of {len(blob)} bytes does not fit in one Cap'n Proto list")
    offset = len(words) // WORD_BYTES - (at // WORD_BYTES + 1)
    words[at : at + WORD_BYTES] = _list_pointer(
        offset=offset, element_size=_BYTE_ELEMENTS, count=len(blob)
    )
    words += blob + bytes(-len(blob) % WORD_BYTES)


def _struct_pointer(*, offset: int, data_words: int, pointer_count: int) -> bytes:
    return struct.pack("<iHH", offset << 2, data_words, pointer_count)


def _list_pointer(*, offset: int, element_size: int, count: int) -> bytes:
    return struct.pack("<iI", offset << 2 | 1, element_size | count << 3)
