"""The methods of an orchestrator that doors, workflows and sandboxes call, by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from littoral.agent.connection import close_key
from littoral.api.envelope import Call, failure, success
from littoral.errors import InvalidInput, LittoralError, NotFound
from littoral.orchestrator import limits
from littoral.orchestrator.orchestrator import Orchestrator
from littoral.orchestrator.run import Run
from littoral.orchestrator.starting import restart_args
from littoral.text import require_text

Arguments = Mapping[str, Any]
MAX_WAIT_SECONDS = 12.0


class OrchestratorCalls:
    """Dispatches calls; they reach it only through the Worker, which has decided who calls."""

    def __init__(self, orchestrator: Orchestrator) -> None:
        self._orchestrator = orchestrator
        self._desk = orchestrator.desk
        self._methods: dict[str, Callable[[Call], Any]] = {
            "run.start": self._start,
            "run.list": self._list,
            "run.describe": lambda call: self._shown(self._run(call.args)),
            "run.events": self._events,
            "run.wait": self._wait,
            "run.output": self._output,
            "run.artifacts": self._artifacts,
            "run.approve": self._approve,
            "run.reject": self._reject,
            "run.cancel": self._cancel,
            "run.pause": self._pause,
            "run.resume": self._resume,
            "run.restart": self._restart,
            "approvals.list": lambda _: {"approvals": orchestrator.view.waiting_approvals()},
            "session.create": self._create_session,
            "session.list": self._list_sessions,
            "session.describe": self._describe_session,
            "session.stop": self._stop_session,
            "session.used": self._used_session,
            "sockets.close": self._close_sockets,
            "workflow.stage": lambda call: orchestrator.stage(call.args),
            "sandbox.output": lambda call: orchestrator.reports.output(call.args),
            "sandbox.ended": lambda call: orchestrator.reports.ended(call.args),
        }

    async def answer(self, text: str) -> str:
        """One call as it travels, to one answer as it travels. Never raises."""
        request_id = ""
        try:
            call = Call.read(text)
            request_id = call.request_id
            return success(await self.call(call))
        except LittoralError as error:
            return failure(error, request_id)
        except Exception as error:  # noqa: BLE001 - errors cross between objects as envelopes
            self._orchestrator.fault(error, "call")
            return failure(error, request_id)

    async def call(self, call: Call) -> Any:
        """The method's result; raises its error."""
        method = self._methods.get(call.method)
        if method is None:
            raise NotFound(f"An orchestrator has no method {call.method!r}.")
        result = method(call)
        return await result if isinstance(result, Awaitable) else result

    # --- runs ------------------------------------------------------------------------------------

    def _run(self, args: Arguments) -> Run:
        return self._orchestrator.book.get(str(args.get("runId")))

    def _shown(self, run: Run) -> dict[str, Any]:
        return self._orchestrator.run_json(run)

    async def _start(self, call: Call) -> dict[str, Any]:
        run = await self._orchestrator.starting.start(call.args, call.payer)
        return {"runId": run.id, "status": run.status}

    def _list(self, call: Call) -> dict[str, Any]:
        args = call.args
        return self._orchestrator.view.page(
            status=args.get("status"),
            words=str(args.get("q") or ""),
            cursor=args.get("cursor"),
            limit=int(args.get("limit") or 30),
        )

    def _events(self, call: Call) -> dict[str, Any]:
        args = call.args
        since, limit = int(args.get("since") or 0), int(args.get("limit") or 200)
        return self._orchestrator.view.events(str(args["runId"]), since, limit)

    async def _wait(self, call: Call) -> dict[str, Any]:
        """Events after ``since``; waits for the first of them for ``seconds`` at most."""
        page = self._events(call)
        if not page["events"] and not page["ended"]:
            seconds = min(MAX_WAIT_SECONDS, float(call.args.get("seconds") or 0))
            await self._orchestrator.watchers.wait(str(call.args["runId"]), seconds)
            page = self._events(call)
        return page

    def _output(self, call: Call) -> dict[str, Any]:
        args = call.args
        since = int(args.get("since") or 0)
        return self._orchestrator.view.output(str(args["runId"]), args.get("stream"), since)

    def _artifacts(self, call: Call) -> dict[str, Any]:
        return {"artifacts": self._shown(self._run(call.args))["artifacts"]}

    async def _approve(self, call: Call) -> dict[str, Any]:
        note = _words(call.args, "reason")
        return self._shown(await self._desk.approve(*_decision(call.args), note))

    async def _reject(self, call: Call) -> dict[str, Any]:
        reason = _words(call.args, "reason")
        return self._shown(await self._desk.reject(*_decision(call.args), reason))

    async def _cancel(self, call: Call) -> dict[str, Any]:
        reason = _words(call.args, "reason")
        return self._shown(await self._desk.cancel(str(call.args["runId"]), reason))

    async def _pause(self, call: Call) -> dict[str, Any]:
        return self._shown(await self._desk.pause(str(call.args["runId"])))

    async def _resume(self, call: Call) -> dict[str, Any]:
        return self._shown(await self._desk.resume(str(call.args["runId"])))

    async def _restart(self, call: Call) -> dict[str, Any]:
        run = self._run(call.args)
        args = {**restart_args(run), "idempotencyKey": call.args.get("idempotencyKey")}
        made = await self._orchestrator.starting.start(args, call.payer, restarted_from=run.id)
        return self._shown(made)

    # --- sessions --------------------------------------------------------------------------------

    async def _create_session(self, call: Call) -> dict[str, Any]:
        session = await self._orchestrator.sessions.create(call.args, call.payer)
        self._orchestrator.plan_alarm()
        return {"sessionId": session.id, "status": session.status}

    def _list_sessions(self, _call: Call) -> dict[str, Any]:
        return {"sessions": [each.to_json() for each in self._orchestrator.session_book.newest()]}

    async def _describe_session(self, call: Call) -> dict[str, Any]:
        session = await self._orchestrator.sessions.describe(str(call.args["sessionId"]))
        return session.to_json()

    async def _stop_session(self, call: Call) -> dict[str, Any]:
        session = await self._orchestrator.sessions.stop(str(call.args["sessionId"]))
        return session.to_json()

    def _used_session(self, call: Call) -> dict[str, Any]:
        return self._orchestrator.sessions.used(str(call.args["sessionId"])).to_json()

    def _close_sockets(self, call: Call) -> dict[str, Any]:
        connections = self._orchestrator.place.connections.all()
        return {"closed": close_key(connections, str(call.args["keyId"]))}


def _decision(args: Arguments) -> tuple[str, str | None]:
    approval_id = args.get("approvalId")
    if approval_id is not None and not isinstance(approval_id, str):
        raise InvalidInput("approvalId must be text.")
    return str(args["runId"]), approval_id


def _words(args: Arguments, field: str) -> str:
    given = args.get(field)
    if not given:
        return ""
    return require_text(given, field=field, most=limits.MAX_REASON_CHARACTERS)
