"""The daemon of a sandbox, with real processes: true ends, capped output, and its own death."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from littoral.sandbox import limits
from sandboxd import configuration
from sandboxd.command import Spec
from sandboxd.commands import Commands
from sandboxd.files import BadPath, NoFile, Workspace
from sandboxd.journal import Journal
from sandboxd.output import OutputLog
from sandboxd.processes import ProcessTable


class NoProcesses(ProcessTable):
    """Sees nothing, so that a test kills only the groups that it started."""

    def __init__(self) -> None:
        super().__init__(daemon=0, first=0)

    def read(self) -> list[Any]:
        return []


def _commands(state: Path) -> Commands:
    return Commands(Journal(state), NoProcesses(), {"PATH": "/usr/bin:/bin"})


def _spec(line: str, *, exec_id: str = "e1", seconds: float = 20, cwd: str = "/") -> Spec:
    return Spec(exec_id=exec_id, argv=("/bin/sh", "-c", line), cwd=cwd, timeout_seconds=seconds)


async def _ended(commands: Commands, spec: Spec) -> Mapping[str, Any]:
    known = commands.start(spec)
    while not known.ended:
        await asyncio.wait_for(known.changed.wait(), 20)
    return known.describe()


def _texts(commands: Commands, exec_id: str = "e1") -> list[tuple[str, str]]:
    known = commands.find(exec_id)
    assert known is not None
    pieces = known.log.read(0, 100_000, 10**9)
    assert [piece["seq"] for piece in pieces] == list(range(1, len(pieces) + 1))
    return [(piece["stream"], piece["text"]) for piece in pieces]


def test_the_daemon_and_the_object_keep_the_same_limits() -> None:
    plain = configuration.Limits()
    assert configuration.KEPT_HEAD_BYTES == limits.KEPT_HEAD_BYTES
    assert configuration.KEPT_TAIL_BYTES == limits.KEPT_TAIL_BYTES
    assert configuration.MAX_COMMANDS == limits.MAX_COMMANDS
    assert configuration.MAX_FILE_BYTES == limits.MAX_FILE_BYTES
    assert configuration.MAX_ARTIFACTS == limits.MAX_ARTIFACTS
    assert plain.processes == limits.MAX_PROCESSES
    assert plain.memory_bytes == limits.MAX_MEMORY_BYTES
    assert plain.disk_bytes == limits.MAX_DISK_BYTES


async def test_both_streams_and_the_exit_code_are_told_as_they_were(tmp_path: Path) -> None:
    commands = _commands(tmp_path)
    done = await _ended(commands, _spec("echo out; echo err >&2; exit 7"))
    assert (done["exitCode"], done["signal"], done["reason"]) == (7, None, "exited")
    assert sorted(_texts(commands)) == [("stderr", "err\n"), ("stdout", "out\n")]


async def test_nothing_of_the_daemons_environment_reaches_a_command(tmp_path: Path) -> None:
    commands = _commands(tmp_path)
    await _ended(commands, _spec("env"))
    names = {line.partition("=")[0] for _, text in _texts(commands) for line in text.split()}
    assert names <= {"PATH", "PWD", "OLDPWD", "SHLVL", "_", "LITTORAL_EXEC", "LC_CTYPE"}


async def test_an_id_runs_once(tmp_path: Path) -> None:
    commands = _commands(tmp_path)
    spec = _spec(f"echo x >> {tmp_path}/marks")
    await _ended(commands, spec)
    await _ended(commands, spec)
    assert (tmp_path / "marks").read_text() == "x\n"


async def test_a_deadline_ends_what_ignores_the_polite_signal(tmp_path: Path) -> None:
    done = await _ended(
        _commands(tmp_path), _spec("trap '' TERM; while :; do sleep 1; done", seconds=0.2)
    )
    assert (done["exitCode"], done["signal"], done["reason"]) == (None, "SIGKILL", "deadline")


async def test_a_pause_stops_the_clock_of_the_deadline(tmp_path: Path) -> None:
    commands = _commands(tmp_path)
    known = commands.start(_spec("echo begun; sleep 0.3; echo done", seconds=5))
    while not known.log.last:
        await asyncio.wait_for(known.changed.wait(), 20)
    assert known.running is not None
    known.running.pause()
    assert known.describe()["paused"]
    known.running.resume()
    while not known.ended:
        await asyncio.wait_for(known.changed.wait(), 20)
    assert known.describe()["exitCode"] == 0


async def test_a_command_that_cannot_start_says_why(tmp_path: Path) -> None:
    commands = _commands(tmp_path)
    done = await _ended(commands, _spec("true", cwd="/does/not/exist"))
    assert done["exitCode"] == 127
    assert "/does/not/exist" in _texts(commands)[0][1]


async def test_a_background_process_does_not_keep_a_command_open(tmp_path: Path) -> None:
    commands = _commands(tmp_path)
    done = await _ended(commands, _spec("sleep 3 & echo ready"))
    assert (done["exitCode"], _texts(commands)) == (0, [("stdout", "ready\n")])


async def test_a_daemon_that_comes_back_tells_ends_and_admits_what_it_missed(
    tmp_path: Path,
) -> None:
    before = _commands(tmp_path)
    await _ended(before, _spec("echo kept; exit 4", exec_id="done"))
    Journal(tmp_path).begin("lost", {"argv": ["true"], "startedAt": 5})
    after = _commands(tmp_path)
    done, lost = after.find("done"), after.find("lost")
    assert done is not None
    assert lost is not None
    assert (done.describe()["exitCode"], _texts(after, "done")) == (4, [("stdout", "kept\n")])
    assert (lost.describe()["state"], lost.describe()["exitCode"]) == ("unknown", None)
    assert after.start(_spec("echo again", exec_id="lost")) is lost


def test_output_beyond_the_cap_keeps_both_ends_and_counts_the_rest(tmp_path: Path) -> None:
    log = OutputLog(tmp_path / "output.ndjson")
    for number in range(200_000):
        log.add("stdout", b"line %09d\n" % number)
    log.add("stderr", b"oops\n")
    log.finish()
    pieces = log.read(0, 10**6, 10**9)
    text = "".join(piece["text"] for piece in pieces if piece["stream"] == "stdout")
    assert text.startswith("line 000000000\n")
    assert text.endswith("line 000199999\n")
    assert f"[… {log.skipped_bytes} bytes of stdout were skipped …]" in text
    assert pieces[-1]["text"] == "oops\n"
    assert (tmp_path / "output.ndjson").stat().st_size < 4 * limits.KEPT_HEAD_BYTES


def test_a_character_that_was_cut_by_a_read_is_put_together(tmp_path: Path) -> None:
    log = OutputLog(tmp_path / "output.ndjson")
    whole = "größe €".encode()
    for at in range(len(whole)):
        log.add("stdout", whole[at : at + 1])
    log.finish()
    assert "".join(piece["text"] for piece in log.read(0, 100, 10**6)) == "größe €"


def test_a_line_that_a_crash_cut_is_dropped_and_the_numbers_go_on(tmp_path: Path) -> None:
    path = tmp_path / "output.ndjson"
    OutputLog(path).add("stdout", b"one")
    path.write_bytes(path.read_bytes() + b'{"seq":2,"stre')
    log = OutputLog(path)
    log.add("stdout", b"two")
    assert [(p["seq"], p["text"]) for p in log.read(0, 10, 10**6)] == [(1, "one"), (2, "two")]


def test_a_page_of_output_has_at_least_one_piece(tmp_path: Path) -> None:
    log = OutputLog(tmp_path / "output.ndjson")
    for _ in range(3):
        log.add("stdout", b"x" * 5_000)
    assert [piece["seq"] for piece in log.read(1, 10, 100)] == [2]
    assert log.read(3, 10, 100) == []


def test_files_stay_inside_the_workspace(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    root.mkdir()
    workspace = Workspace(root)
    (root / "way-out").symlink_to("/etc")
    for path in ("/etc/passwd", "../x", "a/../../x", "way-out/passwd", "nul\0"):
        with pytest.raises(BadPath):
            workspace.read(path)
    with pytest.raises(NoFile):
        workspace.read("missing")
    workspace.write("a/b.txt", b"hello")
    assert workspace.read(str(root / "a" / "b.txt")) == b"hello"


def test_artifacts_have_a_type_and_a_hash_and_no_links(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.write("artifacts/page.html", b"<p>")
    (tmp_path / "artifacts" / "link").symlink_to("/etc/passwd")
    found = workspace.artifacts()["artifacts"]
    assert [(one["path"], one["bytes"], one["contentType"]) for one in found] == [
        ("page.html", 3, "text/html")
    ]
