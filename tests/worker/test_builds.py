"""Builds and previews on the real runtime: both doors, strangers, programs that nobody trusts."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.browser.outside import Outside
from tests.fakes.scripted_ai import ScriptedAi
from tests.fakes.scripted_build import ScriptedBuild
from tests.harness.worker import Worker

SPY = """export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const told = { url: request.url, headers: Object.fromEntries(request.headers) };
    if (url.pathname === "/out") {
      try { told.out = (await fetch("%s")).status; } catch (error) { told.out = String(error); }
    }
    if (url.pathname === "/env") told.env = Object.keys(env);
    if (url.pathname === "/raise") throw new Error("nothing works");
    if (url.pathname === "/large") return new Response("x".repeat(6 * 1024 * 1024));
    if (url.pathname === "/never") await new Promise(() => {});
    if (url.pathname === "/away") return Response.redirect("https://evil.example/", 302);
    const headers = { location: "/x", "set-cookie": "a=b", "x-odd": "1" };
    headers["content-security-policy"] = "default-src *";
    if (url.pathname === "/back") return new Response(null, { status: 303, headers });
    return Response.json({ ...told, body: await request.text() }, { headers });
  },
};
"""


@pytest.fixture
def outside() -> Iterator[Outside]:
    made = Outside()
    yield made
    made.close()


@pytest.fixture
def spy(worker: Worker, ai: ScriptedAi, outside: Outside) -> Iterator[ScriptedBuild]:
    files = {"src/index.js": SPY % outside.url, "README.md": "# Spy\n"}
    made = ScriptedBuild(ai, worker.url, "javascript-worker", files)
    yield made
    made.close()


def test_a_program_has_no_network_and_no_bindings(spy: ScriptedBuild, outside: Outside) -> None:
    url = spy.preview()

    assert "not permitted" in httpx.get(f"{url}out", timeout=60).json()["out"]
    assert httpx.get(f"{url}env").json()["env"] == []
    assert outside.heard == []


def test_a_program_is_told_neither_the_link_nor_who_asks(spy: ScriptedBuild) -> None:
    secrets = {"cookie": "littoral=secret", "authorization": "Bearer secret", "x-api-key": "secret"}
    answer = httpx.post(
        f"{spy.preview()}a/b?q=1", content="words", headers={**secrets, "accept": "text/x"}
    )

    told = answer.json()
    assert told["url"] == "https://preview.invalid/a/b?q=1"
    assert told["body"] == "words"
    assert "secret" not in repr(told["headers"])
    assert told["headers"]["accept"] == "text/x"
    assert "set-cookie" not in answer.headers
    assert "x-odd" not in answer.headers
    assert answer.headers["content-security-policy"].startswith("sandbox allow-scripts")


def test_a_program_that_fails_is_told_and_the_next_request_works(spy: ScriptedBuild) -> None:
    url = spy.preview()

    failed = httpx.get(f"{url}raise", timeout=60)
    assert failed.status_code == 502
    assert "nothing works" in failed.text
    assert "more than" in httpx.get(f"{url}large", timeout=60).text
    assert httpx.get(f"{url}after", timeout=60).status_code == 200


def test_a_redirect_of_a_program_stays_inside(spy: ScriptedBuild) -> None:
    url = spy.preview()

    assert "location" not in httpx.get(f"{url}away").headers
    assert httpx.get(f"{url}back").headers["location"] == f"{url}x"


def test_a_revoked_preview_is_gone_at_once(spy: ScriptedBuild) -> None:
    url = spy.preview()
    assert httpx.get(url).status_code == 200
    spy.revoke()

    assert httpx.get(url).status_code == 404
    assert httpx.get(spy.preview()).status_code == 200


def test_a_builds_socket_has_two_addresses_and_no_stranger(
    worker: Worker, spy: ScriptedBuild
) -> None:
    for path in (f"/agents/{spy.id}/ws", f"/agents/code-generator-agent/{spy.id}"):
        with connect(
            f"{worker.websocket_url}{path}", additional_headers={"x-api-key": spy.key}
        ) as socket:
            assert "cf_agent_identity" in str(socket.recv(timeout=30))
            assert spy.id in str(socket.recv(timeout=30))

    with httpx.Client(base_url=worker.url) as http:
        made = http.post("/api/signup", json={"email": f"{spy.id}@x.test", "name": "X"})
        stranger = made.json()["apiKey"]
    headers = {"x-api-key": stranger}
    assert httpx.get(f"{worker.url}/agents/{spy.id}", headers=headers).status_code == 404
    address = f"{worker.websocket_url}/agents/{spy.id}/ws"
    refused = connect(address, additional_headers=headers)
    with refused, pytest.raises(ConnectionClosed) as closed:
        refused.recv(timeout=30)
    assert "no such build" in str(closed.value)


def test_another_worker_asks_for_builds_by_rpc(worker: Worker, spy: ScriptedBuild) -> None:
    found = worker.from_neighbour("get_status", apiKey=spy.key, sessionId=spy.id)

    assert found["ok"], found
    assert found["result"]["state"]["status"] == spy.state["status"]
    files = worker.from_neighbour("get_files", apiKey=spy.key, sessionId=spy.id)
    assert {each["path"] for each in files["result"]["files"]} == {"README.md", "src/index.js"}
