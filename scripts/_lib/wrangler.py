"""Owns how wrangler is called here: its environment, and the command line of a local server.

The committed wrangler.toml is the production one; what local runs need besides it (development
flags, the workerd that knows the Pyodide bundle, a place for state) is added on the command line.
Waiting, printing and stopping is `dev_server.py`'s business.
"""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass
from pathlib import Path

from _lib.container_engine import ContainerEngine, docker_environment
from _lib.failures import SetupFailure
from _lib.local_runtime import LocalRuntime
from _lib.workerd_wrapper import BUILD_VARIABLE

LOCAL_FLAGS = ("python_workers", "python_workers_development", "experimental")
SNAPSHOT_FLAG = "python_dedicated_snapshot"  # the Worker may boot from memory that was kept
RECORDS_OFF = {"X_LOCAL_EXPLORER": "false", "X_LOCAL_OBSERVABILITY": "false"}
"""Wrangler's own explorer and its record of every request are off: Littoral has its operations, and
that record costs memory and a message per call."""
V8_FLAGS_VARIABLE = "MINIFLARE_WORKERD_V8_FLAGS"
V8_FLAGS = (
    "--max-semi-space-size=1",
    "--initial-old-space-size=4",
    "--memory-reducer-for-small-heaps",
)
"""Collect early. A local runtime has some thirty isolates, most of them simulators of wrangler's.
Each would let its heap grow by tens of megabytes, and hold what past requests left beside it."""
HOST = "localhost"
_NO_SUCH_ADDRESS = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})


@dataclass(frozen=True, kw_only=True)
class LocalServer:
    """One `wrangler dev`: its port, where its state lies, and the file with its settings."""

    port: int
    inspector_port: int
    state: Path
    settings_file: Path

    def command(self, runtime: LocalRuntime) -> list[str]:
        return [
            str(runtime.node.executable),
            "--no-warnings",
            str(runtime.wrangler),
            "dev",
            "--local",
            "--show-interactive-dev-session=false",
            f"--ip={HOST}",
            f"--port={self.port}",
            f"--inspector-port={self.inspector_port}",
            f"--persist-to={self.state}",
            f"--env-file={self.settings_file}",
            "--compatibility-flags",
            *LOCAL_FLAGS,
            SNAPSHOT_FLAG,
        ]


def wrangler_environment(
    runtime: LocalRuntime,
    *,
    scratch: Path,
    build: Path | None = None,
    engine: ContainerEngine | None = None,
) -> dict[str, str]:
    """No telemetry, no files outside `scratch`, no look-ups, and the workerd that set-up made.

    With `build`, the folder of the staged code, a server boots from its snapshot, if there is one.
    Without `engine`, everything starts but a sandbox.
    """
    return {
        **runtime.node.environment(),
        **({} if build is None else {BUILD_VARIABLE: str(build)}),
        **docker_environment(engine),
        "MINIFLARE_WORKERD_PATH": str(runtime.workerd),
        V8_FLAGS_VARIABLE: " ".join(V8_FLAGS),
        **RECORDS_OFF,
        "CLOUDFLARE_CF_FETCH_ENABLED": "false",
        "WRANGLER_SEND_METRICS": "false",
        "WRANGLER_SEND_ERROR_REPORTS": "false",
        "WRANGLER_HIDE_BANNER": "true",
        "WRANGLER_WRITE_LOGS": "false",
        "WRANGLER_LOG_PATH": str(scratch / "logs"),
        "WRANGLER_REGISTRY_PATH": str(scratch / "registry"),
        "NO_COLOR": "1",
        "FORCE_COLOR": "0",
    }


def require_free_port(port: int) -> None:
    """SetupFailure when something on this machine already listens there."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address, port))
        except PermissionError as error:
            raise SetupFailure(
                f"port {port} may not be used by this user", "choose one above 1023: --port 8788"
            ) from error
        except OSError as error:
            if error.errno in _NO_SUCH_ADDRESS:
                continue
            raise SetupFailure(
                f"port {port} is taken by another program",
                f"stop it, or choose another port: --port {port + 1}",
            ) from error


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
