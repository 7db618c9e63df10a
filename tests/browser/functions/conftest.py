"""Fixtures of the tests of functions' screens: the page is on a scripted server, no Worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.functions.functions_server import FunctionsServer
from tests.browser.functions.scripted_functions import FunctionBook


@pytest.fixture(scope="session")
def _server() -> Iterator[FunctionsServer]:
    made = FunctionsServer()
    yield made
    made.close()


@pytest.fixture
def server(_server: FunctionsServer) -> FunctionsServer:
    """Functions, with nothing in them."""
    _server.reset()
    return _server


@pytest.fixture
def book(server: FunctionsServer) -> FunctionBook:
    """Their jobs and tasks, which a test moves along."""
    return server.book


@pytest.fixture(scope="session")
def base_url(_server: FunctionsServer) -> str:
    """The scripted server serves the front end itself."""
    return _server.url


@pytest.fixture(autouse=True)
def _titles() -> None:
    """No session is given a title here."""
