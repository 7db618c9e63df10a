"""The sandboxes of this engine: their processes, sockets and folders, by container name.

A restarted runtime names containers after a session of its own; `plain_name` leaves the session
out, so that it finds the sandboxes that were left running.
"""

from __future__ import annotations

import asyncio
import ctypes
import hashlib
import os
import re
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from _lib.sandbox_engine.box_plan import BoxPlan
from _lib.sandbox_engine.egress_proxy import EgressProxy
from _lib.sandbox_engine.enclosure import FIRST_UID, UIDS, Enclosure, own
from _lib.sandbox_engine.ingress import Ingress

NETWORK_VARIABLE = "SANDBOX_NETWORK"
STOP_SECONDS = 5.0
_SESSION = re.compile(r"^(workerd)-[0-9a-f]{16}-")
_PDEATHSIG = 1


def plain_name(name: str) -> str:
    """The container's name without the session of the runtime that made it."""
    return _SESSION.sub(r"\1-", name.lstrip("/"))


@dataclass
class Container:
    """What the Docker API knows of one. ``sidecar`` has an ingress, any other one a process."""

    name: str
    create: dict[str, Any]
    id: str
    labels: dict[str, str] = field(default_factory=dict)
    status: str = "created"
    exit_code: int = 0
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    process: subprocess.Popen[bytes] | None = None
    ingress: Ingress | None = None
    egress: EgressProxy | None = None
    plan: BoxPlan | None = None
    watcher: asyncio.Task[None] | None = None

    @property
    def is_sidecar(self) -> bool:
        return self.name.endswith("-proxy")


class Boxes:
    """All containers. ``code`` is the folder with the daemon, ``scratch`` one for us alone."""

    def __init__(
        self, enclosure: Enclosure, *, scratch: Path, code: Path, near_allowed: bool
    ) -> None:
        self._enclosure = enclosure
        self._scratch = scratch
        self._code = code
        self._near_allowed = near_allowed
        self._containers: dict[str, Container] = {}
        self._next_uid = 0

    def find(self, name: str) -> Container | None:
        """By name or id."""
        found = self._containers.get(plain_name(name))
        if found is None:
            found = next((one for one in self._containers.values() if one.id == name), None)
        return found

    def all(self) -> list[Container]:
        return list(self._containers.values())

    def create(self, name: str, body: dict[str, Any]) -> Container | None:
        """None when the name is taken."""
        name = plain_name(name)
        if name in self._containers:
            return None
        digest = hashlib.sha256(name.encode()).hexdigest()
        labels = dict(body.get("Labels") or {})
        self._containers[name] = Container(name=name, create=body, id=digest, labels=labels)
        return self._containers[name]

    async def start(self, container: Container) -> None:
        """Raises ``OSError`` when the process cannot be started."""
        if container.is_sidecar:
            await self._start_sidecar(container)
        else:
            await self._start_box(container)
        container.status = "running"
        container.ended.clear()

    async def kill(self, container: Container, number: int) -> None:
        """A signal to the first process; all of the sandbox ends with it."""
        if container.process is not None and container.status == "running":
            container.process.send_signal(number)
            if number == signal.SIGKILL:
                await container.ended.wait()

    async def stop(self, container: Container) -> None:
        """Politely, then for good."""
        await self.kill(container, signal.SIGTERM)
        try:
            await asyncio.wait_for(container.ended.wait(), STOP_SECONDS)
        except TimeoutError:
            await self.kill(container, signal.SIGKILL)

    async def remove(self, container: Container) -> None:
        """Ends it and forgets it."""
        if container.process is not None:
            await self.kill(container, signal.SIGKILL)
        if container.ingress is not None:
            container.ingress.close()
            self._ended(container, 0)
        self._containers.pop(container.name, None)

    async def close(self) -> None:
        """Ends every sandbox."""
        for container in self.all():
            await self.remove(container)

    async def _start_sidecar(self, container: Container) -> None:
        main = container.name.removesuffix("-proxy")

        def socket() -> Path | None:
            box = self._containers.get(main)
            return box.plan.api if box is not None and box.plan is not None else None

        container.ingress = Ingress(socket)
        await container.ingress.open()

    async def _start_box(self, container: Container) -> None:
        environment = dict(
            pair.partition("=")[::2] for pair in container.create.get("Env") or [] if "=" in pair
        )
        hosts = tuple(filter(None, environment.get(NETWORK_VARIABLE, "").split(",")))
        home = self._scratch / hashlib.sha256(container.name.encode()).hexdigest()[:12]
        plan = BoxPlan(name=container.name, home=home, code=self._code, network=hosts)
        plan.prepare()
        uid = FIRST_UID + self._next_uid % UIDS
        self._next_uid += 1
        own(plan, uid)
        if hosts:
            container.egress = EgressProxy(plan.egress, hosts, near_allowed=self._near_allowed)
            await container.egress.open()
        container.plan = plan
        container.process = self._spawn(plan, uid)
        container.watcher = asyncio.create_task(self._watch(container, container.process))

    def _spawn(self, plan: BoxPlan, uid: int) -> subprocess.Popen[bytes]:
        with (plan.home / "log").open("wb") as log:
            return subprocess.Popen(
                self._enclosure.command(plan, uid, plan.daemon()),
                env=self._enclosure.environment(plan),
                cwd=plan.home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_engine,
            )

    async def _watch(self, container: Container, process: subprocess.Popen[bytes]) -> None:
        while process.poll() is None:  # noqa: ASYNC110 - cheaper than a thread for each
            await asyncio.sleep(0.05)
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        self._ended(container, process.returncode)

    def _ended(self, container: Container, returncode: int) -> None:
        container.status = "exited"
        container.exit_code = returncode if returncode >= 0 else 128 - returncode
        if container.egress is not None:
            container.egress.close()
            container.egress = None
        container.ended.set()


def _end_with_engine() -> None:
    """In the child: dies when the engine does, also by kill -9 (Linux)."""
    if os.uname().sysname == "Linux":
        ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
