"""How sandboxes are closed off on this machine, strongest first, each tried before it is trusted.

An enclosure turns a plan into the command that starts it, and says in plain words what it keeps
apart. None of them is a virtual machine: the kernel is shared.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Protocol

from _lib.sandbox_engine.box_plan import TMPFS, BoxPlan

TRY_SECONDS = 20
FIRST_UID = 61_000
UIDS = 4_000
_ENTER = Path(__file__).with_name("enter.py")


class Enclosure(Protocol):
    """``closed`` is true when the sandbox has its own files, processes and network."""

    isolation: str
    closed: bool

    def command(self, plan: BoxPlan, uid: int, argv: list[str]) -> list[str]:
        """The command that runs ``argv`` closed off, as ``uid`` where we may choose."""
        ...

    def environment(self, plan: BoxPlan) -> dict[str, str]:
        """What that command is started with."""
        ...


class Bubblewrap:
    """With the `bwrap` program."""

    closed = True
    isolation = (
        "bubblewrap on this machine: own files, processes, network and user; the kernel is shared"
    )

    def __init__(self, bwrap: str) -> None:
        self._bwrap = bwrap

    def command(self, plan: BoxPlan, uid: int, argv: list[str]) -> list[str]:
        words = [self._bwrap, "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
        words += ["--die-with-parent", "--as-pid-1", "--hostname", "sandbox", "--new-session"]
        for target, size in TMPFS.items():
            words += ["--perms", "1777", "--size", str(size), "--tmpfs", target]
        for target, text in plan.symlinks().items():
            words += ["--symlink", text, target]
        for path in _folders_above([*plan.read_only(), *plan.writable(), "/etc/passwd"]):
            words += ["--perms", "0755", "--dir", path]
        for path in plan.read_only():
            words += ["--ro-bind", path, path]
        for target, source in plan.writable().items():
            words += ["--bind", source, target]
        words += ["--proc", "/proc", "--dev", "/dev", "--chdir", "/workspace"]
        words += _small_files(plan, uid if os.geteuid() == 0 else 1000)
        if os.geteuid() == 0:
            words += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
            argv = ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", *argv]
        else:
            words += ["--unshare-user", "--uid", "1000", "--gid", "1000"]
        return [*words, "--", *argv]

    def environment(self, plan: BoxPlan) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), **_inner(self, plan)}


class NameSpaces:
    """With `unshare` and our own few mounts."""

    closed = True
    isolation = (
        "name spaces of this machine's kernel: own files, processes and network, "
        "a user of its own; the kernel is shared"
    )

    def command(self, plan: BoxPlan, uid: int, argv: list[str]) -> list[str]:
        is_root = os.geteuid() == 0
        (plan.home / "plan.json").write_text(
            json.dumps(
                {
                    "root": str(plan.home / "root"),
                    "read_only": plan.read_only(),
                    "links": plan.symlinks(),
                    "files": plan.files(uid if is_root else 1000),
                    "binds": plan.writable(),
                    "tmpfs": TMPFS,
                    "uid": uid if is_root else None,
                    "argv": argv,
                    "env": _inner(self, plan),
                }
            )
        )
        words = ["unshare", "--mount", "--pid", "--net", "--ipc", "--uts", "--fork", "--kill-child"]
        if not is_root:
            words += ["--user", "--map-root-user"]
        return [*words, sys.executable, "-I", "-B", str(_ENTER), str(plan.home / "plan.json")]

    def environment(self, plan: BoxPlan) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C.UTF-8"}


class ProcessGroups:
    """With nothing but process groups and limits: for machines that allow no more."""

    closed = False

    def __init__(self, *, own_user: bool) -> None:
        self._own_user = own_user
        self.isolation = (
            "process groups, limits and a user of its own, nothing more: commands see this "
            "machine's files as that user does and reach the network"
            if own_user
            else "process groups and limits only: commands run as the user who started this, see "
            "that user's files and reach the network; run nothing that you would not run yourself"
        )

    def command(self, plan: BoxPlan, uid: int, argv: list[str]) -> list[str]:
        if not self._own_user:
            return argv
        return ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", *argv]

    def environment(self, plan: BoxPlan) -> dict[str, str]:
        plain = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), **_inner(self, plan)}
        if not self._own_user:
            plain["SANDBOXD_SHARED_USER"] = "1"
        return plain


def strongest(scratch: Path, code: Path) -> Enclosure:
    """The first enclosure in which a program really runs here."""
    candidates: list[Enclosure] = []
    bwrap = shutil.which("bwrap")
    if sys.platform == "linux" and bwrap:
        candidates.append(Bubblewrap(bwrap))
    if sys.platform == "linux" and shutil.which("unshare"):
        candidates.append(NameSpaces())
    if os.geteuid() == 0 and shutil.which("setpriv"):
        candidates.append(ProcessGroups(own_user=True))
    wanted = os.environ.get("LITTORAL_SANDBOX_ENCLOSURE", "")
    for enclosure in candidates:
        if wanted in ("", type(enclosure).__name__) and works(enclosure, scratch, code):
            return enclosure
    return ProcessGroups(own_user=False)


def works(enclosure: Enclosure, scratch: Path, code: Path) -> bool:
    """Whether the daemon's Python starts in it with everything that it imports."""
    plan = BoxPlan(name="try", home=scratch / "try", code=code)
    plan.prepare()
    own(plan, FIRST_UID)
    argv = [sys.executable, "-B", "-c", "import sandboxd.server"]
    try:
        done = subprocess.run(
            enclosure.command(plan, FIRST_UID, argv),
            env=enclosure.environment(plan),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TRY_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"{type(enclosure).__name__} does not work here: {error}", flush=True)
        return False
    if done.returncode != 0:
        why = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        print(f"{type(enclosure).__name__} does not work here: {why}", flush=True)
    return done.returncode == 0


def own(plan: BoxPlan, uid: int) -> None:
    """Gives the shared folders to the sandbox's user where we may."""
    if os.geteuid() == 0:
        for source in (*plan.writable().values(), plan.workspace):
            os.chown(source, uid, uid)


def _inner(enclosure: Enclosure, plan: BoxPlan) -> dict[str, str]:
    return plan.environment(isolation=enclosure.isolation, closed=enclosure.closed)


def _folders_above(paths: list[str]) -> list[str]:
    """Every folder on the way to the paths, outermost first: bubblewrap would close them to all."""
    found = {str(above) for path in paths for above in Path(path).parents}
    return sorted(found - {"/"}, key=len)


def _small_files(plan: BoxPlan, uid: int) -> list[str]:
    words = []
    folder = plan.home / "etc"
    folder.mkdir(exist_ok=True)
    for target, text in plan.files(uid).items():
        source = folder / Path(target).name
        source.write_text(text)
        words += ["--ro-bind", str(source), target]
    return words
