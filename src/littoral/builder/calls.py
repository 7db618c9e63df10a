"""The methods of a build that doors and other objects call, by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from littoral.agent.connection import close_key
from littoral.api.envelope import Call, failure, success
from littoral.builder.build import Build
from littoral.builder.build_book import has_begun
from littoral.builder.builder import Builder
from littoral.errors import InvalidInput, LittoralError, NotFound
from littoral.preview.calls import PREFIX
from littoral.store.sql import Sql

MAX_WAIT_SECONDS = 12.0


def may_answer(sql: Sql, text: str) -> bool:
    """Whether a call has an object to answer it: only one that begins a build makes it.

    Ids that nobody began a build for leave nothing behind.
    """
    return has_begun(sql) or text.startswith('{"method":"build.create"')


class BuilderCalls:
    """Dispatches calls; they reach it only through the Worker, which has decided who calls."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        desk, view = builder.desk, builder.view
        self._methods: dict[str, Callable[[Call], Any]] = {
            "build.create": self._create,
            "build.describe": lambda _: builder.shown(builder.book.get()),
            "build.generate": lambda call: self._shown(desk.generate(call.args.get("budget"))),
            "build.message": self._message,
            "build.cancel": lambda call: builder.shown(desk.cancel(call.args.get("reason"))),
            "build.resume": lambda call: self._shown(desk.resume(call.args.get("budget"))),
            "build.fix": lambda call: self._shown(desk.fix(call.args.get("budget"))),
            "build.blueprint": lambda call: builder.shown(desk.edit(call.args.get("blueprint"))),
            "build.files": lambda call: view.files(call.args.get("path")),
            "build.events": self._events,
            "build.wait": self._wait,
            "build.problems": self._problems,
            "build.revisions": lambda _: view.revisions(),
            "build.restore": self._restore,
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
            self._builder.fault(error, "call")
            return failure(error, request_id)

    async def call(self, call: Call) -> Any:
        """The method's result; raises its error."""
        if call.method.startswith(PREFIX):
            self._builder.book.get()
            answered = self._builder.previews.answer(call.method, call.args)
            self._builder.told()
            return answered
        method = self._methods.get(call.method)
        if method is None:
            raise NotFound(f"A build has no method {call.method!r}.")
        result = method(call)
        return await result if isinstance(result, Awaitable) else result

    async def _shown(self, work: Awaitable[Build]) -> dict[str, Any]:
        return self._builder.shown(await work)

    async def _create(self, call: Call) -> dict[str, Any]:
        user_id = call.payer.partition(".")[0] or str(call.args.get("userId") or "")
        return self._builder.shown(await self._builder.desk.create(call.args, user_id))

    async def _message(self, call: Call) -> dict[str, Any]:
        text = call.args.get("text")
        return await self._shown(self._builder.desk.message(text, call.args.get("budget")))

    def _events(self, call: Call) -> dict[str, Any]:
        since, limit = int(call.args.get("since") or 0), int(call.args.get("limit") or 200)
        return self._builder.view.events(since, limit)

    async def _wait(self, call: Call) -> dict[str, Any]:
        """Events after ``since``; waits for the first of them for ``seconds`` at most."""
        page = self._events(call)
        if not page["events"] and not page["ended"]:
            seconds = min(MAX_WAIT_SECONDS, float(call.args.get("seconds") or 0))
            await self._builder.watchers.wait(self._builder.place.build_id, seconds)
            page = self._events(call)
        return page

    def _problems(self, call: Call) -> dict[str, Any]:
        self._builder.desk.problems(call.args.get("problems"))
        return self._builder.shown(self._builder.book.get())

    async def _restore(self, call: Call) -> dict[str, Any]:
        revision = call.args.get("revision")
        if isinstance(revision, bool) or not isinstance(revision, int):
            raise InvalidInput("revision must be the number of a revision.")
        return await self._shown(self._builder.desk.restore(revision))

    def _close_sockets(self, call: Call) -> dict[str, Any]:
        connections = self._builder.place.connections.all()
        return {"closed": close_key(connections, str(call.args["keyId"]))}
