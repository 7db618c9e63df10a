"""Terminals on the real runtime with real sandboxes: who gets in, what they may, what is kept."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from tests.harness.fixtures import MakeKillable
from tests.harness.worker import Worker
from tests.unit.api_world import problem_of
from tests.worker.terminal_socket import (
    WAIT_SECONDS,
    Owner,
    Shore,
    new_account,
    opened,
)

REFUSED = 1008
GONE = 4410
AWAY = 4503


@pytest.fixture(scope="module")
def shore(worker: Worker) -> Shore:
    return Shore.begin(worker.url)


@pytest.fixture
async def owner(shore: Shore) -> AsyncIterator[Owner]:
    """The owner of the session; whatever shell a test leaves is ended after it."""
    async with shore.owner() as owner:
        yield owner
        await owner.end_shell()


async def refusal(url: str, **how: str | None) -> str:
    """The reason for which a socket at this url is closed at once."""
    async with opened(url, **how) as socket:  # type: ignore[arg-type]
        code, reason = await socket.end()
    assert code == REFUSED
    assert socket.output == b""
    return reason


async def test_a_ticket_opens_a_shell_in_the_sandbox(owner: Owner) -> None:
    async with owner.terminal(query="&cols=100&rows=30&restart=1") as socket:
        assert socket.raw.subprotocol == "tty"
        await socket.run("echo $((6*7)) in $PWD; stty size; id -un", "30 100\r\nsandbox")

        assert b"42 in /workspace" in socket.output


async def test_a_ticket_opens_nothing_twice(owner: Owner) -> None:
    url = await owner.ticket()
    async with opened(url) as socket:
        await socket.until(lambda: "s" in socket.told)

        assert await refusal(url) == "This ticket has been used already."


async def test_of_ten_who_show_a_ticket_at_once_one_gets_in(owner: Owner) -> None:
    url = await owner.ticket()

    async def show() -> bool:
        async with opened(url) as socket:
            try:
                await socket.until(lambda: "s" in socket.told)
            except ConnectionClosed:
                return False
            return True

    assert sorted(await asyncio.gather(*(show() for _ in range(10)))) == [False] * 9 + [True]


async def test_a_page_of_another_origin_opens_nothing(owner: Owner) -> None:
    here = owner.url
    own = await owner.ticket(headers={"origin": here})
    programs = await owner.ticket()

    assert "another origin" in await refusal(own, origin="https://evil.test")
    assert "another origin" in await refusal(own, origin=None)
    assert "another origin" in await refusal(programs, origin=here)
    async with opened(await owner.ticket(headers={"origin": here}), origin=here) as socket:
        await socket.until(lambda: "s" in socket.told)


async def test_the_ticket_of_somebody_else_opens_nothing(owner: Owner) -> None:
    async with new_account(owner.url) as eve:
        key = eve.headers["x-api-key"]
        problem_of(await eve.post(f"{owner.path}/terminal-ticket", json={}), "not_found")
        for answer in (
            await eve.get(f"{owner.path}/shares"),
            await eve.post(f"{owner.path}/shares", json={}),
            await eve.delete(f"{owner.path}/shares/shr_guess"),
        ):
            problem_of(answer, "not_found")

        assert "somebody else" in await refusal(await owner.ticket(), key=key)


async def test_a_ticket_is_for_one_session(owner: Owner) -> None:
    url = await owner.ticket()

    other = url.replace(owner.session_id, "box_another")

    assert "another session" in await refusal(other)


@pytest.mark.parametrize("text", ["", "tkt_forged", "tkt_" + "A" * 60 + "." + "B" * 43])
async def test_what_is_no_ticket_opens_nothing(owner: Owner, text: str) -> None:
    url = f"ws{owner.url.removeprefix('http')}{owner.path}/terminal?ticket={text}"

    assert "needs a ticket" in await refusal(url)


async def test_without_an_upgrade_the_address_says_what_it_is(owner: Owner) -> None:
    problem_of(await owner.http.get(f"{owner.path}/terminal"), "bad_request")


async def test_a_read_only_viewer_sees_and_types_nothing(owner: Owner) -> None:
    async with owner.terminal() as mine, owner.terminal(readOnly=True) as theirs:
        await mine.run("echo re''ady", "ready")
        await theirs.until_output("ready")
        assert theirs.told["s"][0]["readOnly"] is True

        await theirs.type("echo in''truder\r")
        await theirs.raw.send('1{"columns":20,"rows":5}')
        await theirs.raw.send('{"AuthToken":"","columns":20,"rows":5}')
        await mine.run("stty size; echo do''ne", "done")
        await theirs.until_output("done")

        assert b"24 80" in theirs.output
        assert b"intruder" not in theirs.output


async def test_a_query_makes_no_writer_of_a_read_only_viewer(owner: Owner) -> None:
    async with owner.terminal() as mine:
        await mine.run("echo re''ady", "ready")
        async with owner.terminal(query="&readonly=0&restart=1", readOnly=True) as theirs:
            await theirs.until_output("ready")
            await theirs.type("echo in''truder\r")
            await mine.run("echo do''ne", "done")

            assert b"intruder" not in mine.output


async def test_a_share_shows_the_terminal_until_it_is_revoked(owner: Owner) -> None:
    async with owner.terminal() as mine, httpx.AsyncClient(base_url=owner.url, timeout=60) as http:
        await mine.run("echo re''ady", "ready")
        share = (await owner.http.post(f"{owner.path}/shares", json={"name": "demo"})).json()
        body = {"share": share["url"].partition("#share=")[2]}
        given = await http.post("/api/orchestrator/shared/terminal-ticket", json=body)
        waiting = await http.post("/api/orchestrator/shared/terminal-ticket", json=body)
        async with opened(given.json()["url"]) as theirs:
            await theirs.until_output("ready")

            await owner.http.delete(f"{owner.path}/shares/{share['id']}")

            assert (await theirs.end())[0] == GONE
        assert "no longer shared" in await refusal(waiting.json()["url"])
        again = await http.post("/api/orchestrator/shared/terminal-ticket", json=body)
        problem_of(again, "not_found")
        await mine.run("echo still ''here", "still here")


async def test_the_end_of_a_key_ends_its_terminals(owner: Owner) -> None:
    made = (await owner.http.post("/api/keys", json={"name": "other"})).json()
    url = await owner.ticket(headers={"x-api-key": made["apiKey"]})
    async with owner.terminal() as mine, opened(url) as theirs:
        await theirs.run("echo re''ady", "ready")

        await owner.http.delete(f"/api/keys/{made['key']['id']}")

        assert (await theirs.end())[0] == GONE
        await mine.run("echo still ''here", "still here")


async def test_heartbeats_are_answered(owner: Owner) -> None:
    async with owner.terminal() as socket:
        await socket.raw.send("ping")
        await socket.until(lambda: socket.told.get("text") == ["pong"])


async def test_the_exit_code_is_told_and_a_new_shell_can_be_started(owner: Owner) -> None:
    async with owner.terminal() as socket:
        await socket.type("exit 7\r")
        assert (await socket.end())[0] == 1000
        assert socket.told["x"] == [{"exitCode": 7, "signal": None}]

    async with owner.terminal() as socket:
        await socket.run("echo be''gun", "begun")


async def test_a_stopped_session_has_no_terminal(worker: Worker) -> None:
    shore = await asyncio.to_thread(Shore.begin, worker.url)
    async with shore.owner() as owner:
        async with owner.terminal() as socket:
            await socket.run("echo re''ady", "ready")
            await owner.http.delete(owner.path)
            assert (await socket.end())[0] == AWAY

        problem_of(await owner.http.post(f"{owner.path}/terminal-ticket", json={}), "not_found")


async def test_after_the_death_of_the_sandbox_a_new_shell_is_there(owner: Owner) -> None:
    async with owner.terminal() as socket:
        await socket.run("echo re''ady", "ready")
        place = socket.place
        await socket.type("kill -9 $PPID\r")
        assert (await socket.end())[0] == AWAY

    async with asyncio.timeout(WAIT_SECONDS):
        while not await begins(owner, place):
            pass


async def begins(owner: Owner, place: str) -> bool:
    """Whether a shell of which nothing was seen yet is there; false while the sandbox is away."""
    async with owner.terminal(query=place) as socket:
        try:
            await socket.run("echo f''resh", "fresh")
        except ConnectionClosed as closed:
            assert closed.rcvd is not None
            assert closed.rcvd.code == AWAY
            return False
    assert socket.told["p"][0]["position"] == 0
    return True


async def test_ten_megabytes_come_in_order_and_what_is_missing_is_told(owner: Owner) -> None:
    async with owner.terminal() as socket:
        await socket.until(lambda: "p" in socket.told)
        await socket.raw.send(b"40")
        await socket.type("stty -onlcr; seq 1000000 2400000; echo do''ne\r")
        pieces, acknowledged = [b""], 0
        while b"done\n" not in pieces[-1][-200:]:
            skips, had = len(socket.told["p"]), len(socket.output)
            await socket.receive()
            pieces[-1] += socket.output[had:]
            if len(socket.told["p"]) > skips:
                pieces.append(b"")
            if len(socket.output) - acknowledged > 64 * 1024:
                acknowledged = len(socket.output)
                await socket.raw.send(b"4" + str(socket.position).encode())

    numbers = [list(map(int, re.findall(rb"(?<=\n)\d{7}(?=\n)", piece))) for piece in pieces]
    for run in numbers:
        assert run == list(range(run[0], run[0] + len(run)))
    flat = [number for run in numbers for number in run]
    assert flat == sorted(set(flat))
    assert flat[-1] == 2_400_000


async def test_a_shell_outlives_the_runtime_and_nothing_is_shown_twice(
    make_killable_worker: MakeKillable,
) -> None:
    server = make_killable_worker(offline=True)
    shore = await asyncio.to_thread(Shore.begin, server.url)
    async with shore.owner() as owner:
        async with owner.terminal() as before:
            await before.run("kept=alive; echo be''fore", "before")
            place = before.place

            await asyncio.to_thread(server.kill9)
            with pytest.raises(AssertionError, match="cut"):
                await before.end()
        await asyncio.to_thread(server.start)

        async with owner.terminal(query=place) as after:
            await after.run('echo "[$kept]"', "[alive]")

        assert after.told["p"][0]["skipped"] == 0
        assert b"before" not in after.output
        async with owner.terminal() as reloaded:
            await reloaded.until_output("[alive]")
            assert b"before" in reloaded.output
