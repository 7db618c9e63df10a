"""What holds for every request, whatever its route."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.unit.api_world import HERE, ApiWorld, problem_of

FRIEND = "https://friend.test"


@pytest.fixture
def world() -> Iterator[ApiWorld]:
    world = ApiWorld(allowed_origins=frozenset({FRIEND}))
    yield world
    world.close()


async def test_an_answer_carries_security_headers_and_a_request_id(world):
    async with world.visitor() as visitor:
        answer = await visitor.get("/api/health")

    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-request-id"].startswith("req_")
    assert "strict-transport-security" not in answer.headers
    assert "set-cookie" not in answer.headers


async def test_https_answers_are_strict(world):
    async with world.visitor("https://littoral.test") as visitor:
        answer = await visitor.get("/api/me")

    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert answer.headers["set-cookie"].startswith("__Host-littoral=guest_")
    assert answer.headers["set-cookie"].endswith("; HttpOnly; SameSite=Lax; Secure")


async def test_a_usable_request_id_is_kept_and_another_replaced(world):
    async with world.visitor() as visitor:
        kept = await visitor.get("/api/health", headers={"x-request-id": "trace-1234"})
        made = await visitor.get("/api/health", headers={"x-request-id": "<script>"})

    assert kept.headers["x-request-id"] == "trace-1234"
    assert made.headers["x-request-id"].startswith("req_")


async def test_a_guest_gets_one_cookie_and_keeps_it(world):
    async with world.visitor() as visitor:
        first = await visitor.get("/api/me")
        second = await visitor.get("/api/me")

    assert first.headers["set-cookie"].startswith("littoral=guest_")
    assert "set-cookie" not in second.headers
    assert first.json()["user"] == second.json()["user"]


async def test_an_unknown_path_and_method_are_problems(world):
    async with world.visitor() as visitor:
        path = await visitor.get("/api/nothing")
        method = await visitor.put("/api/me", json={})
        several = await visitor.put("/api/sessions", json={})
        slash = await visitor.get("/api/me/")

    problem_of(path, "not_found")
    problem_of(method, "method_not_allowed")
    assert method.headers["allow"] == "GET"
    assert several.headers["allow"] == "GET, POST"
    problem_of(slash, "not_found")


async def test_a_failure_of_ours_says_nothing_of_itself(world, caplog):
    world.gateway.broken.add("sessions.list")
    async with world.guest() as guest:
        answer = await guest.get("/api/sessions")

    body = problem_of(answer, "internal_error")
    assert answer.status_code == 500 and body["retryable"]
    assert "secret" not in answer.text
    assert "secret internals" in caplog.text


async def test_an_object_that_does_not_answer_is_a_503(world):
    world.gateway.out_of_reach.add("sessions.list")
    async with world.guest() as guest:
        problem_of(await guest.get("/api/sessions"), "dependency_unavailable")


async def test_without_a_secret_the_answer_says_what_to_set():
    world = ApiWorld(session_secret="")
    async with world.visitor() as visitor:
        health = await visitor.get("/api/health")
        me = await visitor.get("/api/me")
        ready = await visitor.get("/api/ready")
    world.close()

    assert health.status_code == 200
    assert ready.status_code == 503
    assert "SESSION_SECRET" in ready.json()["dependencies"]["settings"]["detail"]
    assert "SESSION_SECRET" in problem_of(me, "dependency_unavailable")["nextStep"]


async def test_a_body_over_64_kilobytes_is_refused_however_it_is_sent(world):
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 10_000

    headers = {"content-type": "application/json"}
    async with world.guest() as guest:
        declared = await guest.post("/api/sessions", content=b" " * 65_537, headers=headers)
        streamed = await guest.post("/api/sessions", content=endless(), headers=headers)

    problem_of(declared, "too_large")
    problem_of(streamed, "too_large")
    assert declared.status_code == streamed.status_code == 413


@pytest.mark.parametrize("depth", [33, 30_000])
async def test_deep_nesting_is_refused(world, depth):
    async with world.guest() as guest:
        answer = await guest.post(
            "/api/sessions",
            content=b"[" * depth + b"]" * depth,
            headers={"content-type": "application/json"},
        )

    problem_of(answer, "too_large")


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b'{"title": "\xff"}', 400),
        (b'{"title": "a\\u0000b"}', 422),
        (b'{"title": "a\\ud800b"}', 422),
        (b'{"\\ud800": 1}', 422),
        (b'{"title": NaN}', 422),
        (b"{", 400),
        (b'{"title": 1e999}', 422),
    ],
)
async def test_broken_text_is_refused_with_a_reason(world, content, status):
    async with world.guest() as guest:
        answer = await guest.post(
            "/api/sessions", content=content, headers={"content-type": "application/json"}
        )

    assert answer.status_code == status
    assert answer.json()["detail"].isascii()


async def test_a_form_is_no_json(world):
    async with world.guest() as guest:
        form = await guest.post("/api/sessions", data={"title": "x"})
        nothing = await guest.post("/api/sessions", content=b"{}")

    problem_of(form, "unsupported_media_type")
    assert nothing.status_code == 415


async def test_findings_name_the_fields_and_not_the_values(world):
    async with world.guest() as guest:
        answer = await guest.post("/api/sessions", json={"title": 7, "hunter2": "hunter3"})

    body = problem_of(answer, "invalid_input")
    assert {each["field"] for each in body["errors"]} == {"title", "hunter2"}
    assert "hunter3" not in answer.text


async def test_a_page_of_another_origin_may_not_write(world):
    evil = {"origin": "https://evil.test", "sec-fetch-site": "cross-site"}
    async with world.guest() as guest:
        refused = await guest.post("/api/sessions", headers=evil)
        deleted = await guest.delete("/api/sessions/ses_1", headers=evil)
        own = await guest.post("/api/sessions", headers={"origin": HERE})
        listed = await guest.post("/api/sessions", headers={"origin": FRIEND})

    problem_of(refused, "not_allowed")
    problem_of(deleted, "not_allowed")
    assert own.status_code == listed.status_code == 201


async def test_an_allowed_origin_may_read_and_another_may_not(world):
    async with world.guest() as guest:
        friend = await guest.get("/api/me", headers={"origin": FRIEND})
        failed = await guest.get("/api/nothing", headers={"origin": FRIEND})
        evil = await guest.get("/api/me", headers={"origin": "https://evil.test"})

    assert friend.headers["access-control-allow-origin"] == FRIEND
    assert friend.headers["access-control-allow-credentials"] == "true"
    assert failed.headers["access-control-allow-origin"] == FRIEND
    assert "access-control-allow-origin" not in evil.headers


async def test_a_preflight_is_answered_for_allowed_origins_only(world):
    asked = {"access-control-request-method": "PATCH"}
    async with world.visitor() as visitor:
        friend = await visitor.options("/api/sessions/s", headers={"origin": FRIEND, **asked})
        evil = await visitor.options(
            "/api/sessions/s", headers={"origin": "https://evil.test", **asked}
        )

    assert friend.status_code == 204
    assert "PATCH" in friend.headers["access-control-allow-methods"]
    assert "idempotency-key" in friend.headers["access-control-allow-headers"]
    problem_of(evil, "not_allowed")


async def test_head_is_get_without_the_body(world):
    async with world.guest() as guest:
        answer = await guest.head("/api/me")

    assert answer.status_code == 200
    assert answer.content == b""
