"""What the daemon is told by its environment, and the limits that it holds.

The limits are those of `littoral.sandbox.limits`; a test keeps the two equal.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MIB = 1024 * 1024

KEPT_HEAD_BYTES = MIB
KEPT_TAIL_BYTES = 64 * 1024
MAX_HEAD_CHUNKS = 20_000
MAX_COMMANDS = 200
MAX_FILE_BYTES = 8 * MIB
MAX_ARTIFACTS = 100
MAX_LISTED_FILES = 1_000
"""Beyond these a listing says that it was cut."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What everything in the sandbox together may use; a file may be as large as the disk.

    With ``shared_user`` the machine counts processes of others with ours.
    """

    processes: int = 256
    memory_bytes: int = 1024 * MIB
    disk_bytes: int = 512 * MIB
    shared_user: bool = False


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """``listen`` is ``unix:<path>`` or ``<address>:<port>``; folders exist before the start."""

    listen: str = "0.0.0.0:8080"
    state: Path = Path("/var/lib/sandboxd")
    workspace: Path = Path("/workspace")
    path: str = "/usr/local/bin:/usr/bin:/bin"
    proxy: str = ""
    egress: str = ""
    engine: str = "container"
    isolation: str = "a container of its own: own files, processes and user"
    limits: Limits = Limits()

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> Configuration:
        """From SANDBOXD_LISTEN, _STATE, _WORKSPACE, _PATH, _EGRESS, _PROXY, the limits, …."""
        plain = cls()
        limits = Limits(
            processes=int(environ.get("SANDBOXD_PROCESSES", plain.limits.processes)),
            memory_bytes=int(environ.get("SANDBOXD_MEMORY_BYTES", plain.limits.memory_bytes)),
            disk_bytes=int(environ.get("SANDBOXD_DISK_BYTES", plain.limits.disk_bytes)),
            shared_user=environ.get("SANDBOXD_SHARED_USER", "") == "1",
        )
        return cls(
            listen=environ.get("SANDBOXD_LISTEN", plain.listen),
            state=Path(environ.get("SANDBOXD_STATE", plain.state)),
            workspace=Path(environ.get("SANDBOXD_WORKSPACE", plain.workspace)),
            path=environ.get("SANDBOXD_PATH", plain.path),
            proxy=environ.get("SANDBOXD_PROXY", ""),
            egress=environ.get("SANDBOXD_EGRESS", ""),
            engine=environ.get("SANDBOXD_ENGINE", plain.engine),
            isolation=environ.get("SANDBOXD_ISOLATION", plain.isolation),
            limits=limits,
        )

    def place(self, cwd: str) -> str:
        """Where a command begins: `/workspace` is the workspace, wherever that really lies."""
        if cwd == "/workspace" or cwd.startswith("/workspace/"):
            return str(self.workspace) + cwd.removeprefix("/workspace")
        return cwd

    def environment(self) -> dict[str, str]:
        """What every command begins with; nothing of the daemon's own leaks into it."""
        plain = {
            "PATH": self.path,
            "HOME": str(self.workspace),
            "LANG": "C.UTF-8",
            "TMPDIR": "/tmp",  # noqa: S108 - the sandbox's own
            "TERM": "xterm-256color",
        }
        if self.proxy:
            for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
                plain[name] = self.proxy
            plain["no_proxy"] = plain["NO_PROXY"] = "localhost,127.0.0.1,::1"
        return plain
