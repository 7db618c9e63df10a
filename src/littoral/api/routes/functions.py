"""``/fn``: call a function that is described in words; say what words mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from littoral.accounts.account import Account
from littoral.api.context import Api, json_answer
from littoral.api.envelope import error_of
from littoral.api.function_answers import (
    ClassifiedAnswer,
    FunctionAccepted,
    FunctionResult,
    OverrideAnswer,
    OverrideList,
)
from littoral.api.function_bodies import FunctionCall, FunctionDescription, TypeOverride
from littoral.api.gateway import Remote
from littoral.api.routes import IDEMPOTENCY_KEY_DOC, WRITE, problems
from littoral.api.routes.runs import idempotency_key
from littoral.errors import Conflict, FunctionFailed, LittoralError, NeedsClarification

CALL_CLASS = "function-call"


async def functions_of(
    api: Api, request: Request, limit: str | None = None
) -> tuple[Remote, Account]:
    """The functions of the account that asks; raises what ``Api.account`` raises."""
    account = await api.account(request, scope="functions", limit=limit)
    return api.gateway.functions(account.owner, payer=account.payer), account


def function_routes(api: Api) -> APIRouter:
    """Calls, classification alone, remembered types."""
    router = APIRouter(tags=["functions"])
    _add_calls(router, api)
    _add_overrides(router, api)
    return router


def _add_calls(router: APIRouter, api: Api) -> None:
    @router.post(
        "/fn",
        response_model=FunctionResult,
        responses={
            202: {"model": FunctionAccepted, "description": "The job goes on by itself."},
            **problems(*WRITE, 402, 404, 409, 429, 502, 504),
        },
        openapi_extra={"parameters": [IDEMPOTENCY_KEY_DOC]},
    )
    async def execute_function(request: Request, body: FunctionCall) -> Response:
        """Does what the words say, and answers with the result or with the job that goes on."""
        remote, _ = await functions_of(api, request, CALL_CLASS)
        args = {**body.sent(), "idempotencyKey": idempotency_key(request)}
        return answer_of(await remote.call("function.execute", args))

    @router.post(
        "/fn/classify", response_model=ClassifiedAnswer, responses=problems(*WRITE, 402, 429)
    )
    async def classify_function(request: Request, body: FunctionDescription) -> Response:
        """Says what kind of function words describe, and why; runs nothing."""
        remote, _ = await functions_of(api, request, CALL_CLASS)
        return json_answer(await remote.call("function.classify", body.sent()))


def _add_overrides(router: APIRouter, api: Api) -> None:
    @router.get("/fn/overrides", response_model=OverrideList, responses=problems())
    async def list_type_overrides(request: Request) -> Response:
        """What you said that words mean."""
        remote, _ = await functions_of(api, request)
        return json_answer(await remote.call("override.list"))

    @router.post("/fn/overrides", response_model=OverrideAnswer, responses=problems(*WRITE))
    async def set_type_override(request: Request, body: TypeOverride) -> Response:
        """From now on these words mean this type; comes before rules and models."""
        remote, _ = await functions_of(api, request)
        return json_answer(await remote.call("override.set", body.sent()))

    @router.delete("/fn/overrides/{key}", status_code=204, responses=problems(404, 422))
    async def forget_type_override(
        request: Request, key: Annotated[str, Path(min_length=1, max_length=200)]
    ) -> Response:
        """Forgets what these words mean."""
        remote, _ = await functions_of(api, request)
        await remote.call("override.forget", {"key": key})
        return Response(status_code=204)


def answer_of(found: Mapping[str, Any]) -> Response:
    """200 with a result, 202 while the job goes on; raises the error of one that failed."""
    if found["status"] == "completed":
        return json_answer(found)
    if found["status"] in ("queued", "running", "waiting"):
        return json_answer(found, 202)
    raise failure_of(found)


def failure_of(found: Mapping[str, Any]) -> LittoralError:
    """The error of a job that did not complete, with the job's id."""
    error = found["error"]
    more: dict[str, Any] = {"jobId": found["jobId"]}
    if found["status"] in ("cancelled", "expired"):
        return Conflict(f"The job is {found['status']}.", more=more)
    if error["code"] == NeedsClarification.code:
        more["alternatives"] = error.get("alternatives", [])
        return NeedsClarification(error["message"], more=more)
    known = error_of({"code": error["code"], "detail": error["message"]})
    if type(known) is LittoralError and error["code"] != LittoralError.code:
        known = FunctionFailed(error["message"])
    known.advice = error["nextStep"] or known.advice
    known.more = more
    return known
