"""Fixtures of the tests of the operations' screens: the page is on a scripted server, no Worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.operations.operations_server import OperationsServer


@pytest.fixture(scope="session")
def _server() -> Iterator[OperationsServer]:
    made = OperationsServer()
    yield made
    made.close()


@pytest.fixture
def server(_server: OperationsServer) -> OperationsServer:
    """A deployment in which a few things happened."""
    _server.reset()
    return _server


@pytest.fixture(scope="session")
def base_url(_server: OperationsServer) -> str:
    """The scripted server serves the front end itself."""
    return _server.url


@pytest.fixture(autouse=True)
def _titles() -> None:
    """No session is given a title here."""
