"""Fixtures of the build screen's tests: the page is on a scripted builder, no Worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.builds.builds_server import BuildsServer
from tests.browser.builds.scripted_builds import BuildBook


@pytest.fixture(scope="session")
def _server() -> Iterator[BuildsServer]:
    made = BuildsServer()
    yield made
    made.close()


@pytest.fixture
def server(_server: BuildsServer) -> BuildsServer:
    """The builder, with nothing in it."""
    _server.reset()
    return _server


@pytest.fixture
def book(server: BuildsServer) -> BuildBook:
    """Its builds, which a test moves along."""
    return server.book


@pytest.fixture(scope="session")
def base_url(_server: BuildsServer) -> str:
    """The scripted builder serves the front end itself."""
    return _server.url


@pytest.fixture(autouse=True)
def _titles() -> None:
    """No session is given a title here."""
