"""Owns looking at a deployment from outside, as its users will."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Protocol
from urllib.parse import urlsplit

CALL_SECONDS = 20.0
PATIENCE_SECONDS = 90.0
"""A new address needs a while until everybody finds it."""
PAUSE_SECONDS = 3.0
_MOST_BYTES = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An answer. `status` is 0 when there was none; header names are lower-case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


class Web(Protocol):
    """Asking by HTTP."""

    def ask(self, method: str, url: str, headers: Mapping[str, str]) -> Seen:
        """One answer; never raises, never follows to another place."""

    def pause(self, seconds: float) -> None:
        """Lets time pass."""

    def now(self) -> float:
        """Seconds of a clock that only goes on."""


class RealWeb:
    """The real one."""

    def ask(self, method: str, url: str, headers: Mapping[str, str]) -> Seen:
        parts = urlsplit(url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(parts.netloc, timeout=CALL_SECONDS)
        try:
            connection.request(method, parts.path or "/", headers=dict(headers))
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            body = answer.read(_MOST_BYTES).decode("utf-8", "replace")
            return Seen(status=answer.status, headers=found, body=body)
        except (OSError, HTTPException, ValueError):
            return Seen(status=0)
        finally:
            connection.close()

    def pause(self, seconds: float) -> None:
        time.sleep(seconds)

    def now(self) -> float:
        return time.monotonic()


def problems_of(
    web: Web, *, api_origin: str, pages_origin: str | None, tell: Callable[[str], None]
) -> list[str]:
    """What is wrong with a deployment, in words; empty when it works.

    Waits until the address answers at all. Changes nothing, repeatable.
    """
    health = _patiently(web, f"{api_origin}/api/health")
    if health.status != 200:
        return [f"{api_origin}/api/health answers {health.status or 'nothing'}"]
    tell(f"{api_origin} answers, version {_field(health.body, 'version')}")
    found = _not_ready(web.ask("GET", f"{api_origin}/api/ready", {}))
    front = web.ask("GET", f"{api_origin}/", {})
    if front.status != 200 or "content-security-policy" not in front.headers:
        found.append(f"{api_origin}/ is no front end with its policy ({front.status})")
    if pages_origin is not None:
        found += _problems_of_pages(web, api_origin, pages_origin)
    return found


def _problems_of_pages(web: Web, api_origin: str, pages_origin: str) -> list[str]:
    page = _patiently(web, f"{pages_origin}/")
    found = []
    if f'content="{api_origin}"' not in page.body:
        found.append(f"{pages_origin}/ does not name the API at {api_origin} ({page.status})")
    if api_origin not in page.headers.get("content-security-policy", ""):
        found.append(f"the policy of {pages_origin}/ does not let it reach {api_origin}")
    asked = {"origin": pages_origin, "access-control-request-method": "POST"}
    preflight = web.ask("OPTIONS", f"{api_origin}/api/chat", asked)
    if preflight.headers.get("access-control-allow-origin") != pages_origin:
        found.append(f"{api_origin} does not let pages of {pages_origin} call it")
    return found


def _not_ready(ready: Seen) -> list[str]:
    if ready.status == 200:
        return []
    try:
        states = json.loads(ready.body)["dependencies"]
        down = [f"{name} is down: {state['detail']}" for name, state in states.items()
                if state["status"] == "down"]  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError):
        down = []
    return down or [f"/api/ready answers {ready.status}"]


def _patiently(web: Web, url: str) -> Seen:
    until = web.now() + PATIENCE_SECONDS
    seen = web.ask("GET", url, {})
    while seen.status != 200 and web.now() < until:
        web.pause(PAUSE_SECONDS)
        seen = web.ask("GET", url, {})
    return seen


def _field(body: str, name: str) -> str:
    try:
        return str(json.loads(body)[name])
    except (ValueError, KeyError, TypeError):
        return "unknown"
