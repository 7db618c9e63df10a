"""npm's `AgentClient` in Node, where there is no cookie jar."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from _lib import project
from _lib.local_runtime import LocalRuntime
from tests.harness.worker import Worker

SCRIPT = Path(__file__).parent / "node" / "without_cookies.mjs"


@pytest.fixture(scope="module")
def told(runtime: LocalRuntime, worker: Worker) -> dict[str, Any]:
    """What the client of the script was told."""
    run = subprocess.run(
        [str(runtime.node.executable), "--no-warnings", str(SCRIPT), worker.url],
        cwd=project.ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return dict(json.loads(run.stdout.splitlines()[-1]))


def test_a_client_without_cookies_uses_the_open_session_that_it_began(told: dict[str, Any]) -> None:
    assert told["id"].startswith("open_")
    assert told["task"]["title"] == "Buy milk"
    assert told["state"]["tasks"][0]["title"] == "Buy milk"


def test_its_calls_stream_and_fail_as_in_a_browser(told: dict[str, Any]) -> None:
    assert "Buy milk" in "".join(told["parts"])
    assert "no callable method" in told["refused"]


def test_its_history_comes_by_http(told: dict[str, Any]) -> None:
    assert told["history"] == []
