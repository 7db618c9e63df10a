"""`_lib.capnp_message`: what it writes, read back by a small reader that follows the encoding."""

import struct

import pytest

from _lib.capnp_message import Struct, message_of_list, text


def read_list(message: bytes, data_words: int, pointer_count: int) -> list[list[bytes | None]]:
    """The blobs of each element: a reader for one segment, following the encoding's rules."""
    segments, words = struct.unpack_from("<II", message)
    assert (segments, words * 8) == (0, len(message) - 8)
    body = message[8:]
    root_offset, root_data, root_pointers = struct.unpack_from("<iHH", body)
    assert (root_offset & 3, root_data, root_pointers) == (0, 0, 1)
    at = 8 + (root_offset >> 2) * 8
    offset, size_and_count = struct.unpack_from("<iI", body, at)
    assert (offset & 3, size_and_count & 7) == (1, 7)
    tag_at = at + 8 + (offset >> 2) * 8
    tag, tag_data, tag_pointers = struct.unpack_from("<iHH", body, tag_at)
    assert (tag_data, tag_pointers) == (data_words, pointer_count)
    count, size = tag >> 2, (data_words + pointer_count) * 8
    assert size_and_count >> 3 == count * (data_words + pointer_count)
    starts = [tag_at + 8 + number * size + data_words * 8 for number in range(count)]
    return [[blob_at(body, start + 8 * n) for n in range(pointer_count)] for start in starts]


def blob_at(body: bytes, at: int) -> bytes | None:
    offset, size_and_count = struct.unpack_from("<iI", body, at)
    if (offset, size_and_count) == (0, 0):
        return None
    assert (offset & 3, size_and_count & 7) == (1, 2)
    start = at + 8 + (offset >> 2) * 8
    return body[start : start + (size_and_count >> 3)]


def test_every_blob_of_every_element_is_found_again() -> None:
    elements = [
        Struct(data=bytes(8), pointers=(text("one"), b"\0" * 13, None)),
        Struct(data=bytes(8), pointers=(text("zwei €"), b"x" * 8, b"")),
    ]

    read = read_list(message_of_list(elements), data_words=1, pointer_count=3)

    assert read == [[b"one\0", b"\0" * 13, None], [b"zwei \xe2\x82\xac\0", b"x" * 8, b""]]


def test_the_smallest_message_is_what_the_encoding_says() -> None:
    message = message_of_list([Struct(data=b"\2\0\1\0\0\0\0\0", pointers=())])

    assert message == bytes.fromhex(
        "00000000 04000000"  # one segment of four words
        "00000000 00000100"  # root struct: no data, one pointer
        "01000000 0f000000"  # list of structs, one word of content
        "04000000 01000000"  # its tag: one element of one data word
        "02000100 00000000"
    )


def test_elements_of_different_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="one shape"):
        message_of_list([Struct(data=bytes(8), pointers=()), Struct(data=b"", pointers=())])
