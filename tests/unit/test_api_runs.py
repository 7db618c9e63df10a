"""Routes of runs: who may, what is refused, what a stream says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from littoral.api.event_feed import follow
from littoral.errors import DependencyUnavailable
from tests.unit.api_world import ApiWorld, problem_of


@pytest.fixture
def world() -> Iterator[ApiWorld]:
    made = ApiWorld()
    yield made
    made.close()


@pytest.fixture
async def user(world: ApiWorld) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody with an account."""
    async with world.visitor() as visitor:
        made = await visitor.post("/api/signup", json={"email": "a@b.cd", "name": "A"})
    async with world.visitor() as client:
        client.headers["x-api-key"] = made.json()["apiKey"]
        yield client


async def test_a_guest_has_no_runs(world: ApiWorld) -> None:
    async with world.guest() as guest:
        refused = await guest.post("/api/orchestrator", json={"command": "true"})
        problem_of(refused, "not_authenticated")
        problem_of(await guest.get("/api/orchestrator/runs"), "not_authenticated")
        assert (await guest.get("/api/orchestrator")).json()["status"] == "ok"


async def test_a_run_is_accepted_once_for_a_key(user: httpx.AsyncClient) -> None:
    headers = {"idempotency-key": "k"}
    first = await user.post("/api/orchestrator", json={"command": "true"}, headers=headers)
    again = await user.post("/api/orchestrator", json={"command": "true"}, headers=headers)

    assert first.status_code == 202
    assert first.json() == again.json()
    run = (await user.get(f"/api/orchestrator/runs/{first.json()['runId']}")).json()
    assert (run["status"], run["input"]["command"]) == ("queued", "true")
    listed = (await user.get("/api/orchestrator/runs?q=TRUE")).json()["runs"]
    assert [each["id"] for each in listed] == [run["id"]]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"command": "true", "task": "x"},
        {"command": ""},
        {"command": "true", "timeoutSeconds": 0},
        {"command": "true", "timeoutSeconds": "5"},
        {"command": "true", "surprise": 1},
        {"command": "true", "network": ["http://x y"]},
        {"command": "true", "maxCredits": 0.001},
    ],
)
async def test_a_bad_request_is_refused_with_the_field(
    user: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    problem_of(await user.post("/api/orchestrator", json=body), "invalid_input")


async def test_a_list_by_an_unknown_state_or_cursor_is_refused(user: httpx.AsyncClient) -> None:
    for query in ("status=odd", "cursor=abc"):
        problem_of(await user.get(f"/api/orchestrator/runs?{query}"), "invalid_input")


async def test_only_listed_artifacts_can_be_fetched(
    world: ApiWorld, user: httpx.AsyncClient
) -> None:
    made = await user.post("/api/orchestrator", json={"command": "true"})
    run_id = made.json()["runId"]
    path = f"/api/orchestrator/runs/{run_id}/artifacts"

    problem_of(await user.get(f"{path}/../../x/marks"), "not_found")
    problem_of(await user.get(f"{path}/secret"), "not_found")


class Scripted:
    """A remote that gives pages one after the other; an exception is raised."""

    def __init__(self, *pages: Any) -> None:
        self.pages = list(pages)
        self.asked: list[int] = []

    async def call(self, method: str, arguments: Any = None) -> Any:
        self.asked.append(arguments["since"])
        page = self.pages.pop(0)
        if isinstance(page, Exception):
            raise page
        return page


def page(*numbers: int, following: int, ended: bool = False) -> dict[str, Any]:
    events = [{"number": number, "type": "run.x"} for number in numbers]
    return {"events": events, "next": following, "ended": ended}


async def test_a_stream_goes_on_over_silence_and_failures_and_ends_after_the_last() -> None:
    lost = DependencyUnavailable("gone")
    remote = Scripted(
        page(following=2), lost, page(3, following=3), page(4, following=4, ended=True)
    )
    first = page(1, 2, following=2)
    said = [part.decode() async for part in follow(remote, "run.wait", {"runId": "r"}, first)]

    ids = [part.split("\n")[0] for part in said if part.startswith("id")]
    assert ids == ["id: 1", "id: 2", "id: 3", "id: 4"]
    assert remote.asked == [2, 2, 2, 3]
    assert ": waiting\n\n" in said


async def test_a_stream_whose_object_stays_away_is_ended_for_the_client_to_come_again() -> None:
    remote = Scripted(*[DependencyUnavailable("gone")] * 9)
    said = [part async for part in follow(remote, "run.wait", {"runId": "r"}, page(following=0))]

    assert len(remote.pages) == 5
    assert all(part.startswith(b":") for part in said)
