"""Runs first inside fresh name spaces: builds the file system of a sandbox, then becomes it.

Called as `enter.py <file with JSON>`: `root` (an empty folder), `read_only`, `links`, `files`,
`binds` (target, source), `tmpfs` (target, bytes), `uid` (null where it is not ours to choose),
`argv`, `env`. Only the standard library. Linux on x86-64 or ARM; fails loudly elsewhere.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import platform
import socket
import struct
import sys
from pathlib import Path

_LIBC = ctypes.CDLL(None, use_errno=True)
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_RDONLY, _NOSUID, _NODEV, _REMOUNT, _BIND, _REC, _PRIVATE = 1, 2, 4, 32, 4096, 16384, 1 << 18
_KEPT_FLAGS = _NOSUID | _NODEV | os.ST_NOEXEC | os.ST_NOATIME | os.ST_NODIRATIME | os.ST_RELATIME
_DETACH = 2
_NEWUSER = 0x10000000
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
_INNER_USER = 1000


def main() -> None:
    plan = json.loads(Path(sys.argv[1]).read_text())
    root = Path(plan["root"])
    _mount("none", "/", "", _REC | _PRIVATE)
    _mount("tmpfs", root, "tmpfs", _NOSUID | _NODEV, "mode=755,size=8m")
    _build(root, plan)
    _enter(root)
    _loopback_up()
    if plan["uid"] is None:
        _become_inner_user()
    else:
        os.setgroups([])
        os.setgid(plan["uid"])
        os.setuid(plan["uid"])
    os.chdir("/workspace")
    os.execve(plan["argv"][0], plan["argv"], plan["env"])


def _build(root: Path, plan: dict) -> None:
    # First what is empty: a checkout may lie below /tmp and is bound into it.
    owner = plan["uid"] or 0
    for target, size in plan["tmpfs"].items():
        place = _at(root, target)
        place.mkdir(exist_ok=True)
        options = f"mode=700,uid={owner},gid={owner},size={size}"
        _mount("tmpfs", place, "tmpfs", _NOSUID | _NODEV, options)
    for target, text in plan["links"].items():
        _at(root, target).symlink_to(text)
    for target, text in plan["files"].items():
        _at(root, target).write_text(text)
    for source in plan["read_only"]:
        _bind(source, _at(root, source), read_only=True)
    for target, source in plan["binds"].items():
        _bind(source, _at(root, target), read_only=False)
    _devices(root / "dev")
    (root / "proc").mkdir()
    _mount("proc", root / "proc", "proc", _NOSUID | _NODEV)


def _devices(folder: Path) -> None:
    folder.mkdir()
    for name in _DEVICES:
        _bind(f"/dev/{name}", folder / name, read_only=False)
    for name, number in (("stdin", 0), ("stdout", 1), ("stderr", 2)):
        (folder / name).symlink_to(f"/proc/self/fd/{number}")
    (folder / "fd").symlink_to("/proc/self/fd")
    (folder / "pts").mkdir()
    _mount("devpts", folder / "pts", "devpts", _NOSUID, "newinstance,ptmxmode=0666,mode=620")
    (folder / "ptmx").symlink_to("pts/ptmx")
    (folder / "shm").mkdir()
    _mount("tmpfs", folder / "shm", "tmpfs", _NOSUID | _NODEV, "mode=1777,size=16m")


def _enter(root: Path) -> None:
    os.chdir(root)
    number = _PIVOT_ROOT.get(platform.machine())
    if number is None:
        raise OSError(f"this processor is not known here: {platform.machine()}")
    _check(_LIBC.syscall(number, b".", b"."), "pivot_root")
    _check(_LIBC.umount2(b".", _DETACH), "umount2")
    os.chdir("/")
    _mount("none", "/", "", _REMOUNT | _BIND | _RDONLY | _NOSUID | _NODEV)


def _become_inner_user() -> None:
    """One more user space, whose user owns nothing of what was mounted; exec then drops all."""
    uid, gid = os.getuid(), os.getgid()
    _check(_LIBC.unshare(_NEWUSER), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{_INNER_USER} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{_INNER_USER} {gid} 1")


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        fcntl.ioctl(link, _SIOCSIFFLAGS, struct.pack("16sH14s", b"lo", _IFF_UP, b""))


def _at(root: Path, target: str) -> Path:
    place = root / target.lstrip("/")
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def _bind(source: str, target: Path, *, read_only: bool) -> None:
    if Path(source).is_dir():
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.touch()
    _mount(source, target, "", _BIND | _REC)
    if read_only:
        # Flags that the source has already must stay where the user space is not the machine's.
        kept = os.statvfs(source).f_flag & _KEPT_FLAGS
        _mount(source, target, "", _REMOUNT | _BIND | _RDONLY | _NOSUID | kept)


def _mount(source: object, target: object, kind: str, flags: int, data: str = "") -> None:
    done = _LIBC.mount(
        str(source).encode(),
        str(target).encode(),
        kind.encode() or None,
        ctypes.c_ulong(flags),
        data.encode() or None,
    )
    _check(done, f"mount {target}")


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


if __name__ == "__main__":
    main()
