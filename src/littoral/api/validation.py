"""Pydantic's findings as one error of ours, without what the caller sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from littoral.errors import CallerError, InvalidInput

MAX_FINDINGS = 20
_PLACES = ("body", "path", "query", "header", "cookie")


def invalid_input(findings: Iterable[Mapping[str, Any]], *, place: str = "") -> CallerError:
    """One error for all findings: ``CallerError`` when the body is no JSON, else ``InvalidInput``.

    ``place`` is put before the names of fields where a finding does not say it.
    """
    fields = []
    for finding in findings:
        if finding["type"] == "json_invalid":
            return CallerError(f"The body is not valid JSON: {_reason(finding)}.")
        fields.append({"field": _name(finding["loc"], place), "message": _message(finding)})
    fields = fields[:MAX_FINDINGS]
    told = "; ".join(f"{each['field']}: {each['message']}" for each in fields[:3])
    return InvalidInput(f"{told}.", fields=fields)


def _name(location: Iterable[Any], place: str) -> str:
    parts = [str(part)[:80] for part in location]
    if parts and parts[0] in _PLACES:
        place, *parts = parts
    named = [part.encode("ascii", "replace").decode() for part in parts]
    return ".".join(named) or place or "body"


def _message(finding: Mapping[str, Any]) -> str:
    if finding["type"] == "extra_forbidden":
        return "there is no such field"
    if finding["type"] == "missing":
        return "this is needed"
    return str(finding["msg"])


def _reason(finding: Mapping[str, Any]) -> str:
    context = finding.get("ctx") or {}
    reason = str(context.get("error", "it cannot be parsed"))
    return reason.encode("ascii", "replace").decode()
