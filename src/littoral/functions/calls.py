"""The methods of an owner's functions that doors and the queue call, by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from littoral.agent.connection import close_key
from littoral.api.envelope import Call, failure, success
from littoral.errors import LittoralError, NotFound
from littoral.functions import job_limits
from littoral.functions.functions import Functions
from littoral.functions.job import Job
from littoral.functions.queueing import verdict_on
from littoral.functions.request import read_description, read_input, read_type
from littoral.text import require_text

Arguments = Mapping[str, Any]
MAX_WAIT_SECONDS = 12.0


class FunctionCalls:
    """Dispatches calls; they reach it only through the Worker, which has decided who calls."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions
        self._methods: dict[str, Callable[[Call], Any]] = {
            "function.execute": self._execute,
            "function.classify": self._classify,
            "job.list": self._list,
            "job.describe": lambda call: self._shown(self._job(call.args)),
            "job.events": self._events,
            "job.wait": self._wait,
            "job.cancel": self._cancel,
            "job.replay": self._replay,
            "job.work": self._work,
            "job.dead": self._dead,
            "task.list": self._list_tasks,
            "task.describe": lambda call: functions.tasks.get(_task_id(call.args)).to_json(),
            "task.complete": self._complete,
            "task.reject": self._reject,
            "override.list": lambda _: {
                "overrides": [e.to_json() for e in functions.overrides.all()]
            },
            "override.set": self._remember,
            "override.forget": self._forget,
            "sockets.close": self._close_sockets,
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
            self._functions.fault(error, "call")
            return failure(error, request_id)

    async def call(self, call: Call) -> Any:
        """The method's result; raises its error."""
        method = self._methods.get(call.method)
        if method is None:
            raise NotFound(f"Functions have no method {call.method!r}.")
        result = method(call)
        return await result if isinstance(result, Awaitable) else result

    # --- functions -------------------------------------------------------------------------------

    async def _execute(self, call: Call) -> dict[str, Any]:
        asked = read_input(call.args, near=self._functions.near_hosts)
        key = call.args.get("idempotencyKey")
        job = await self._functions.calling.execute(asked, call.payer, key=key)
        return self._functions.view.call(job)

    async def _classify(self, call: Call) -> dict[str, Any]:
        asked = read_input({**call.args, "options": {"type": call.args.get("type")}})
        found = await self._functions.calling.classify(asked, call.payer)
        used = found.usage
        usage = {"inputTokens": used.input_tokens, "outputTokens": used.output_tokens}
        return {**found.to_json(), "degraded": found.degraded, "usage": usage}

    # --- jobs ------------------------------------------------------------------------------------

    def _job(self, args: Arguments) -> Job:
        return self._functions.book.get(_job_id(args))

    def _shown(self, job: Job) -> dict[str, Any]:
        return self._functions.view.job(job)

    def _list(self, call: Call) -> dict[str, Any]:
        args = call.args
        return self._functions.view.page(
            status=args.get("status"),
            kind=args.get("type"),
            dead=args.get("deadLetter"),
            words=str(args.get("q") or ""),
            cursor=args.get("cursor"),
            limit=int(args.get("limit") or 30),
        )

    def _events(self, call: Call) -> dict[str, Any]:
        args = call.args
        since, limit = int(args.get("since") or 0), int(args.get("limit") or 200)
        return self._functions.view.events(_job_id(args), since, limit)

    async def _wait(self, call: Call) -> dict[str, Any]:
        """Events after ``since``; waits for the first of them for ``seconds`` at most."""
        page = self._events(call)
        if not page["events"] and not page["ended"]:
            seconds = min(MAX_WAIT_SECONDS, float(call.args.get("seconds") or 0))
            await self._functions.watchers.wait(_job_id(call.args), seconds)
            page = self._events(call)
        return page

    async def _cancel(self, call: Call) -> dict[str, Any]:
        reason = _words(call.args, "reason")
        return self._shown(await self._functions.desk.cancel(_job_id(call.args), reason))

    async def _replay(self, call: Call) -> dict[str, Any]:
        key = call.args.get("idempotencyKey")
        job = await self._functions.calling.replay(_job_id(call.args), call.payer, key=key)
        return self._functions.view.call(job)

    async def _work(self, call: Call) -> dict[str, Any]:
        """For the queue: works on a job and says what becomes of its message."""
        functions = self._functions
        job = await functions.calling.work(_job_id(call.args))
        return verdict_on(job, functions.clock.now_ms())

    async def _dead(self, call: Call) -> dict[str, Any]:
        """For the queue of dead letters."""
        job = await self._functions.supervisor.dead(_job_id(call.args))
        return {"status": job.status}

    # --- human tasks -----------------------------------------------------------------------------

    def _list_tasks(self, call: Call) -> dict[str, Any]:
        found = self._functions.tasks.listed(call.args.get("status"))
        return {"tasks": [task.to_json() for task in found]}

    async def _complete(self, call: Call) -> dict[str, Any]:
        answer = call.args.get("answer")
        task = await self._functions.desk.complete(_task_id(call.args), answer)
        return task.to_json()

    async def _reject(self, call: Call) -> dict[str, Any]:
        most = job_limits.MAX_REASON_CHARACTERS
        reason = require_text(call.args.get("reason"), field="reason", most=most)
        return (await self._functions.desk.reject(_task_id(call.args), reason)).to_json()

    # --- remembered types ------------------------------------------------------------------------

    def _remember(self, call: Call) -> dict[str, Any]:
        description = read_description(call.args.get("description"))
        function_type = read_type(call.args.get("type"), "type")
        return self._functions.overrides.remember(description, function_type).to_json()

    def _forget(self, call: Call) -> dict[str, Any]:
        key = str(call.args.get("key"))
        if not self._functions.overrides.forget(key):
            raise NotFound(f"No type is remembered under {key[:80]!r}.")
        return {"forgotten": key}

    def _close_sockets(self, call: Call) -> dict[str, Any]:
        connections = self._functions.place.connections.all()
        return {"closed": close_key(connections, str(call.args["keyId"]))}


def _job_id(args: Arguments) -> str:
    return str(args.get("jobId"))


def _task_id(args: Arguments) -> str:
    return str(args.get("taskId"))


def _words(args: Arguments, field: str) -> str:
    given = args.get(field)
    if not given:
        return ""
    return require_text(given, field=field, most=job_limits.MAX_REASON_CHARACTERS)
