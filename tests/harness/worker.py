"""Owns the two ways a test holds the real Worker: in wrangler's test server, and as `dev` runs it.

`Worker` can be looked into and evicted. `KillableWorker` keeps its state on disk and may be killed
at any moment. Both serve a `ProjectCopy`.
"""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from typing import Any, Literal

from _lib.container_engine import ContainerEngine
from _lib.dev_server import DevServer
from _lib.local_database import migrate_local_databases
from _lib.local_runtime import LocalRuntime
from _lib.settings_file import write_settings_file
from _lib.wrangler import LocalServer, free_port, wrangler_environment
from tests.harness.project_copy import NEIGHBOUR, ProjectCopy
from tests.harness.sidecar import Sidecar

Sockets = Literal["close", "hibernate"]


class Worker:
    """The Worker in wrangler's test server; its storage lasts as long as the server."""

    def __init__(self, sidecar: Sidecar, project_copy: ProjectCopy) -> None:
        self._sidecar = sidecar
        configs = [str(path) for path in project_copy.configs]
        self.url: str = sidecar.call("start", configs=configs)["url"].rstrip("/")
        sidecar.call("migrate", binding="DB")

    @property
    def websocket_url(self) -> str:
        return "ws" + self.url.removeprefix("http")

    def from_neighbour(self, called: str, /, **arguments: Any) -> Any:
        """What another Worker gets when it calls a method of ours by RPC: the envelope."""
        asked = {"name": NEIGHBOUR, "path": f"/{called}", "body": json.dumps(arguments)}
        return json.loads(self._sidecar.call("neighbour", **asked)["text"])

    def hibernate(self, class_name: str, name: str) -> None:
        """Drops the object's memory; its sockets stay open, as after hibernation.

        SidecarError when it does not run, or is still at work after half a minute. An object that
        waits for another one that calls it back, as an alarm may, counts as being at work: the
        test server holds such calls back while it evicts.
        """
        self._evict(class_name, {"name": name}, "hibernate")

    def evict(self, class_name: str, name: str) -> None:
        """Drops the object's memory and closes its sockets, as at a deploy. Errors as above."""
        self._evict(class_name, {"name": name}, "close")

    def evict_id(self, class_name: str, object_id: str, sockets: Sockets = "close") -> None:
        """The same for an object of `list_objects`, whose name is not known."""
        self._evict(class_name, {"id": object_id}, sockets)

    def list_objects(self, class_name: str) -> list[str]:
        """Ids of the class's objects that have stored something."""
        return list(self._sidecar.call("listObjects", className=class_name))

    def logs(self) -> list[dict[str, str]]:
        """What the Worker logged: level and message."""
        return list(self._sidecar.call("logs"))

    def clear_logs(self) -> None:
        self._sidecar.call("clearLogs")

    def _evict(self, class_name: str, target: dict[str, str], sockets: Sockets) -> None:
        self._sidecar.call("evict", className=class_name, object=target, webSockets=sockets)


class KillableWorker:
    """The Worker under `wrangler dev`, with a state folder of its own and one port for its life."""

    def __init__(
        self,
        runtime: LocalRuntime,
        project_copy: ProjectCopy,
        *,
        scratch: Path,
        snapshot: bool = True,
    ) -> None:
        """Without `snapshot` it starts slower, and may start Python Workers at run time."""
        self._build = project_copy.build if snapshot else None
        self._runtime = runtime
        self._copy = project_copy
        self._scratch = scratch
        self._server: DevServer | None = None
        self.engine = ContainerEngine(runtime.python, near_allowed=True)
        self.port = free_port()
        self.log = scratch / "wrangler.log"
        settings_file = scratch / "settings.env"
        write_settings_file(settings_file, {})
        self._local = LocalServer(
            port=self.port,
            inspector_port=free_port(),
            state=scratch / "state",
            settings_file=settings_file,
        )

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def websocket_url(self) -> str:
        return f"ws://localhost:{self.port}"

    @property
    def state(self) -> Path:
        """The folder with everything that it stores; look into it when the server has stopped."""
        return self._local.state

    def start(self) -> None:
        """Starts on the state that is there and returns when the health route answers.

        The engine of its sandboxes is started with it once and outlives every kill.
        """
        self.engine.start()
        migrate_local_databases(self._local.state)
        configs = [word for path in self._copy.configs for word in ("--config", str(path))]
        self._server = DevServer(port=self.port, say=lambda _line: None, log=self.log)
        self._server.start(
            [*self._local.command(self._runtime), *configs],
            env=wrangler_environment(
                self._runtime, scratch=self._scratch, build=self._build, engine=self.engine
            ),
            cwd=self._copy.folder,
        )
        self._server.wait_ready()
        self.engine.wait_ready()

    def kill9(self) -> None:
        """SIGKILL for every process of the server, at once; nothing gets to say goodbye."""
        assert self._server is not None, "it was never started"
        os.killpg(self._server.process_group, signal.SIGKILL)
        self._server.stop()
        self._wait_until_nothing_listens()

    def stop(self) -> None:
        """Ends the server politely, and its sandboxes. Repeatable."""
        if self._server is not None:
            self._server.stop()
        self.engine.stop()

    def workerd_pids(self) -> list[int]:
        """The processes of the runtime itself, for measuring."""
        assert self._server is not None
        return _group_members(self._server.process_group, command="workerd")

    def _wait_until_nothing_listens(self) -> None:
        assert self._server is not None
        deadline = time.monotonic() + 10
        while _group_members(self._server.process_group, command=""):
            assert time.monotonic() < deadline, "killed processes are still there"
            time.sleep(0.01)


def _group_members(group: int, *, command: str) -> list[int]:
    """Processes of the group that still run, by name; Linux only (/proc)."""
    members = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            name, _, rest = stat.partition("(")[2].rpartition(")")
            state, _, its_group = rest.split()[:3]
            if int(its_group) == group and state != "Z" and command in name:
                members.append(int(entry.name))
    return members
