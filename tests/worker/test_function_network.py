"""Code that was granted a host reaches that host on the real runtime, and nothing besides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from _lib.local_runtime import LocalRuntime
from littoral.functions import limits
from tests.fakes.scripted_ai import Answer, ScriptedAi
from tests.fakes.web_server import WebServer, web_server
from tests.harness.project_copy import make_project_copy
from tests.harness.worker import KillableWorker
from tests.worker.code_world import CodeWorld, code_world
from tests.worker.functions_client import FunctionsClient

TRY = """
    said = []
    def attempt(work):
        try:
            said.append(work())
        except Exception as error:
            said.append(type(error).__name__ + ": " + str(error))
"""


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[WebServer, WebServer]]:
    """Two: the operator lets both be granted, and no call here is granted the second."""
    with web_server() as granted, web_server() as other:
        yield granted, other


@pytest.fixture(scope="module")
def world(
    runtime: LocalRuntime,
    servers: tuple[WebServer, WebServer],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[CodeWorld]:
    near = ",".join(each.host for each in servers)
    with code_world(runtime, tmp_path_factory.mktemp("network"), near=near) as world:
        yield world


@pytest.fixture
def server(servers: tuple[WebServer, WebServer]) -> WebServer:
    servers[0].seen.clear()
    return servers[0]


@pytest.fixture
def other(servers: tuple[WebServer, WebServer]) -> Iterator[WebServer]:
    """The server that was not granted; the test fails when anything connects to it."""
    yield servers[1]
    assert (servers[1].seen, servers[1].connections) == ([], 0)


def test_urllib_reaches_the_granted_host_and_no_other(
    world: CodeWorld, server: WebServer, other: WebServer
) -> None:
    source = f"""
import json, urllib.request
from urllib.error import HTTPError, URLError

def run(args):{TRY}
    ask = urllib.request.urlopen
    attempt(lambda: json.load(ask(args["here"] + "/a?b=%20c")))
    attempt(lambda: json.load(ask(args["here"] + "/post", data=b"hello")))
    attempt(lambda: json.load(ask(args["here"] + "/to//moved")))
    attempt(lambda: ask(args["here"] + "/missing"))
    attempt(lambda: ask(args["there"]))
    attempt(lambda: ask(args["here"] + "/to/" + args["there"]))
    attempt(lambda: ask("http://169.254.169.254/latest/meta-data/"))
    attempt(lambda: ask("file:///etc/passwd"))
    return said
"""
    args = {"here": server.url, "there": other.url}
    outcome = world.run(source, args, network=(server.host,))

    assert outcome["reason"] == "completed", outcome
    got, posted, moved, missing, away, led, metadata, file = outcome["result"]
    assert got == {"path": "/a?b=%20c", "body": ""}
    assert posted == {"path": "/post", "body": "hello"}
    assert moved == {"path": "/moved", "body": ""}
    assert missing.startswith("HTTPError: HTTP Error 404")
    for refused in (away, led):
        assert refused.startswith("URLError") and f"{other.host} was not granted" in refused
    assert "169.254.169.254 was not granted" in metadata
    assert file.startswith("URLError")
    assert [each.path for each in server.seen if "to" not in each.path] == [
        "/a?b=%20c",
        "/post",
        "/moved",
        "/missing",
    ]


def test_requests_reaches_the_granted_host_and_no_other(
    world: CodeWorld, server: WebServer, other: WebServer
) -> None:
    source = f"""
import requests

def run(args):{TRY}
    attempt(lambda: requests.get(args["here"] + "/a", params={{"q": "1 2"}}, timeout=5).json())
    attempt(lambda: requests.post(args["here"] + "/b", json=[1], headers={{"x-own": "y"}}).json())
    attempt(lambda: requests.get(args["here"] + "/missing").raise_for_status())
    attempt(lambda: requests.get(args["there"]).text)
    attempt(lambda: requests.get(args["here"] + "/large").text)
    attempt(lambda: isinstance(requests.exceptions.ConnectionError(), requests.RequestException))
    return said
"""
    args = {"here": server.url, "there": other.url}
    outcome = world.run(source, args, network=(server.host,))

    assert outcome["reason"] == "completed", outcome
    got, posted, missing, away, large, related = outcome["result"]
    assert got == {"path": "/a?q=1+2", "body": ""}
    assert posted == {"path": "/b", "body": "[1]"}
    assert missing.startswith("HTTPError: 404")
    assert away == f"ConnectionError: {other.host} was not granted to this function"
    assert large.startswith("ConnectionError: An answer may have")
    assert related is True
    assert server.seen[1].headers["x-own"] == "y"


def fetching(body: str) -> dict[str, str]:
    """An isolate without guards, in which ``said`` is the answer."""
    script = (
        "import { connect } from 'cloudflare:sockets';"
        "const told = async (answer) => [answer.status, await answer.text()];"
        "export default { async fetch(request, env) { const said = [];"
        "const attempt = async (work) => { try { said.push(await work()) }"
        "catch (error) { said.push(String(error)) } };"
        f"const asked = await request.json(); {body} return Response.json(said) }} }}"
    )
    return {"main.js": script}


def asked(world: CodeWorld, body: str, args: Any, *network: str, grant_ms: int = 20_000) -> Any:
    answer = world.ask(
        "ask",
        id="",
        main="main.js",
        modules=fetching(body),
        text=json.dumps(args),
        network=list(network),
        grantMs=grant_ms,
    )
    return json.loads(answer) if isinstance(answer, str) else answer


def test_an_isolate_without_guards_gets_out_only_to_what_was_granted(
    world: CodeWorld, server: WebServer, other: WebServer
) -> None:
    body = """
    await attempt(async () => told(await fetch(asked.here + '/a')));
    await attempt(async () => told(await fetch(asked.there)));
    await attempt(async () => told(await fetch(asked.here + '/to/' + asked.there)));
    await attempt(async () => told(await fetch(asked.here.replace('//', '//user:word@'))));
    await attempt(async () => told(await fetch(asked.there, { headers: { host: asked.host } })));
    const upgrade = { upgrade: 'websocket', connection: 'upgrade' };
    await attempt(async () => told(await fetch(asked.here + '/socket', { headers: upgrade })));
    for (const where of [asked.host, asked.away]) await attempt(async () => {
      const socket = connect(where);
      const writer = socket.writable.getWriter();
      await writer.write(new TextEncoder().encode('GET /raw HTTP/1.0\\r\\n\\r\\n'));
      const { value } = await socket.readable.getReader().read();
      return value ? 'an answer' : 'nothing';
    });
    """
    args = {"here": server.url, "there": other.url, "host": server.host, "away": other.host}
    said = asked(world, body, args, server.host)

    refused = [403, f"{other.host} was not granted to this function"]
    assert said[0] == [200, '{"path": "/a", "body": ""}']
    assert said[1:3] == [refused, refused]
    assert said[4] == refused
    assert "an answer" not in said[-2:]
    assert {each.path.partition("/to/")[0] for each in server.seen} <= {"/a", "", "/"}
    assert all("socket" not in each.path and "raw" not in each.path for each in server.seen)


def test_a_server_sees_what_the_code_sent_and_nothing_of_ours(
    world: CodeWorld, server: WebServer
) -> None:
    body = """
    const headers = { 'x-own': 'y', authorization: 'Bearer own', 'x-forwarded-for': '1.2.3.4',
      'cf-connecting-ip': '1.2.3.4', 'littoral-egress-refused': '0' };
    await attempt(async () => {
      const answer = await fetch(asked + '/a', { method: 'POST', body: 'hi', headers });
      return answer.headers.has('littoral-egress-refused');
    });
    """
    assert asked(world, body, server.url, server.host) == [False]
    (seen,) = server.seen
    assert (seen.method, seen.body) == ("POST", "hi")
    sent = {name for name in seen.headers if name not in ("host", "content-length", "cf-worker")}
    assert sent == {"x-own", "authorization", "content-type"}


def test_requests_of_one_call_are_counted_and_end_with_it(
    world: CodeWorld, server: WebServer
) -> None:
    body = """
    for (let n = 0; n < 25; n += 1)
      await attempt(async () => (await fetch(asked + '/' + n)).status);
    """
    said = asked(world, body, server.url, server.host)
    late = asked(world, body, server.url, server.host, grant_ms=-1)

    most = limits.NETWORK_REQUESTS
    assert said[:most] == [200] * most and 200 not in said[most:]
    assert len(server.seen) == most
    assert 200 not in late


def test_javascript_is_not_granted_network_and_says_so(world: CodeWorld, server: WebServer) -> None:
    script = "function run(args) { return fetch(args) }"
    outcome = world.run(script, server.url, language="javascript", network=(server.host,))

    assert outcome["reason"] == "refused"
    assert "Only Python" in outcome["error"]["message"]
    assert server.seen == []


def test_kept_code_is_closed_again_in_a_call_without_a_grant(
    world: CodeWorld, server: WebServer
) -> None:
    source = "def run(args):\n    import urllib.request\n    return urllib.request.urlopen(args)"
    outcome = world.run(source, server.url)

    assert outcome["reason"] == "raised"
    assert "was not granted the network" in outcome["error"]["message"]
    assert server.seen == []


@pytest.fixture
def whole(
    runtime: LocalRuntime, ai: ScriptedAi, server: WebServer, tmp_path: Path
) -> Iterator[KillableWorker]:
    """The whole Worker, whose operator lets the server of the test be granted."""
    settings = {"FUNCTION_NEAR_HOSTS": server.host}
    copy = make_project_copy(tmp_path / "project", settings=settings, script_url=ai.url)
    worker = KillableWorker(runtime, copy, scratch=tmp_path, snapshot=False)
    try:
        worker.start()
        yield worker
    finally:
        worker.stop()


async def test_a_job_tells_its_grant_and_kept_code_belongs_to_it(
    whole: KillableWorker, ai: ScriptedAi, server: WebServer
) -> None:
    source = (
        "import json\nfrom urllib import request\n\n"
        "def run(args):\n    return json.load(request.urlopen(args['url']))['path']\n"
    )
    ai.aside = Answer(text=json.dumps({"source": source, "cannot": ""}))
    client = await FunctionsClient.sign_up(whole.url)
    options = {"type": "code", "network": [server.host], "timeoutSeconds": 120}
    args = {"url": f"{server.url}/first"}
    try:
        first = (await client.fn("Read the path", args=args, options=options)).json()
        again = (await client.fn("Read the path", args=args, options=options)).json()
        later = {"type": "code", "mode": "async"}
        queued = (await client.fn("Read the path", args=args, options=later)).json()
        closed = await client.job_ended(queued["jobId"], settled=False)
        metadata = {"type": "code", "network": ["169.254.169.254"]}
        refused = await client.fn("Read the path", args=args, options=metadata)
        job = await client.job(first["jobId"])
    finally:
        await client.close()

    assert (first.get("result"), again.get("result")) == ("/first", "/first"), (first, again)
    assert (first["code"]["reused"], again["code"]["reused"]) == (False, True)
    assert job["options"]["network"] == [server.host]
    assert closed["status"] == "failed", closed
    assert "was not granted the network" in closed["error"]["message"]
    assert refused.json()["code"] == "invalid_input" and "is an address" in refused.text
    assert [each.path for each in server.seen] == ["/first", "/first"]
