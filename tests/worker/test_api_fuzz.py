"""The API on the real runtime keeps to its description, whatever is sent (schemathesis).

A few requests for each operation: the same application is asked many more in memory, where they
cost less (`tests/unit/test_api_contract.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
import schemathesis
from schemathesis import Case

from tests.harness.worker import KillableWorker
from tests.unit.api_description import CONFIG, KEPT, always_the_same, send_to
from tests.unit.api_world import ApiWorld

SAME_SESSION = {"idempotency-key": "contract"}
"""Gives one session again and again, or begins it anew when a request has deleted it."""

DESCRIPTION = ApiWorld().app.openapi()

schema = schemathesis.openapi.from_dict(DESCRIPTION, config=CONFIG)


@pytest.fixture(scope="module")
def guest(offline_worker: KillableWorker) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=offline_worker.url, timeout=60) as client:
        client.get("/api/me").raise_for_status()
        yield client


def test_the_runtime_gives_the_same_description(guest: httpx.Client) -> None:
    assert guest.get("/openapi.json").json() == DESCRIPTION


def session_of(guest: httpx.Client) -> str:
    """The session that requests are sent to; begun anew when one of them has deleted it."""
    made = guest.post("/api/chat", json={"message": "Add task: a"}, headers=SAME_SESSION)
    assert made.is_success, made.text
    session_id: str = made.json()["sessionId"]
    return session_id


@schema.parametrize()
@always_the_same(examples=6)
def test_an_operation_answers_as_it_is_described(case: Case, guest: httpx.Client) -> None:
    send_to(session_of(guest) if "session" in case.path else "ses_none", case)
    cookie = "; ".join(f"{name}={value}" for name, value in guest.cookies.items())

    response = case.call(base_url=str(guest.base_url), headers={"cookie": cookie}, timeout=60)

    case.validate_response(response, checks=KEPT)
