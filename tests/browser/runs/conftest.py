"""Fixtures of the run console's tests: the page is on a scripted orchestrator, no Worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.runs.runs_server import RunsServer
from tests.browser.runs.scripted_runs import RunBook


@pytest.fixture(scope="session")
def _server() -> Iterator[RunsServer]:
    made = RunsServer()
    yield made
    made.close()


@pytest.fixture
def server(_server: RunsServer) -> RunsServer:
    """The orchestrator, with nothing in it."""
    _server.reset()
    return _server


@pytest.fixture
def book(server: RunsServer) -> RunBook:
    """Its runs, which a test moves along."""
    return server.book


@pytest.fixture(scope="session")
def base_url(_server: RunsServer) -> str:
    """The scripted orchestrator serves the front end itself."""
    return _server.url


@pytest.fixture(autouse=True)
def _titles() -> None:
    """No session is given a title here."""
