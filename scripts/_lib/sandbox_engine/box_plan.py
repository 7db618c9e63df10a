"""What one sandbox sees and starts with: folders, sockets, sizes, environment.

How it is closed off from the rest of the machine is `enclosure.py`'s business.
"""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

MIB = 1024 * 1024
TMPFS = {"/workspace": 512 * MIB, "/tmp": 128 * MIB}  # noqa: S108 - the sandbox's own
"""Folders that a closed sandbox may fill, each with its size in bytes."""
PROXY = "http://127.0.0.1:3128"

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
_SETTINGS = (
    "/etc/alternatives",
    "/etc/ca-certificates",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/pki",
    "/etc/ssl",
)
_FILES = {
    "/etc/passwd": "root:x:0:0:root:/:/usr/sbin/nologin\n"
    "sandbox:x:{uid}:{uid}:sandbox:/workspace:/bin/sh\n",
    "/etc/group": "root:x:0:\nsandbox:x:{uid}:\n",
    "/etc/hosts": "127.0.0.1 localhost\n::1 localhost\n",
    "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}


@dataclass(frozen=True, kw_only=True)
class BoxPlan:
    """``home`` is a folder of the engine's for this sandbox alone, below it `run` and `state`."""

    name: str
    home: Path
    code: Path
    network: tuple[str, ...] = ()
    links: dict[str, str] = field(default_factory=dict)

    @property
    def api(self) -> Path:
        """The daemon's socket, as the engine sees it."""
        return self.home / "run" / "api.sock"

    @property
    def egress(self) -> Path:
        """The socket of the way out, as the engine sees it."""
        return self.home / "run" / "out.sock"

    @property
    def workspace(self) -> Path:
        """The workspace where the sandbox has no file system of its own."""
        return self.home / "workspace"

    def prepare(self) -> None:
        """Makes the folders anew; what an earlier sandbox of this name left is gone."""
        shutil.rmtree(self.home, ignore_errors=True)
        for name in ("run", "state", "root", "workspace"):
            (self.home / name).mkdir(parents=True)

    def daemon(self) -> list[str]:
        return [sys.executable, "-B", "-m", "sandboxd"]

    def environment(self, *, isolation: str, closed: bool) -> dict[str, str]:
        """The daemon's. ``closed`` when the sandbox has a file system and a network of its own."""
        run = Path("/run/sandboxd") if closed else self.home / "run"
        plain = {
            "PYTHONPATH": str(self.code),
            "PYTHONUNBUFFERED": "1",
            "LANG": "C.UTF-8",
            "SANDBOXD_LISTEN": f"unix:{run / 'api.sock'}",
            "SANDBOXD_STATE": "/var/lib/sandboxd" if closed else str(self.home / "state"),
            "SANDBOXD_WORKSPACE": "/workspace" if closed else str(self.workspace),
            "SANDBOXD_PATH": search_path(),
            "SANDBOXD_ISOLATION": isolation,
            "SANDBOXD_ENGINE": "local",
            "LITTORAL_SANDBOX": self.name,
        }
        if self.network and closed:
            plain |= {"SANDBOXD_PROXY": PROXY, "SANDBOXD_EGRESS": str(run / "out.sock")}
        return plain

    def read_only(self) -> list[str]:
        """Folders of this machine that the sandbox may read, each at its own place."""
        system = [path for path in _SYSTEM if Path(path).is_dir() and not Path(path).is_symlink()]
        settings = [path for path in _SETTINGS if Path(path).exists()]
        tools = [
            str(path)
            for path in {Path(sys.prefix), Path(sys.base_prefix), self.code}
            if not path.is_relative_to("/usr")
        ]
        return system + settings + sorted(tools)

    def symlinks(self) -> dict[str, str]:
        """Links that the system has in place of folders (`/bin` → `usr/bin`)."""
        return {path: str(Path(path).readlink()) for path in _SYSTEM if Path(path).is_symlink()}

    def files(self, uid: int) -> dict[str, str]:
        """Small files of /etc that the sandbox has instead of the machine's."""
        return {path: text.format(uid=uid) for path, text in _FILES.items()}

    def writable(self) -> dict[str, str]:
        """Folders that the sandbox shares with the engine, by their place inside."""
        return {
            "/run/sandboxd": str(self.home / "run"),
            "/var/lib/sandboxd": str(self.home / "state"),
        }


def search_path() -> str:
    """Where commands look for programs: this Python and Node first, then the system's."""
    first = [str(Path(sys.base_prefix) / "bin"), str(Path(sys.prefix) / "bin")]
    return os.pathsep.join([*first, "/usr/local/bin", "/usr/bin", "/bin"])
