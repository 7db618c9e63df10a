"""The methods of an owner's mesh that doors and its own agents call, by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from littoral.agent.connection import close_key
from littoral.api.envelope import Call, failure, success
from littoral.errors import DependencyUnavailable, InvalidInput, LittoralError, NotFound
from littoral.mesh.directory.feed import Wanted
from littoral.mesh.directory.owner_mesh import OwnerMesh
from littoral.mesh.kernel.event import MeshEvent
from littoral.mesh.kernel.permissions import read_rules
from littoral.mesh.kernel.ports import Report

Arguments = Mapping[str, Any]
MAX_WAIT_SECONDS = 12.0


class MeshCalls:
    """Dispatches calls; they reach it only through the Worker, which has decided who calls."""

    def __init__(self, mesh: OwnerMesh) -> None:
        self._mesh = mesh
        self._methods: dict[str, Callable[[Call], Any]] = {
            "mesh.report": self._report,
            "mesh.match": lambda call: {"name": mesh.members.match(call.args["capability"])},
            "mesh.agents": lambda _: {"agents": mesh.members.shown()},
            "mesh.agent": self._agent,
            "mesh.events": self._events,
            "mesh.wait": self._wait,
            "mesh.permissions": lambda _: mesh.permissions.to_json(),
            "mesh.permit": self._permit,
            "mesh.letters": self._letters,
            "mesh.rebuild": self._rebuild,
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
            self._mesh.fault(error, "call")
            return failure(error, request_id)

    async def call(self, call: Call) -> Any:
        """The method's result; raises its error."""
        method = self._methods.get(call.method)
        if method is None:
            raise NotFound(f"The mesh has no method {call.method!r}.")
        result = method(call)
        return await result if isinstance(result, Awaitable) else result

    def _report(self, call: Call) -> dict[str, Any]:
        heard = self._mesh.hear(read_report(call.args))
        rules = heard.permissions
        return {"has": heard.has, "permissions": None if rules is None else rules.to_json()}

    def _agent(self, call: Call) -> dict[str, Any]:
        name = call.args["name"]
        for shown in self._mesh.members.shown():
            if shown["name"] == name:
                return shown
        raise NotFound(
            f"The mesh has no agent {str(name)[:40]!r}.",
            next_step="List them with GET /api/mesh/agents.",
        )

    def _events(self, call: Call) -> dict[str, Any]:
        args, feed = call.args, self._mesh.feed
        wanted, limit = _wanted(args), int(args.get("limit") or 100)
        since, before = args.get("since"), args.get("before")
        if since is not None:
            events = feed.after(int(since), wanted, limit)
        else:
            events = feed.before(int(before or feed.last() + 1), wanted, limit)
        last = feed.last()
        following = max(last, int(since or 0))
        if since is not None and events and feed.after(events[-1]["position"], wanted, 1):
            following = events[-1]["position"]
        return {"events": events, "next": following, "last": last, "ended": False}

    async def _wait(self, call: Call) -> dict[str, Any]:
        page = self._events(call)
        seconds = min(float(call.args.get("seconds") or 0), MAX_WAIT_SECONDS)
        if page["events"] or seconds <= 0:
            return page
        await self._mesh.watchers.wait(seconds)
        return self._events(call)

    async def _permit(self, call: Call) -> dict[str, Any]:
        rules = call.args.get("rules")
        if not isinstance(rules, list):
            raise InvalidInput("rules must be a list.")
        return await self._mesh.permit(read_rules(rules), call.args.get("version"))

    async def _letters(self, _: Call) -> dict[str, Any]:
        return {"deadLetters": await self._mesh.dead_letters()}

    async def _rebuild(self, _: Call) -> Any:
        if self._mesh.projecting is None:
            raise DependencyUnavailable("This mesh has no projections.")
        return await self._mesh.projecting.rebuild()

    def _close_sockets(self, call: Call) -> dict[str, int]:
        return {"closed": close_key(self._mesh.place.connections.all(), str(call.args["keyId"]))}


def read_report(args: Arguments) -> Report:
    """A report as it travels."""
    return Report(
        agent=args["agent"],
        kind=args["kind"],
        version=args["version"],
        capabilities=tuple(args["capabilities"]),
        last=args["last"],
        status=args["status"],
        permissions=args["permissions"],
        events=[MeshEvent.read(each) for each in args["events"]],
    )


def report_json(report: Report) -> dict[str, Any]:
    """What ``read_report`` reads."""
    return {
        "agent": report.agent,
        "kind": report.kind,
        "version": report.version,
        "capabilities": list(report.capabilities),
        "last": report.last,
        "status": dict(report.status),
        "permissions": report.permissions,
        "events": [each.to_json() for each in report.events],
    }


def _wanted(args: Arguments) -> Wanted:
    return Wanted(
        agent=str(args.get("agent") or ""),
        correlation_id=str(args.get("correlationId") or ""),
        type=str(args.get("type") or ""),
    )
