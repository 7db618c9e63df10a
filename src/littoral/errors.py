"""Every error that Littoral raises on purpose, and what a caller may do about it.

    LittoralError
    ├── CallerError              the caller's mistake: repeating it unchanged fails again
    │   ├── InvalidInput             a value breaks a rule
    │   ├── NeedsClarification       words of a function may mean several things
    │   ├── FunctionFailed           what a function was asked to do did not work
    │   ├── NotAuthenticated         no credential, or a bad one
    │   │   └── GuestClaimed             a guest's cookie whose chats belong to an account now
    │   ├── NotAllowed               a good credential that does not reach so far
    │   ├── InsufficientScope        a good key without the scope that this needs
    │   ├── NotFound                 no such thing, or not yours
    │   ├── Conflict                 the thing is not in a state that allows this
    │   ├── FetchRefused             an address of the web that is never asked
    │   ├── TooLarge                 more bytes, items or nesting than is taken
    │   └── UnsupportedMedia         a content type that is not read here
    ├── OutsideError             the outside world failed
    │   ├── ModelUnavailable         no model answered
    │   ├── ModelRefused             the model's provider refused the request
    │   ├── DependencyUnavailable    a store or service did not answer
    │   ├── Interrupted              what was being done was cut off in the middle
    │   ├── DependencyPaused         its circuit breaker is open: it is not asked for a while
    │   ├── FetchFailed              a page or a webhook's receiver did not answer as it should
    │   └── DeadlineExceeded         it took longer than allowed
    └── LimitError               our own limits
        ├── RateLimited              too many calls in a span of time
        ├── QueueFull                too much already waits
        │   └── MeshOverloaded           an agent of the mesh has too much to do
        ├── BudgetExceeded           steps, tokens or money are used up
        └── InsufficientCredits      the account's credits do not cover this

The classes carry data and are turned into answers in one place for each door: ``problem`` makes the
RFC 9457 object that HTTP answers, RPC envelopes and socket frames share.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final


class LittoralError(Exception):
    """A failure with a stable ``code``, an HTTP status, and a next step for the caller.

    ``detail`` names the value, the rule and what to do, in one or two sentences without secrets.
    ``fields`` lists single problems as ``{"field": …, "message": …}``. ``retry_after_seconds`` is
    set where waiting helps. ``more`` are further members of the problem. ``retryable`` is the
    class's unless this one failure differs.
    """

    code: ClassVar[str] = "internal_error"
    title: ClassVar[str] = "Something failed on our side"
    http_status: ClassVar[int] = 500
    retryable: bool = True
    next_step: ClassVar[str] = "Try again; if it fails again, report the request id."

    def __init__(
        self,
        detail: str = "",
        *,
        next_step: str | None = None,
        fields: list[dict[str, str]] | None = None,
        retry_after_seconds: float | None = None,
        retryable: bool | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.advice = next_step or self.next_step
        self.fields = fields or []
        self.retry_after_seconds = retry_after_seconds
        self.more = dict(more or {})
        if retryable is not None:
            self.retryable = retryable


class CallerError(LittoralError):
    """The caller's mistake; the same request fails again."""

    code = "bad_request"
    title = "The request cannot be understood"
    http_status = 400
    retryable = False
    next_step = "Correct the request and send it again."


class InvalidInput(CallerError):
    """A value breaks a rule."""

    code = "invalid_input"
    title = "A value is not valid"
    http_status = 422


class NeedsClarification(CallerError):
    """The words of a function may mean several things; ``alternatives`` lists them."""

    code = "needs_clarification"
    title = "It is not clear what is meant"
    http_status = 422
    next_step = "Say more about the result, or choose one of the alternatives as options.type."


class FunctionFailed(CallerError):
    """A function did what it does, and that failed: its code raised, its document did not fit."""

    code = "function_failed"
    title = "The function failed"
    http_status = 422
    next_step = "Look at the job; change the description, the arguments or the examples."


class NotAuthenticated(CallerError):
    """There is no credential, or it is not a good one."""

    code = "not_authenticated"
    title = "You are not signed in"
    http_status = 401
    next_step = "Send the session cookie or a key and try again."


class GuestClaimed(NotAuthenticated):
    """The guest made an account of their chats: the guest's cookie opens them no more."""

    code = "guest_claimed"
    title = "These chats belong to an account now"
    next_step = "Sign in to the account with POST /api/login."


class NotAllowed(CallerError):
    """The credential is good but does not allow this."""

    code = "not_allowed"
    title = "This is not allowed"
    http_status = 403
    next_step = "Use an account or a page that may do this."


class InsufficientScope(CallerError):
    """The key is good and lacks the scope that this needs."""

    code = "insufficient_scope"
    title = "This key may not do this"
    http_status = 403
    next_step = "Use a key that has the scope, or make one with POST /api/keys."


class NotFound(CallerError):
    """There is no such thing, or it belongs to somebody else."""

    code = "not_found"
    title = "There is no such thing"
    http_status = 404
    next_step = "Check the id; list what you have to see what is there."


class MethodNotAllowed(CallerError):
    """The path exists and does not take this method."""

    code = "method_not_allowed"
    title = "This method is not available here"
    http_status = 405
    next_step = "Use one of the methods that the API description lists for this path."


class Conflict(CallerError):
    """The thing is not in a state that allows this."""

    code = "conflict"
    title = "This does not fit the present state"
    http_status = 409
    next_step = "Read the present state and decide again."


class FetchRefused(CallerError):
    """An address of the web that is not asked: private, malformed, or not allowed."""

    code = "fetch_refused"
    title = "This address is not asked"
    http_status = 422
    next_step = "Give an address of the public web: http or https, a host name, no user and port."


class TooLarge(CallerError):
    """More bytes, items or nesting than is taken."""

    code = "too_large"
    title = "This is too large"
    http_status = 413
    next_step = "Send less at once."


class UnsupportedMedia(CallerError):
    """The body's content type is not read here."""

    code = "unsupported_media_type"
    title = "This content type is not supported"
    http_status = 415
    next_step = "Send JSON with the header content-type: application/json."


class OutsideError(LittoralError):
    """The outside world failed; trying again may help."""

    code = "dependency_failed"
    title = "Something that we depend on failed"
    http_status = 502
    next_step = "Try again in a moment."


class ModelUnavailable(OutsideError):
    """No model answered: capacity, network, or an open circuit breaker."""

    code = "model_unavailable"
    title = "The model did not answer"
    http_status = 503


class ModelRefused(OutsideError):
    """The model's provider refused the request; the same request is refused again."""

    code = "model_refused"
    title = "The model's provider refused the request"
    http_status = 502
    retryable = False
    next_step = "Check the model's id, the key and the plan in the settings."


class DependencyUnavailable(OutsideError):
    """A store or another service did not answer."""

    code = "dependency_unavailable"
    title = "A service that we depend on is not available"
    http_status = 503


class DependencyPaused(OutsideError):
    """Its circuit breaker is open: nobody asks it until the time that is told."""

    code = "dependency_paused"
    title = "A service that failed is left alone for a while"
    http_status = 503
    next_step = "Try again after the time that retryAfterSeconds tells."


class FetchFailed(OutsideError):
    """A page or a receiver of webhooks did not answer, or with something that cannot be used."""

    code = "fetch_failed"
    title = "The page could not be read"
    http_status = 502
    next_step = "Open the address in a browser; try again later."


class Interrupted(OutsideError):
    """What was being done was cut off in the middle, and is not done again by itself."""

    code = "interrupted"
    title = "It was cut off before its end"
    http_status = 503


class DeadlineExceeded(OutsideError):
    """It took longer than allowed."""

    code = "deadline_exceeded"
    title = "It took too long"
    http_status = 504


class LimitError(LittoralError):
    """One of our own limits was reached."""

    code = "limit_exceeded"
    title = "A limit was reached"
    http_status = 429
    next_step = "Wait and try again."


class RateLimited(LimitError):
    """Too many calls in a span of time."""

    code = "rate_limited"
    title = "Too many requests"


class QueueFull(LimitError):
    """Too much already waits in this place."""

    code = "queue_full"
    title = "Too much is waiting already"
    next_step = "Wait for the earlier messages to be answered and send it again."


class MeshOverloaded(QueueFull):
    """An agent of the mesh has too much before it already; nothing was taken."""

    code = "mesh_overloaded"
    title = "The agent has too much to do"
    http_status = 503
    next_step = "Wait as long as retryAfterSeconds says and send it again."


class BudgetExceeded(LimitError):
    """Steps, tokens or money are used up."""

    code = "budget_exceeded"
    title = "The budget is used up"
    retryable = False
    next_step = "Raise the budget or begin something smaller."


class InsufficientCredits(LimitError):
    """The account's credits do not cover what this would cost."""

    code = "insufficient_credits"
    title = "There are not enough credits"
    http_status = 402
    retryable = False
    next_step = "Look at GET /api/credits; ask for more credits or begin something smaller."


def problem(error: BaseException, request_id: str = "") -> dict[str, Any]:
    """The RFC 9457 problem object for any error.

    An unknown exception becomes ``internal_error`` and says nothing of its text: a stack trace or a
    driver's message never leaves the process. Keys are camelCase as in every JSON of ours.
    """
    known = error if isinstance(error, LittoralError) else LittoralError()
    body: dict[str, Any] = {
        **known.more,
        "type": f"about:blank#{known.code}",
        "title": known.title,
        "status": known.http_status,
        "detail": known.detail,
        "code": known.code,
        "requestId": request_id,
        "retryable": known.retryable,
        "nextStep": known.advice,
    }
    if known.fields:
        body["errors"] = known.fields
    if known.retry_after_seconds is not None:
        body["retryAfterSeconds"] = known.retry_after_seconds
    return body


PROBLEM_KEYS: Final = ("code", "detail", "retryable", "nextStep")
"""What is kept of a problem in events and messages."""


def short_problem(error: LittoralError) -> dict[str, Any]:
    """What went wrong and what to do, as events and messages keep it: ``PROBLEM_KEYS``."""
    return {
        "code": error.code,
        "detail": error.detail[:500],
        "retryable": error.retryable,
        "nextStep": error.advice,
    }


def every_error() -> list[type[LittoralError]]:
    """All classes of the tree, parents first (the documentation is checked against this)."""
    found: list[type[LittoralError]] = []
    waiting: list[type[LittoralError]] = [LittoralError]
    while waiting:
        error = waiting.pop(0)
        found.append(error)
        waiting.extend(error.__subclasses__())
    return found
