"""Kill -9 of the runtime at random moments of 200 turns of several clients, then the account.

Half of the sessions belong to an account, which pays: the ledger is audited when all is over.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect

from _lib.local_database import database_file
from _lib.local_runtime import LocalRuntime
from littoral import wire
from littoral.credits.audit import audit
from tests.fakes.database import FakeDatabase
from tests.fakes.paced_ai import HOLD, PacedAi
from tests.harness.project_copy import make_project_copy
from tests.harness.worker import KillableWorker
from tests.worker.load.account import Counts, Said, SessionAccount
from tests.worker.load.charges import charge_problems
from tests.worker.load.clients import (
    Client,
    HttpClient,
    Shore,
    SocketClient,
    StreamingHttpClient,
)

SEED = 20261121
TURNS = 200
KILLS = 10
WAIT_SECONDS = 90.0
LOOK_SECONDS = 0.3
LEFT_ALONE = f"{HOLD}nobody comes back for this one"

# Who talks in which session; two of the sessions have two clients at once.
CROWD: tuple[tuple[type[Client], ...], ...] = (
    (HttpClient, SocketClient),
    (StreamingHttpClient, SocketClient),
    (HttpClient,),
    (StreamingHttpClient,),
    (SocketClient,),
    (SocketClient,),
)


@pytest.fixture
def paced_ai() -> Iterator[PacedAi]:
    ai = PacedAi()
    ai.start()
    yield ai
    ai.close()


@pytest.fixture
def server(runtime: LocalRuntime, paced_ai: PacedAi, tmp_path: Path) -> Iterator[KillableWorker]:
    """A worker of this test alone, answered by the slow double."""
    settings = {"RATE_LIMITS": "paid-turn=10000/60, costly=10000/60"}
    copy = make_project_copy(tmp_path / "project", settings=settings, script_url=paced_ai.url)
    worker = KillableWorker(runtime, copy, scratch=tmp_path)
    worker.start()
    yield worker
    worker.stop()


async def test_after_kills_every_message_is_there_once_and_every_turn_has_ended(
    server: KillableWorker, paced_ai: PacedAi, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dice = random.Random(SEED)
    up = asyncio.Event()
    up.set()
    shore = Shore(url=server.url, up=up, counts=Counts(), random=dice, ended=asyncio.Condition())
    payer = await sign_up(server.url)
    cookies = [payer if at % 2 else await guest(server.url) for at in range(len(CROWD))]
    accounts = [await begin_session(server.url, cookie) for cookie in cookies]
    clients = [
        kind(f"{kind.__name__}-{at}.{number}", shore, account)
        for at, (kinds, account) in enumerate(zip(CROWD, accounts, strict=True))
        for number, kind in enumerate(kinds)
    ]
    alone, asked = await leave_alone(server.url, paced_ai, payer)

    killer = asyncio.create_task(kill_now_and_then(server, shore))
    async with asyncio.TaskGroup() as crowd:
        for client in clients:
            crowd.create_task(client.talk(TURNS // len(clients)))
    await killer
    await asked

    # Nobody has asked for this session again: the object's alarm woke it.
    await asyncio.to_thread(paced_ai.wait_for_calls_about, LEFT_ALONE, 2, WAIT_SECONDS)
    problems: list[str] = []
    for account in [*accounts, alone]:
        problems += await settle(server.url, account, shore.counts)
    for client in clients:
        if isinstance(client, SocketClient):
            await client.close()
    await until_settled(server.url, payer)
    server.stop()
    problems += await book_problems(tmp_path, [*accounts, alone])
    with capsys.disabled():
        print(f"\n{shore.counts.lines()}")

    assert problems == []
    assert shore.counts.kills == KILLS
    assert shore.turns_ended == TURNS


async def guest(url: str) -> str:
    """The cookie of a guest whom nobody has seen before."""
    async with httpx.AsyncClient(base_url=url, timeout=60) as http:
        await http.get("/api/me")
        return _cookies(http)


async def sign_up(url: str) -> str:
    """The cookie of a new account."""
    async with httpx.AsyncClient(base_url=url, timeout=60) as http:
        made = await http.post("/api/signup", json={"email": "ada@example.com", "name": "Ada"})
        assert made.status_code == 201, made.text
        return _cookies(http)


def _cookies(http: httpx.AsyncClient) -> str:
    return "; ".join(f"{name}={value}" for name, value in http.cookies.items())


async def begin_session(url: str, cookie: str) -> SessionAccount:
    """A new session of theirs."""
    async with httpx.AsyncClient(base_url=url, headers={"cookie": cookie}, timeout=60) as http:
        begun = await http.post("/api/sessions", json={})
        return SessionAccount(session_id=begun.json()["id"], cookie=cookie)


async def until_settled(url: str, cookie: str) -> None:
    """Waits until no credits are set aside: every turn has ended and was settled."""
    async with httpx.AsyncClient(base_url=url, headers={"cookie": cookie}, timeout=60) as http:
        for _ in range(int(WAIT_SECONDS / LOOK_SECONDS)):
            if not (await http.get("/api/credits")).json()["reserved"]:
                return
            await asyncio.sleep(LOOK_SECONDS)
    raise AssertionError(f"credits are still set aside after {WAIT_SECONDS} s")


async def book_problems(tmp_path: Path, accounts: list[SessionAccount]) -> list[str]:
    """What the audit finds in the database's file, and answers that were not charged once."""
    database = FakeDatabase(database_file(tmp_path / "state", "littoral"))
    problems = [f"{each.what}: {each.row}" for each in await audit(database)]
    for account in accounts:
        problems += await charge_problems(database, account.session_id, account.messages)
    (paid,) = await database.rows("SELECT count(*) FROM usage WHERE cost > 0")
    return problems if paid[0] else [*problems, "nothing was charged at all"]


async def leave_alone(
    url: str, ai: PacedAi, cookie: str
) -> tuple[SessionAccount, asyncio.Task[None]]:
    """Begins a turn that the first kill is sure to meet, and whose client never comes back."""
    account = await begin_session(url, cookie)
    account.said.append(Said(client="alone", text=LEFT_ALONE, acknowledged=True))

    async def ask_once() -> None:
        body = {"message": LEFT_ALONE, "sessionId": account.session_id}
        async with httpx.AsyncClient(timeout=600, headers={"cookie": account.cookie}) as http:
            with pytest.raises(httpx.TransportError):
                await http.post(f"{url}/api/chat", json=body)

    asked = asyncio.create_task(ask_once())
    await asyncio.to_thread(ai.wait_for_calls_about, LEFT_ALONE, 1, WAIT_SECONDS)
    return account, asked


async def kill_now_and_then(server: KillableWorker, shore: Shore) -> None:
    """Kills `KILLS` times, spread over the turns, at a random moment of each stretch."""
    for number in range(KILLS):
        await shore.until_turns((number + 1) * TURNS // (KILLS + 1))
        await asyncio.sleep(shore.random.uniform(0.0, 0.8))
        shore.up.clear()
        await asyncio.to_thread(server.kill9)
        await asyncio.to_thread(server.start)
        shore.counts.kills += 1
        shore.up.set()


async def settle(url: str, account: SessionAccount, counts: Counts) -> list[str]:
    """Waits until the session is idle and gives what is wrong with it."""
    await until_idle(url, account)
    async with httpx.AsyncClient(
        base_url=f"{url}/api/sessions/{account.session_id}",
        headers={"cookie": account.cookie},
        timeout=60,
    ) as http:
        messages = await all_messages(http)
        tasks = (await http.get("/tasks")).json()["tasks"]
    account.messages = messages
    outcomes = [(message.get("metadata") or {}).get("outcome") for message in messages]
    counts.completed += outcomes.count("completed")
    counts.failed += outcomes.count("failed")
    counts.messages += sum(message["role"] == "user" for message in messages)
    counts.tasks += len(tasks)
    return [f"{account.session_id}: {each}" for each in account.problems(messages, tasks)]


async def until_idle(url: str, account: SessionAccount) -> None:
    """Listens to every stream that still runs; returns when the agent says that none does."""
    address = f"ws{url.removeprefix('http')}/agents/task-agent/{account.session_id}?_pk=settle"
    probe = json.dumps({"type": wire.STREAM_RESUME_REQUEST, "probeId": "settle"})
    async with connect(
        address, additional_headers={"cookie": account.cookie}, max_size=None
    ) as socket:
        await socket.send(probe)
        async with asyncio.timeout(WAIT_SECONDS):
            async for text in socket:
                frame = json.loads(text)
                if frame["type"] == wire.STREAM_RESUME_NONE:
                    return
                if frame["type"] == wire.STREAM_RESUMING:
                    ack = {"type": wire.STREAM_RESUME_ACK, "id": frame["id"]}
                    await socket.send(json.dumps(ack))
                if frame["type"] == wire.CHAT_RESPONSE and frame["done"]:
                    await socket.send(probe)


async def all_messages(http: httpx.AsyncClient) -> list[dict[str, Any]]:
    """The whole transcript, page by page."""
    messages: list[dict[str, Any]] = []
    before: str | None = None
    while True:
        page = await http.get("/messages", params={"before": before} if before else {})
        messages = [*page.json()["messages"], *messages]
        before = page.json()["before"]
        if before is None:
            return messages
