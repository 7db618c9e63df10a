"""Fixtures of the tests of the mesh's screens: the page is on a scripted server, no Worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.mesh.mesh_server import MeshServer
from tests.browser.mesh.scripted_mesh import MeshBook


@pytest.fixture(scope="session")
def _server() -> Iterator[MeshServer]:
    made = MeshServer()
    yield made
    made.close()


@pytest.fixture
def server(_server: MeshServer) -> MeshServer:
    """A mesh with nothing in it."""
    _server.reset()
    return _server


@pytest.fixture
def book(server: MeshServer) -> MeshBook:
    """What is in it, which a test moves along."""
    return server.book


@pytest.fixture(scope="session")
def base_url(_server: MeshServer) -> str:
    """The scripted server serves the front end itself."""
    return _server.url


@pytest.fixture(autouse=True)
def _titles() -> None:
    """No session is given a title here."""
