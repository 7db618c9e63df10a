"""The API keeps to its own description, whatever is sent (by schemathesis, from a fixed seed)."""

from __future__ import annotations

import asyncio
import re

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig

from littoral.accounts import guest
from tests.unit.api_world import SECRET, ApiWorld

load_all_checks()

KEPT = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
        "missing_required_header",
        "unsupported_method",
        "allow_header_conformance",
    ]
)
OWNER = "guest_contractcontractcontra"
SESSION = "ses_contract"
WORLD = ApiWorld()
COOKIE = f"littoral={guest.issue(OWNER, secret=SECRET, now_seconds=WORLD.clock.now_ms() // 1000)}"

# A body that breaks a rule may also be too long: 413 is no acceptance.
CONFIG = SchemathesisConfig.from_dict(
    {"checks": {"negative_data_rejection": {"expected-statuses": ["4xx"]}}}
)

schema = schemathesis.openapi.from_asgi("/openapi.json", WORLD.app, config=CONFIG)


async def begin_session() -> None:
    """The session that requests are sent to, with something in it; safe to repeat."""
    agent = WORLD.gateway.agent(OWNER, SESSION)
    await agent.call("session.create", {"title": "Contract"})
    if not (await agent.call("tasks.list"))["tasks"]:
        await agent.call("tasks.add", {"title": "a task"})


def send_to_that_session(case: Case) -> None:
    """Lets a request with a well-formed session id reach a session that exists."""
    sent = str(case.path_parameters.get("session_id", ""))
    if re.fullmatch(r"[A-Za-z0-9_-]{1,128}", sent):
        case.path_parameters["session_id"] = SESSION
    body = case.body if isinstance(case.body, dict) else {}
    named = body.get("sessionId")
    if isinstance(named, str) and re.fullmatch(r"[A-Za-z0-9_-]{1,128}", named):
        body["sessionId"] = SESSION


@schema.parametrize()
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_an_operation_answers_as_it_is_described(case: Case) -> None:
    asyncio.run(begin_session())
    send_to_that_session(case)

    response = case.call(headers={"cookie": COOKIE})

    case.validate_response(response, checks=KEPT)
    if response.status_code >= 400:
        assert response.headers["content-type"] == ["application/problem+json"]
