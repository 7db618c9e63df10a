"""Tasks edited by hand over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.unit.api_world import ApiWorld, problem_of


@pytest.fixture
async def guest() -> AsyncIterator[httpx.AsyncClient]:
    world = ApiWorld()
    async with world.guest() as client:
        made = await client.post("/api/sessions", json={"title": "Home"})
        client.base_url = client.base_url.join(f"/api/sessions/{made.json()['id']}/")
        yield client
    world.close()


async def test_a_task_is_added_changed_and_deleted(guest):
    added = await guest.post("tasks", json={"title": "Buy milk", "priority": "high"})
    done = await guest.patch("tasks/1", json={"status": "completed"})
    listed = await guest.get("tasks")
    deleted = await guest.delete("tasks/1")
    again = await guest.delete("tasks/1")

    assert added.status_code == 201
    assert added.json()["priority"] == "high"
    assert done.json()["status"] == "completed" and done.json()["title"] == "Buy milk"
    assert [task["id"] for task in listed.json()["tasks"]] == [1]
    assert deleted.status_code == 204
    problem_of(again, "not_found")


async def test_a_due_date_is_given_in_words_and_taken_away_with_null(guest):
    added = await guest.post("tasks", json={"title": "Call", "due": "tomorrow at 5pm"})
    taken = await guest.patch("tasks/1", json={"due": None})
    wrong = await guest.patch("tasks/1", json={"due": "when pigs fly"})

    assert added.json()["dueAt"].endswith("T17:00:00.000Z") and added.json()["dueHasTime"]
    assert taken.status_code == 200
    problem_of(wrong, "invalid_input")


async def test_undo_takes_the_last_change_back(guest):
    await guest.post("tasks", json={"title": "Buy milk"})
    await guest.delete("tasks/1")

    back = await guest.post("tasks/undo")

    assert [task["title"] for task in back.json()["tasks"]] == ["Buy milk"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "title"),
        ({"title": ""}, "title"),
        ({"title": "two\nlines"}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"title": "x", "priority": "urgent"}, "priority"),
        ({"title": "x", "due": 5}, "due"),
        ({"title": "x", "status": "pending"}, "status"),
        ({"title": "x", "id": 7}, "id"),
    ],
)
async def test_a_task_that_breaks_a_rule_is_refused(guest, body, field):
    answer = await guest.post("tasks", json=body)

    assert [each["field"] for each in problem_of(answer, "invalid_input")["errors"]] == [field]


@pytest.mark.parametrize(
    "body", [{}, {"title": None}, {"status": None}, {"status": "done"}, {"unknown": 1}, []]
)
async def test_a_change_that_says_nothing_or_too_much_is_refused(guest, body):
    await guest.post("tasks", json={"title": "Buy milk"})

    problem_of(await guest.patch("tasks/1", json=body), "invalid_input")


@pytest.mark.parametrize("task_id", ["0", "99999999999"])
async def test_a_task_number_is_a_small_whole_number(guest, task_id):
    problem_of(await guest.delete(f"tasks/{task_id}"), "invalid_input")


@pytest.mark.parametrize("task_id", ["-1", "x", "1.5", "1e3", "9" * 5_000])
async def test_what_is_no_number_names_no_task(guest, task_id):
    answer = await guest.delete(f"tasks/{task_id}")

    assert answer.status_code in (404, 413)


async def test_an_unknown_task_is_not_found(guest):
    problem_of(await guest.patch("tasks/9", json={"title": "x"}), "not_found")
