"""Fixtures of the tests of the registry's screens: the page is on a scripted server, no Worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.registry.registry_server import RegistryServer
from tests.browser.registry.scripted_registry import RegistryBook


@pytest.fixture(scope="session")
def _server() -> Iterator[RegistryServer]:
    made = RegistryServer()
    yield made
    made.close()


@pytest.fixture
def server(_server: RegistryServer) -> RegistryServer:
    """A registry with nothing in it."""
    _server.reset()
    return _server


@pytest.fixture
def book(server: RegistryServer) -> RegistryBook:
    """Its agents and executions, which a test moves along."""
    return server.book


@pytest.fixture(scope="session")
def base_url(_server: RegistryServer) -> str:
    """The scripted server serves the front end itself."""
    return _server.url


@pytest.fixture(autouse=True)
def _titles() -> None:
    """No session is given a title here."""
