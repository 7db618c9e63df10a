"""The local engine without a runtime: the calls that workerd makes, and who is let out."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from _lib.container_engine import ContainerEngine
from _lib.sandbox_engine.boxes import plain_name
from _lib.sandbox_engine.egress_proxy import EgressProxy

SESSION = {"dev.workerd.session": "0123456789abcdef"}
FIRST = "workerd-0123456789abcdef-key-1"
LATER = "workerd-fedcba9876543210-key-1"


@pytest.fixture(scope="module")
def engine() -> Iterator[ContainerEngine]:
    made = ContainerEngine(Path(sys.executable))
    made.start()
    try:
        assert made.wait_ready()
        yield made
    finally:
        made.stop()


@pytest.fixture
async def docker(engine: ContainerEngine) -> AsyncIterator[httpx.AsyncClient]:
    socket = engine.environment()["DOCKER_HOST"].removeprefix("unix://")
    transport = httpx.AsyncHTTPTransport(uds=socket)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://docker", timeout=30
    ) as client:
        yield client


async def _start(docker: httpx.AsyncClient, name: str) -> None:
    """As workerd does it: first the sidecar, which holds the network, then the container."""
    sidecar = {"ExposedPorts": {"39001/tcp": {}}, "Labels": SESSION}
    for each, body in ((f"{name}-proxy", sidecar), (name, {"Image": "x", "Labels": SESSION})):
        made = await docker.post(f"/containers/create?name={each}", json=body)
        assert made.status_code == 201
        assert (await docker.post(f"/containers/{each}/start")).status_code == 204


async def _health(docker: httpx.AsyncClient, name: str) -> dict[str, Any]:
    """Through the sidecar's tunnel, until the daemon answers."""
    seen = (await docker.get(f"/containers/{name}-proxy/json")).json()
    port = int(seen["NetworkSettings"]["Ports"]["39001/tcp"][0]["HostPort"])
    for _ in range(200):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"CONNECT 127.0.0.1:8080 HTTP/1.1\r\n\r\n")
        if b" 200 " in await reader.readuntil(b"\r\n\r\n"):
            writer.write(b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            answer = await reader.read()
            writer.close()
            body: dict[str, Any] = json.loads(answer.partition(b"\r\n\r\n")[2])
            return body
        writer.close()
        await asyncio.sleep(0.05)
    raise AssertionError("the daemon never answered")


async def test_a_later_runtime_finds_what_an_earlier_one_left(docker: httpx.AsyncClient) -> None:
    await _start(docker, FIRST)
    before = await _health(docker, FIRST)
    found = (await docker.get(f"/containers/{LATER}/json")).json()
    assert found["State"]["Status"] == "running"
    assert (await _health(docker, LATER))["boot"] == before["boot"]
    earlier = {"label": [f"dev.workerd.session={SESSION['dev.workerd.session']}"]}
    query = {"all": "1", "filters": json.dumps(earlier)}
    still = (await docker.get("/containers/json", params=query)).json()
    assert [one["Names"] for one in still] == []  # its clean-up would take what is in use
    await docker.delete(f"/containers/{LATER}?force=true")
    await docker.delete(f"/containers/{LATER}-proxy?force=true")
    assert (await docker.get(f"/containers/{FIRST}/json")).status_code == 404


async def test_a_wait_ends_with_the_container(docker: httpx.AsyncClient) -> None:
    name = "workerd-key-2"
    await _start(docker, name)
    await _health(docker, name)
    waiting = asyncio.create_task(docker.post(f"/containers/{name}/wait", timeout=60))
    killed = await docker.post(f"/containers/{name}/kill?signal=SIGKILL")
    assert killed.status_code == 204
    assert (await waiting).json()["StatusCode"] != 0
    assert (await docker.get(f"/containers/{name}/json")).json()["State"]["Status"] == "exited"
    await docker.delete(f"/containers/{name}?force=true")
    await docker.delete(f"/containers/{name}-proxy?force=true")


async def test_a_name_is_taken_once(docker: httpx.AsyncClient) -> None:
    assert (await docker.post("/containers/create?name=twice", json={})).status_code == 201
    assert (await docker.post("/containers/create?name=twice", json={})).status_code == 409
    assert (await docker.delete("/containers/twice")).status_code == 204


async def test_the_engine_takes_its_sandboxes_along() -> None:
    engine = ContainerEngine(Path(sys.executable))
    engine.start()
    try:
        assert engine.wait_ready()
        socket = engine.environment()["DOCKER_HOST"].removeprefix("unix://")
        transport = httpx.AsyncHTTPTransport(uds=socket)
        async with httpx.AsyncClient(transport=transport, base_url="http://docker") as docker:
            await _start(docker, "workerd-key-3")
            await _health(docker, "workerd-key-3")
            folder = str(engine.folder)
        assert _runs(folder)
    finally:
        engine.stop()
    assert not _runs(folder)


def _runs(mark: str) -> bool:
    """Whether a process was started with this text in its words."""
    found = subprocess.run(["ps", "-axwwo", "args"], capture_output=True, text=True, check=True)
    return mark in found.stdout


def test_a_runtimes_session_is_no_part_of_the_name() -> None:
    assert plain_name(FIRST) == plain_name(LATER) == "workerd-key-1"
    assert plain_name("/workerd-key-1") == "workerd-key-1"


@pytest.mark.parametrize(
    ("host", "port", "allowed"),
    [
        ("example.org", 443, True),
        ("EXAMPLE.org.", 80, True),
        ("example.org", 22, False),
        ("api.example.org", 443, False),
        ("a.b.test", 443, True),
        ("b.test", 443, False),
        ("own.test", 8443, True),
        ("own.test", 443, False),
        ("example.org.evil.test", 443, False),
        ("", 443, False),
    ],
)
def test_only_what_was_named_is_let_out(host: str, port: int, allowed: bool) -> None:
    proxy = EgressProxy(Path("unused"), ("example.org", "*.b.test", "own.test:8443"))
    assert proxy.allows(host, port) is allowed


async def test_an_allowed_name_is_no_door_to_this_machine(tmp_path: Path) -> None:
    path = tmp_path / "out.sock"
    proxy = EgressProxy(path, ("localhost",))
    await proxy.open()
    reader, writer = await asyncio.open_unix_connection(str(path))
    writer.write(b"CONNECT localhost:443 HTTP/1.1\r\n\r\n")
    assert b" 502 " in await reader.readline()
    writer.close()
    proxy.close()
