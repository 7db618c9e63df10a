"""`scripts/benchmarks`: what the measurements rest on, without a Worker."""

from pathlib import Path

import pytest

from benchmarks.http_client import complete_answer
from benchmarks.report import Aim, table
from benchmarks.samples import percentile, times
from benchmarks.socket_client import end_of_turn, text_frame
from benchmarks.worker_config import Module, WorkerConfig


def test_an_answer_of_known_length_is_complete_when_all_of_it_has_come() -> None:
    head = b"HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\n"
    assert complete_answer(head + b"hel") is None
    answer = complete_answer(head + b"hello")
    assert answer is not None
    assert (answer.status, answer.body) == (201, b"hello")


def test_an_answer_in_chunks_is_put_together() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert complete_answer(head + b"5\r\nhello\r\n") is None
    answer = complete_answer(head + b"5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n")
    assert answer is not None
    assert answer.body == b"hello!"


def test_a_turn_ends_with_the_frame_of_its_own_request() -> None:
    other = b'\x81\x2a{"type":"x","id":"b-1-","body":"","done":true}'
    own = b'\x81\x2a{"body":"","done":true,"id":"a-1-","type":"x"}'
    assert end_of_turn(other, b"a-1-") is None
    assert end_of_turn(other + own, b"a-1-") == own[2:]


def test_words_that_look_like_the_end_of_a_turn_do_not_end_it() -> None:
    chunk = b'{"id":"a-1-","body":"{\\"delta\\":\\"{\\\\\\"done\\\\\\":true}\\"}","done":false}'
    assert end_of_turn(chunk, b"a-1-") is None


@pytest.mark.parametrize(("length", "head"), [(5, 6), (126, 8), (70_000, 14)])
def test_a_frame_says_how_long_its_text_is(length: int, head: int) -> None:
    frame = text_frame("x" * length)
    assert len(frame) == head + length
    assert frame[:1] == b"\x81"


def test_a_percentile_is_a_measured_value() -> None:
    values = [5.0, 1.0, 3.0, 2.0, 4.0]
    assert percentile(values, 50) == 3.0
    assert percentile(values, 95) == 5.0
    assert times(5.0, 2.0) == "×2.5"


def test_an_aim_tells_whether_it_was_reached() -> None:
    assert Aim(what="rows", measured=4, limit=4, unit="").reached
    assert Aim(what="rows", measured=4.1, limit=4, unit="").line().startswith("MISSED")


def test_a_table_has_its_columns_below_each_other() -> None:
    assert table(["a", "bb"], [["long", "1"]]) == "a     bb\nlong   1"


def test_a_configuration_names_files_as_they_lie_to_its_folder(tmp_path: Path) -> None:
    config = WorkerConfig(
        modules=(Module(name="w.mjs", kind="esModule", file=tmp_path / "src" / "w.mjs"),),
        flags=("experimental",),
        date="2026-11-01",
        objects={"CHAT": "Chat"},
        settings={"ANSWER": 'say "yes"'},
    )
    text = config.text(folder=tmp_path / "run", port=8861, state=tmp_path / "state")
    assert '(name = "w.mjs", esModule = embed "../src/w.mjs")' in text
    assert '(name = "CHAT", durableObjectNamespace = "Chat")' in text
    assert r'(name = "ANSWER", text = "say \"yes\"")' in text
