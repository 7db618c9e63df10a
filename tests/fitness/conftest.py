"""The application as documentation describes it: built, never called."""

from typing import Any

import pytest
from fastapi import FastAPI

from littoral.api.app import build_app
from littoral.clock import RandomIds, SystemClock
from littoral.settings import Settings


class Nothing:
    """Nothing lies behind the application here; a call is an error."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


@pytest.fixture(scope="session")
def app() -> FastAPI:
    nothing: Any = Nothing()
    return build_app(
        nothing, Settings(), SystemClock(), RandomIds(), database=nothing, limiter=nothing
    )
