"""Sessions by HTTP: whose they are, what is in them, and how they end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import pytest

from littoral.api.gateway import DependencyState
from tests.unit.api_world import ApiWorld, problem_of


@pytest.fixture
def world() -> Iterator[ApiWorld]:
    world = ApiWorld()
    yield world
    world.close()


async def say(client, message: str, **fields) -> dict:
    answer = await client.post("/api/chat", json={"message": message, **fields})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_message_begins_a_session_that_is_listed_at_once(world):
    async with world.guest() as guest:
        answer = await say(guest, "Add task: Buy milk")
        listed = (await guest.get("/api/sessions")).json()

    assert [task["title"] for task in answer["tasks"]] == ["Buy milk"]
    assert listed["cursor"] is None
    assert listed["sessions"][0] | {"createdAt": "", "updatedAt": ""} == {
        "id": answer["sessionId"],
        "title": "Buy milk",
        "createdAt": "",
        "updatedAt": "",
        "messageCount": 2,
        "openTaskCount": 1,
        "preview": answer["content"],
    }


async def test_curl_without_a_cookie_jar_goes_on_with_the_session_id_alone(world):
    async with world.visitor() as first, world.visitor() as second:
        begun = await say(first, "Add task: Buy milk")
        later = await say(second, "hello", sessionId=begun["sessionId"])

    assert begun["sessionId"].startswith("open_")
    assert later["sessionId"] == begun["sessionId"]
    assert len(later["tasks"]) == 1


async def test_an_open_session_gives_no_cookie_and_closes_when_its_guest_returns(world):
    async with world.visitor() as curl, world.visitor() as stranger:
        begun = await say(curl, "hello")
        path = f"/api/sessions/{begun['sessionId']}"
        open_to_id = await stranger.get(path)
        claimed = await curl.get(path)
        closed = await stranger.get(path)

    assert open_to_id.status_code == 200 and "set-cookie" not in open_to_id.headers
    assert claimed.status_code == 200
    problem_of(closed, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"title": "mine"}),
        ("DELETE", "", None),
        ("PATCH", "/preferences", {"timeZone": "Europe/Berlin"}),
        ("GET", "/messages", None),
        ("GET", "/events", None),
        ("GET", "/export", None),
        ("GET", "/approvals", None),
        ("POST", "/approvals/call_1", {"approved": True}),
        ("GET", "/tasks", None),
        ("POST", "/tasks", {"title": "x"}),
        ("POST", "/tasks/undo", None),
        ("PATCH", "/tasks/1", {"title": "x"}),
        ("DELETE", "/tasks/1", None),
    ],
)
async def test_a_session_of_somebody_else_is_not_there(world, method, path, body):
    async with world.guest() as owner, world.guest() as other, world.visitor() as stranger:
        mine = (await say(owner, "Add task: secret"))["sessionId"]
        as_other = await other.request(method, f"/api/sessions/{mine}{path}", json=body)
        as_stranger = await stranger.request(method, f"/api/sessions/{mine}{path}", json=body)
        kept = await owner.get(f"/api/sessions/{mine}")

    for answer in (as_other, as_stranger):
        problem_of(answer, "not_found")
        assert "secret" not in answer.text
    assert kept.json()["tasks"][0]["title"] == "secret"


async def test_a_stranger_wakes_no_object_by_guessing(world):
    async with world.visitor() as one, world.visitor() as two:
        await one.get("/api/sessions/ses_guess")
        await two.post("/api/chat", json={"message": "x", "sessionId": "ses_guess"})

    assert world.gateway.woken == []


async def test_somebody_new_has_no_sessions_and_wakes_no_object(world):
    world.gateway.out_of_reach |= {"sessions.list", "search"}
    async with world.visitor() as one, world.visitor() as two:
        listed = await one.get("/api/sessions")
        found = await two.get("/api/search?q=milk")

    assert listed.json() == {"sessions": [], "cursor": None}
    assert found.json() == {"results": []}
    assert listed.headers["set-cookie"]


async def test_chat_with_an_unknown_session_is_not_found(world):
    async with world.guest() as guest:
        answer = await guest.post("/api/chat", json={"message": "x", "sessionId": "ses_gone"})

    problem_of(answer, "not_found")


async def test_an_idempotency_key_gives_one_session_and_one_answer(world):
    async with world.guest() as guest:
        headers = {"idempotency-key": "k1"}
        first = await guest.post("/api/chat", json={"message": "Add task: a"}, headers=headers)
        again = await guest.post("/api/chat", json={"message": "Add task: a"}, headers=headers)
        listed = await guest.get("/api/sessions")

    assert first.json() == again.json()
    assert len(listed.json()["sessions"]) == 1


async def test_an_event_stream_ends_with_the_same_answer(world):
    async with world.guest() as guest:
        answer = await guest.post(
            "/api/chat", json={"message": "hi"}, headers={"accept": "text/event-stream"}
        )

    assert answer.headers["content-type"].startswith("text/event-stream")
    events = answer.text.strip().split("\n\n")
    name, _, data = events[0].partition("\n")
    assert name == "event: answer"
    assert json.loads(data.removeprefix("data: "))["outcome"] == "completed"
    assert events[-1] == "data: [DONE]"


async def test_a_session_is_created_renamed_and_deleted(world):
    async with world.guest() as guest:
        made = await guest.post("/api/sessions", json={"title": "Trip"})
        path = f"/api/sessions/{made.json()['id']}"
        renamed = await guest.patch(path, json={"title": "Long trip"})
        state = await guest.get(path)
        deleted = await guest.delete(path)
        gone = await guest.get(path)
        listed = await guest.get("/api/sessions")

    assert made.status_code == 201 and made.json()["title"] == "Trip"
    assert renamed.json()["title"] == "Long trip"
    assert state.json()["title"] == "Long trip"
    assert deleted.status_code == 204 and deleted.content == b""
    problem_of(gone, "not_found")
    assert listed.json()["sessions"] == []


async def test_a_session_may_begin_without_a_body(world):
    async with world.guest() as guest:
        made = await guest.post("/api/sessions")

    assert made.status_code == 201
    assert made.json()["id"].startswith("ses_")


async def test_a_deletion_that_was_cut_short_can_be_finished(world):
    async with world.guest() as guest:
        made = (await guest.post("/api/sessions", json={"title": "x"})).json()
        world.gateway.out_of_reach.add("sessions.removed")
        cut = await guest.delete(f"/api/sessions/{made['id']}")
        world.gateway.out_of_reach.clear()
        again = await guest.delete(f"/api/sessions/{made['id']}")
        listed = await guest.get("/api/sessions")

    problem_of(cut, "dependency_unavailable")
    problem_of(again, "not_found")
    assert listed.json()["sessions"] == []


async def test_a_session_whose_agent_failed_to_begin_is_not_listed(world):
    world.gateway.out_of_reach.add("session.create")
    async with world.guest() as guest:
        made = await guest.post("/api/sessions", json={"title": "x"})
        listed = await guest.get("/api/sessions")

    problem_of(made, "dependency_unavailable")
    assert listed.json()["sessions"] == []


async def test_a_guest_may_keep_so_many_sessions_and_no_more():
    world = ApiWorld(most_sessions=2)
    async with world.guest() as guest:
        made = [await guest.post("/api/sessions") for _ in range(3)]
    world.close()

    assert [each.status_code for each in made] == [201, 201, 409]
    assert "Delete sessions" in problem_of(made[2], "conflict")["nextStep"]


async def test_sessions_page_newest_first(world):
    async with world.guest() as guest:
        for number in range(5):
            world.clock.advance(seconds=1)
            await guest.post("/api/sessions", json={"title": f"s{number}"})
        first = (await guest.get("/api/sessions?limit=3")).json()
        rest = (await guest.get(f"/api/sessions?limit=3&cursor={first['cursor']}")).json()
        broken = await guest.get("/api/sessions?cursor=nonsense")

    assert [each["title"] for each in first["sessions"]] == ["s4", "s3", "s2"]
    assert [each["title"] for each in rest["sessions"]] == ["s1", "s0"]
    assert rest["cursor"] is None
    problem_of(broken, "invalid_input")


async def test_messages_page_from_the_newest_back(world):
    async with world.guest() as guest:
        begun = (await say(guest, "one"))["sessionId"]
        await say(guest, "two", sessionId=begun)
        path = f"/api/sessions/{begun}/messages"
        newest = (await guest.get(f"{path}?limit=2")).json()
        older = (await guest.get(f"{path}?limit=2&before={newest['before']}")).json()
        broken = await guest.get(f"{path}?before=x")

    assert [each["role"] for each in newest["messages"]] == ["user", "assistant"]
    assert newest["messages"][0]["parts"][0]["text"] == "two"
    assert older["messages"][0]["parts"][0]["text"] == "one"
    assert older["before"] is None
    problem_of(broken, "invalid_input")


async def test_preferences_are_set_and_taken_back(world):
    async with world.guest() as guest:
        begun = (await say(guest, "hi"))["sessionId"]
        path = f"/api/sessions/{begun}/preferences"
        given = await guest.patch(path, json={"timeZone": "Europe/Berlin"})
        wrong = await guest.patch(path, json={"timeZone": "Mars/Base"})
        empty = await guest.patch(path, json={})
        more = await guest.patch(path, json={"name": "Ada", "dateFormat": "dmy"})
        taken = await guest.patch(path, json={"timeZone": None})

    assert given.json()["userPreferences"]["timeZone"] == "Europe/Berlin"
    problem_of(wrong, "invalid_input")
    problem_of(empty, "invalid_input")
    assert more.json()["userPreferences"] == {
        "timeZone": "Europe/Berlin",
        "name": "Ada",
        "dateFormat": "dmy",
    }
    assert taken.json()["userPreferences"].get("timeZone") is None


async def test_a_session_is_downloaded_in_both_formats(world):
    async with world.guest() as guest:
        begun = (await say(guest, "hi"))["sessionId"]
        text = await guest.get(f"/api/sessions/{begun}/export")
        data = await guest.get(f"/api/sessions/{begun}/export?format=json")
        other = await guest.get(f"/api/sessions/{begun}/export?format=pdf")

    assert text.headers["content-type"].startswith("text/markdown")
    assert text.headers["content-disposition"] == 'attachment; filename="hi.md"'
    assert text.text.startswith("# Hi")
    assert data.json()["messages"][0]["parts"][0]["text"] == "hi"
    problem_of(other, "invalid_input")


async def test_search_finds_what_was_said_a_moment_ago_in_own_sessions_only(world):
    async with world.guest() as guest, world.guest() as other:
        begun = (await say(guest, "Buy oat milk for Anaïs"))["sessionId"]
        await say(other, "my milk is secret")
        found = (await guest.get("/api/search", params={"q": "mil anais"})).json()
        nothing = (await guest.get("/api/search", params={"q": '"secret OR *'})).json()
        missing = await guest.get("/api/search")

    assert found["results"][0]["sessionId"] == begun
    assert found["results"][0]["snippet"] == "Buy oat \x02milk\x03 for \x02Anaïs\x03"
    assert nothing["results"] == []
    problem_of(missing, "invalid_input")


async def test_ready_is_503_when_something_needed_is_down(world):
    async with world.visitor() as visitor:
        well = await visitor.get("/api/ready")
        world.gateway.states["search"] = DependencyState(status="down", needed=False)
        second = await visitor.get("/api/ready")
        world.gateway.states["storage"] = DependencyState(status="down", detail="no answer")
        ill = await visitor.get("/api/ready")

    assert well.status_code == second.status_code == 200
    assert ill.status_code == 503
    assert ill.json()["dependencies"]["storage"]["detail"] == "no answer"


async def test_many_requests_at_once_keep_to_their_callers(world):
    async with world.guest() as one, world.guest() as two:
        mine = (await say(one, "hi"))["sessionId"]
        answers = await asyncio.gather(
            *(client.get(f"/api/sessions/{mine}") for _ in range(10) for client in (one, two))
        )

    assert [each.status_code for each in answers] == [200, 404] * 10


async def test_a_call_that_waits_is_decided_by_http(world):
    async with world.guest() as guest:
        begun = (await say(guest, "Add tasks: one, two"))["sessionId"]
        asked = await say(guest, "delete tasks 1 and 2", sessionId=begun)
        path = f"/api/sessions/{begun}/approvals"
        waiting = (await guest.get(path)).json()["approvals"]
        wrong = await guest.post(f"{path}/{waiting[0]['toolCallId']}", json={"approved": "yes"})
        unknown = await guest.post(f"{path}/call_none", json={"approved": True})
        decided = await guest.post(f"{path}/{waiting[0]['toolCallId']}", json={"approved": True})
        after = (await guest.get(path)).json()

    assert len(asked["tasks"]) == 2 and asked["approvals"] == waiting
    problem_of(wrong, "invalid_input")
    problem_of(unknown, "not_found")
    assert decided.json()["tasks"] == []
    assert after == {"approvals": []}
