"""How the API is tried against its own description: which checks, which session requests go to."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig

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
# A body that breaks a rule may also be too long: 413 is no acceptance.
CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {"negative_data_rejection": {"expected-statuses": ["4xx"]}},
        # The requests that try every limit of every field one by one take most of the time.
        "phases": {"coverage": {"enabled": False}},
    }
)

_USUAL_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")


def always_the_same(examples: int) -> settings:
    """Settings under which every run makes the same requests."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def send_to(session_id: str, case: Case) -> None:
    """Lets a request with a well-formed session id reach a session that exists.

    No request takes the guest's chats along to a new account: the others need them.
    """
    is_build = case.path.startswith("/agents/")
    if _USUAL_ID.fullmatch(str(case.path_parameters.get("sessionId", ""))) and not is_build:
        case.path_parameters["sessionId"] = session_id
    body = case.body if isinstance(case.body, dict) else {}
    if body.get("claimChats") is True:
        body["claimChats"] = False
    named = body.get("sessionId")
    if isinstance(named, str) and _USUAL_ID.fullmatch(named):
        body["sessionId"] = session_id
