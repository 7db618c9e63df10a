"""`scripts/load`: mixes, turns, what counts as an error, and when memory is flat."""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from _lib.load.client import Client, Refused, Untrue, require
from _lib.load.drive import Drive
from _lib.load.flatness import Sample, judge
from _lib.load.options import read_mix, read_options
from _lib.load.processes import Server as Processes
from _lib.load.processes import memory_of, server_of
from _lib.load.report import errors_text, memory_table, surfaces_table
from _lib.load.surfaces import SURFACES
from _lib.load.tally import Tally, code_of
from _lib.load.watch import Look

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Server:
    """A tiny server that plays its answers, the last one again and again."""

    def __init__(self, *answers: tuple[int, bytes, dict[str, str]]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        self.asked.append(f"{scope['method']} {scope['path']}")
        status, body, headers = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": body})


def client_of(server: Server) -> Client:
    transport = httpx.ASGITransport(server)
    return Client("http://load.test", "lit_x", connections=2, transport=transport)


class Steps:
    """A surface whose operations take a turn of the loop or fail, as a test says."""

    needs = "/steps"

    def __init__(self, at_once: int = 4, errors: dict[int, Exception] | None = None) -> None:
        self.at_once = at_once
        self.most = self.now = 0
        self.numbers: list[int] = []
        self.said: list[str] = []
        self._errors = errors or {}

    async def prepare(self, client: Client) -> None:
        self.said.append("prepared")

    async def once(self, client: Client, number: int) -> None:
        self.now += 1
        self.most = max(self.most, self.now)
        self.numbers.append(number)
        await asyncio.sleep(0.001)
        self.now -= 1
        if error := self._errors.get(len(self.numbers)):
            raise error

    async def finish(self, client: Client) -> None:
        self.said.append("finished")


def options(*arguments: str) -> Any:
    return read_options([*arguments], tuple(SURFACES))


def test_a_mix_is_read() -> None:
    known = ("chat", "runs")
    assert read_mix("chat=40, runs=5", known) == {"chat": 40, "runs": 5}
    assert read_mix("chat=1,runs=0", known) == {"chat": 1}
    for bad in ("chat", "chat=x", "talk=1", "chat=-1", "chat=0", ""):
        with pytest.raises(argparse.ArgumentTypeError):
            read_mix(bad, known)


def test_every_surface_has_a_share_unless_somebody_says_otherwise() -> None:
    assert set(options().mix) == set(SURFACES)
    assert options("--mix", "runs=1", "--seconds", "5").mix == {"runs": 1}


@pytest.mark.parametrize("bad", [["--seconds", "0"], ["--clients", "1000"], ["--mix", "x=1"]])
def test_what_cannot_be_done_is_refused(bad: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        options(*bad)
    assert "usage" in capsys.readouterr().err


async def test_clients_take_turns_and_no_surface_is_crowded() -> None:
    client = client_of(Server((200, b"{}", {})))
    few, many = Steps(at_once=1), Steps(at_once=9)
    drive = Drive(client, {"few": few, "many": many}, {"few": 1, "many": 9}, seed=1)
    await drive.prepare()
    await drive.run(options("--seconds", "1", "--clients", "6"))
    await drive.finish()
    assert few.most == 1 and 1 < many.most <= 6
    assert len(many.numbers) > 2 * len(few.numbers) > 0
    numbers = few.numbers + many.numbers
    assert len(set(numbers)) == len(numbers)
    assert drive.tally.done == len(numbers) and drive.tally.failed == 0
    assert few.said == ["prepared", "finished"]
    await client.http.aclose()


async def test_errors_are_counted_by_code_and_the_drive_goes_on() -> None:
    client = client_of(Server((200, b"{}", {})))
    errors: dict[int, Exception] = {
        1: Refused("conflict", "no"),
        2: Untrue("wrong"),
        3: httpx.ConnectError("gone"),
        4: httpx.ReadTimeout("late"),
        5: KeyError("x"),
    }
    steps = Steps(errors=errors)
    drive = Drive(client, {"steps": steps}, {"steps": 1}, seed=1)
    await drive.run(options("--seconds", "1", "--clients", "1"))
    found = drive.tally.surfaces["steps"].errors
    assert set(found) == {"conflict", "untrue", "connection", "timeout", "broken_KeyError"}
    assert drive.tally.done > 5
    text = errors_text(drive.tally)
    assert "steps: untrue" in text and "Untrue: wrong" in text
    await client.http.aclose()


def test_what_happened_has_a_code() -> None:
    assert code_of(TimeoutError()) == "timeout"
    with pytest.raises(Untrue, match="must be 1: 2"):
        require(False, "must be 1", 2)


async def test_a_limit_that_says_when_is_waited_for() -> None:
    limited = b'{"code": "rate_limited", "detail": "slow"}'
    server = Server((429, limited, {"retry-after": "0.01"}), (200, b'{"a": 1}', {}))
    client = client_of(server)
    assert await client.ask("GET", "/x") == {"a": 1}
    assert (client.waited, len(server.asked)) == (1, 2)
    await client.http.aclose()


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (402, b'{"code": "insufficient_credits", "detail": "x"}', "insufficient_credits"),
        (429, b'{"code": "budget_exceeded", "detail": "x"}', "budget_exceeded"),
        (500, b"<html>", "http_500"),
        (400, b"[]", "http_400"),
    ],
)
async def test_other_refusals_are_errors(status: int, body: bytes, code: str) -> None:
    client = client_of(Server((status, body, {})))
    with pytest.raises(Refused) as raised:
        await client.ask("GET", "/x")
    assert raised.value.code == code
    await client.http.aclose()


async def test_the_key_that_was_made_is_ended() -> None:
    server = Server((204, b"", {}))
    client = client_of(server)
    client.key_id = "key_1"
    await client.close()
    assert server.asked == ["DELETE /api/keys/key_1"]


def curve(*megabytes: float, seconds: float = 300.0) -> list[Sample]:
    step = seconds / (len(megabytes) - 1)
    return [Sample(at=at * step, megabytes=each) for at, each in enumerate(megabytes)]


def test_a_server_that_warms_up_and_then_stays_is_flat() -> None:
    assert judge(curve(*range(300, 700, 40), *[700] * 20)).flat is True


def test_a_saw_is_flat() -> None:
    assert judge(curve(*[500 + 200 * (n % 5) / 5 for n in range(60)])).flat is True


def test_a_leak_is_not_flat() -> None:
    verdict = judge(curve(*[500 + 10 * n for n in range(60)]))
    assert verdict.flat is False and "NOT FLAT" in verdict.words


def test_too_little_is_not_judged() -> None:
    assert judge([]).flat is None
    assert judge(curve(1, 2, 3)).flat is None
    assert judge(curve(*[500] * 40, seconds=30)).flat is None


def test_memory_is_that_of_a_process_and_its_children() -> None:
    program = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    process = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE)
    try:
        while (found := memory_of(Processes(tops=(process.pid,)))).processes < 2:
            assert process.poll() is None
        assert found.megabytes["python"] > 5
    finally:
        process.communicate(b"\n")
    assert memory_of(Processes(tops=(process.pid,))).processes == 0
    assert server_of(1) is None


def test_the_report_is_plain_tables() -> None:
    tally = Tally()
    tally.surfaces["chat"].seconds += [0.1, 0.2, 0.3]
    tally.surfaces["runs"].fail(TimeoutError())
    text = surfaces_table(tally, 10.0)
    assert "0.30" in text and "200" in text and "—" in text
    looks = [
        Look(at=float(at), megabytes={"workerd": 500.0 + at}, processes=3, done=at, failed=0)
        for at in range(100)
    ]
    lines = memory_table(looks).splitlines()
    assert len(lines) == 13 and lines[-1].split()[:2] == ["99", "599"]
    assert "not of this machine" in memory_table([])
