"""Server-sent events from bytes that are split anywhere."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.models.sse import SseEvent, SseOverflow, SseParser


def parsed(*chunks: bytes) -> list[SseEvent]:
    parser = SseParser()
    return [event for chunk in chunks for event in parser.feed(chunk)]


def data(*chunks: bytes) -> list[str]:
    return [each.data for each in parsed(*chunks)]


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (b"data: one\n\ndata: two\n\n", ["one", "two"]),
        (b"data: one\r\n\r\ndata: two\r\n\r\n", ["one", "two"]),
        (b"data: one\r\rdata: two\r\r", ["one", "two"]),
        (b"data: a\ndata: b\n\n", ["a\nb"]),
        (b"data:tight\n\n", ["tight"]),
        (b"data:  two spaces\n\n", [" two spaces"]),
        (b"data\n\n", [""]),
        (b": comment\n\n: another\n\ndata: x\n\n", ["x"]),
        (b"\xef\xbb\xbfdata: x\n\n", ["x"]),
        (b"retry: 5\nunknown: y\ndata: x\n\n", ["x"]),
        (b"data: never finished", []),
        (b"data: never finished\n", []),
        (b"data: \xff\xfe\n\n", ["\ufffd\ufffd"]),
        (b"\n\n\n", []),
    ],
)
def test_the_rules_of_the_standard(stream: bytes, expected: list[str]) -> None:
    assert data(stream) == expected
    assert data(*[stream[at : at + 1] for at in range(len(stream))]) == expected


def test_name_and_id_of_an_event() -> None:
    first, second, third = parsed(b"event: ping\nid: 7\ndata: x\n\ndata: y\n\nid\ndata: z\n\n")
    assert first == SseEvent(data="x", name="ping", id="7")
    assert second == SseEvent(data="y", name="message", id="7")
    assert third == SseEvent(data="z", name="message", id="")


texts = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=30)


@settings(deadline=None)
@given(
    st.lists(st.lists(texts, min_size=1, max_size=3), max_size=6),
    st.sampled_from([b"\n", b"\r\n", b"\r"]),
    st.lists(st.integers(0, 400), max_size=20),
)
def test_no_way_of_splitting_changes_the_events(
    events: list[list[str]], end: bytes, cuts: list[int]
) -> None:
    stream = b"".join(
        b"".join(b"data: " + line.encode() + end for line in lines) + end for lines in events
    )
    places = sorted({min(cut, len(stream)) for cut in cuts} | {0, len(stream)})
    chunks = [stream[a:b] for a, b in pairwise(places)]
    assert data(*chunks) == ["\n".join(lines) for lines in events]


@settings(deadline=None)
@given(st.lists(st.binary(max_size=50), max_size=20))
def test_no_bytes_break_the_parser(chunks: list[bytes]) -> None:
    assert data(*chunks) == data(b"".join(chunks))


def test_a_line_without_end_is_refused() -> None:
    parser = SseParser(max_line_bytes=100)
    with pytest.raises(SseOverflow, match="line"):
        for _ in range(200):
            parser.feed(b"x")


def test_a_long_line_that_does_end_is_refused_too() -> None:
    with pytest.raises(SseOverflow, match="line"):
        SseParser(max_line_bytes=100).feed(b"data: " + b"x" * 100 + b"\n")


def test_an_event_without_end_is_refused() -> None:
    parser = SseParser(max_event_bytes=100)
    with pytest.raises(SseOverflow, match="event"):
        for _ in range(100):
            parser.feed(b"data: x\n")
