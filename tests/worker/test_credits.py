"""Credits on the real runtime: turns are charged once, through any kill; without credits no model.

The proof is the database's file, read when the server is gone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from _lib.local_database import database_file
from littoral.credits.audit import Finding, Sums, audit, totals
from littoral.models.prices import cost_usd
from littoral.settings import DEFAULT_MODEL_ID
from tests.fakes.database import FakeDatabase
from tests.fakes.scripted_ai import Answer, ScriptedAi
from tests.harness.fixtures import MakeKillable
from tests.harness.worker import KillableWorker
from tests.unit.api_world import problem_of

WAIT_SECONDS = 90.0


@contextmanager
def account(worker: KillableWorker) -> Iterator[httpx.Client]:
    """A client with the key of a new account."""
    with httpx.Client(base_url=worker.url, timeout=60) as http:
        body = {"email": "ada@example.com", "name": "Ada"}
        made = http.post("/api/signup", json=body)
        assert made.status_code == 201, made.text
        http.cookies.clear()
        http.headers["x-api-key"] = made.json()["apiKey"]
        yield http


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.2)


def credits_of(http: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = http.get("/api/credits").json()
    return found


async def books(worker: KillableWorker, tmp_path: Path) -> tuple[list[Finding], Sums]:
    """What the audit says of the database's file, once the server is gone."""
    worker.stop()
    database = FakeDatabase(database_file(tmp_path / "killable-0" / "state", "littoral"))
    return await audit(database), await totals(database)


async def test_a_turn_is_paid_by_its_account_and_shows_in_the_usage(
    killable_worker: KillableWorker, ai: ScriptedAi, tmp_path: Path
) -> None:
    ai.answer(Answer(text="Nothing much", input_tokens=1_000, output_tokens=900))
    with account(killable_worker) as http:
        answer = http.post("/api/chat", json={"message": "What do you say?"})
        assert answer.status_code == 200, answer.text
        price = cost_usd(DEFAULT_MODEL_ID, 1_000, 900) * 100
        assert abs(answer.json()["credits"] - price) < 0.002
        until(lambda: credits_of(http)["reserved"] == 0)
        assert credits_of(http)["balance"] == 500 - answer.json()["credits"]
        (used,) = http.get("/api/usage").json()["rows"]
    assert (used["kind"], used["model"], used["outputTokens"]) == (
        "chat.turn",
        DEFAULT_MODEL_ID,
        900,
    )
    findings, sums = await books(killable_worker, tmp_path)
    assert findings == []
    assert sums.used == round(answer.json()["credits"] * 1_000)


async def test_without_credits_no_model_is_asked_and_commands_still_work(
    make_killable_worker: MakeKillable, ai: ScriptedAi
) -> None:
    worker = make_killable_worker(SIGNUP_CREDITS="0")
    with account(worker) as http:
        refused = http.post("/api/chat", json={"message": "What do you say?"})
        problem_of(refused, "insufficient_credits")
        done = http.post("/api/chat", json={"message": "Add task: Buy milk"}).json()
    assert [each["title"] for each in done["tasks"]] == ["Buy milk"]
    assert done["degraded"] is True
    assert "No model was asked" in done["degradedReason"]
    assert ai.calls == []


async def test_a_killed_turn_is_paid_once(
    killable_worker: KillableWorker, ai: ScriptedAi, tmp_path: Path
) -> None:
    held = Answer(text="one two three", hold_after=1)
    ai.answer(held, Answer(text="one two three", output_tokens=900))
    with account(killable_worker) as http:
        session_id = http.post("/api/sessions", json={}).json()["id"]
        body = {"message": "Count!", "sessionId": session_id}
        headers = {"idempotency-key": "count"}
        with ThreadPoolExecutor(max_workers=1) as pool:
            asked = pool.submit(
                httpx.post,
                f"{killable_worker.url}/api/chat",
                json=body,
                headers={**headers, "x-api-key": http.headers["x-api-key"]},
                timeout=60,
            )
            held.wait_until_held()
            killable_worker.kill9()
            assert isinstance(asked.exception(30), httpx.TransportError)
        held.release()
        killable_worker.start()
        again = http.post("/api/chat", json=body, headers=headers)
        assert again.json()["content"] == "one two three"
        until(lambda: credits_of(http)["reserved"] == 0)
        assert http.get("/api/usage").json()["totals"]["count"] == 1
    findings, sums = await books(killable_worker, tmp_path)
    assert findings == []
    assert sums.used == round(again.json()["credits"] * 1_000) > 0


async def test_a_free_turn_reaches_the_usage_by_itself(
    make_killable_worker: MakeKillable, tmp_path: Path
) -> None:
    worker = make_killable_worker(offline=True)
    with account(worker) as http:
        for text in ("Add task: Buy milk", "What do you say?"):
            assert http.post("/api/chat", json={"message": text}).status_code == 200
        until(lambda: http.get("/api/usage").json()["totals"]["count"] == 2)
        assert credits_of(http)["balance"] == 500
    findings, sums = await books(worker, tmp_path)
    assert (findings, sums.used) == ([], 0)
