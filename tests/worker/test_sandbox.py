"""A sandbox on the real runtime: commands, their true end, and the death of everything in turn."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from _lib.local_runtime import LocalRuntime
from littoral.errors import InvalidInput, NotFound
from tests.harness.worker import KillableWorker
from tests.worker.sandbox_world import SandboxWorld, sandbox_world, served_world, until


@pytest.fixture(scope="module")
def world(
    runtime: LocalRuntime, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SandboxWorld]:
    with sandbox_world(runtime, tmp_path_factory.mktemp("sandbox")) as made:
        yield made


def test_a_command_ends_with_its_output_and_exit_code(world: SandboxWorld) -> None:
    done = world.run("first", "python3 -c 'print(6*7)'")
    assert (done["stdout"], done["exitCode"], done["reason"]) == ("42\n", 0, "exited")
    assert world.call("first", "sandbox.describe")["isolation"] != ""


def test_streams_stay_apart_and_the_code_is_the_true_one(world: SandboxWorld) -> None:
    done = world.run("first", "echo out; echo err >&2; exit 3")
    assert (done["stdout"], done["stderr"], done["exitCode"]) == ("out\n", "err\n", 3)


def test_a_program_that_is_not_there_ends_as_in_a_shell(world: SandboxWorld) -> None:
    for done in (world.run("first", "no-such-program"), world.run("first", "true", cwd="/no")):
        assert (done["exitCode"], done["reason"]) == (127, "exited")


def test_a_death_by_signal_has_no_made_up_code(world: SandboxWorld) -> None:
    done = world.run("first", "kill -SEGV $$")
    assert (done["exitCode"], done["signal"]) == (None, "SIGSEGV")


def test_the_orchestrator_hears_all_chunks_then_the_end(world: SandboxWorld) -> None:
    exec_id = world.begin("first", "for i in 1 2 3 4 5; do echo $i; sleep 0.05; done; exit 4")
    assert world.told_end(exec_id)["exitCode"] == 4
    assert world.told_text(exec_id) == "1\n2\n3\n4\n5\n"
    assert world.told(exec_id)[-1]["method"] == "sandbox.ended"


def test_a_second_start_of_an_id_does_not_run_it_again(world: SandboxWorld) -> None:
    args = {"execId": "once", "command": "echo run >> /workspace/once"}
    world.call("first", "exec.start", **args)
    world.ended("first", "once")
    world.call("first", "exec.start", **args)
    assert world.run("first", "cat /workspace/once")["stdout"] == "run\n"


def test_what_is_typed_reaches_the_command(world: SandboxWorld) -> None:
    exec_id = world.begin("first", "read line; echo got $line; cat")
    world.call("first", "exec.stdin", execId=exec_id, text="a line\nand more\n", close=True)
    world.ended("first", exec_id)
    assert world.output("first", exec_id)["stdout"] == "got a line\nand more\n"


def test_cancel_reaches_what_ignores_it_and_what_fled(world: SandboxWorld) -> None:
    command = "trap '' TERM; setsid sleep 987 & sleep 987"
    exec_id = world.begin("first", command)
    until(lambda: "987" in world.run("first", "ps -eo args")["stdout"])
    world.call("first", "exec.cancel", execId=exec_id, graceSeconds=0.1)
    done = world.ended("first", exec_id)
    assert (done["exitCode"], done["signal"], done["reason"]) == (None, "SIGKILL", "cancelled")
    until(lambda: "sleep 987" not in world.run("first", "ps -eo args")["stdout"])


def test_a_paused_command_stands_still_until_it_is_resumed(world: SandboxWorld) -> None:
    exec_id = world.begin("first", "while true; do echo . >> ticks; sleep 0.01; done")
    ticks = "wc -l < ticks"
    until(lambda: int(world.run("first", f"touch ticks; {ticks}")["stdout"]) > 0)
    assert world.call("first", "exec.pause", execId=exec_id)["paused"]
    before, after = world.run("first", f"{ticks}; sleep 0.3; {ticks}")["stdout"].split()
    assert before == after
    world.call("first", "exec.resume", execId=exec_id)
    until(lambda: int(world.run("first", ticks)["stdout"]) > int(after))
    world.call("first", "exec.cancel", execId=exec_id)
    assert world.ended("first", exec_id)["reason"] == "cancelled"


def test_files_go_in_and_out_and_artifacts_are_kept(world: SandboxWorld) -> None:
    world.call("files", "files.write", path="artifacts/a/b.txt", text="hello")
    assert world.run("files", "cat artifacts/a/b.txt")["stdout"] == "hello"
    assert world.call("files", "files.list", path="artifacts/a")["files"][0]["bytes"] == 5
    kept = world.call("files", "artifacts.collect", runId="run_1")
    assert [(one["path"], one["bytes"]) for one in kept] == [("a/b.txt", 5)]
    assert world.call("files", "artifacts.collect", runId="run_1") == kept
    for path in ("/etc/passwd", "../x", "a/../../x"):
        with pytest.raises(InvalidInput):
            world.call("files", "files.write", path=path, text="no")


def test_what_listens_in_a_sandbox_can_be_looked_at(world: SandboxWorld) -> None:
    world.call("ports", "files.write", path="index.html", text="<h1>inside</h1>")
    exec_id = world.begin("ports", "exec python3 -m http.server 8000 --bind 127.0.0.1")
    url = f"{world.worker.url}/box/ports/ports/8000/index.html"
    answer = until(lambda: (got := httpx.get(url, timeout=20)).status_code == 200 and got)
    assert answer.text == "<h1>inside</h1>"
    world.call("ports", "exec.cancel", execId=exec_id)


def test_kill_9_of_the_runtime_loses_and_doubles_nothing(
    runtime: LocalRuntime, tmp_path: Path
) -> None:
    with sandbox_world(runtime, tmp_path) as world:
        exec_id = world.begin(
            "s", "for i in $(seq 1 60); do echo $i; echo $i >> marks; sleep 0.2; done; exit 5"
        )
        until(lambda: "10\n" in world.told_text(exec_id))
        assert isinstance(world.worker, KillableWorker)
        world.worker.kill9()
        world.worker.start()
        assert world.told_end(exec_id)["exitCode"] == 5
        expected = "".join(f"{number}\n" for number in range(1, 61))
        assert world.told_text(exec_id) == expected
        assert world.run("s", "cat marks")["stdout"] == expected


def test_the_test_server_has_sandboxes_too(runtime: LocalRuntime, tmp_path: Path) -> None:
    with served_world(runtime, tmp_path) as world:
        assert world.run("s", "echo $((6 * 7))")["stdout"] == "42\n"


def test_an_idle_sandbox_sleeps_and_wakes_with_empty_folders(
    runtime: LocalRuntime, tmp_path: Path
) -> None:
    with sandbox_world(runtime, tmp_path, SANDBOX_IDLE_SECONDS="5") as world:
        world.run("s", "echo kept > file; setsid sleep 8 >/dev/null 2>&1 &")
        state = "sandbox.describe"
        until(lambda: world.call("s", state)["state"] == "asleep", seconds=120)
        assert world.run("s", "ls /workspace")["stdout"] == ""


def test_kill_9_of_the_sandbox_makes_its_commands_unknown(world: SandboxWorld) -> None:
    exec_id = world.begin("dies", "echo begun; sleep 600")
    until(lambda: world.told_text(exec_id))
    for pid in _first_processes(world, exec_id):
        os.kill(pid, signal.SIGKILL)
    end = world.told_end(exec_id)
    assert (end["state"], end["exitCode"], end["reason"]) == ("unknown", None, "lost")
    again = world.call("dies", "exec.start", execId=exec_id, command="echo again")
    lost = again.pop("boot")
    assert again == {key: value for key, value in end.items() if key not in ("method", "runId")}
    new = world.call("dies", "exec.start", execId="new", command="echo no", boot=lost)
    assert new == {"execId": "new", "state": "replaced"}
    with pytest.raises(NotFound):
        world.call("dies", "artifacts.collect", runId="run_1", boot=lost)
    assert world.call("dies", "sandbox.describe")["state"] != "running"
    assert world.run("dies", "echo alive")["stdout"] == "alive\n"
    assert world.call("dies", "exec.start", execId="new", command="echo no", boot=lost) == new
    with pytest.raises(NotFound):
        world.call("dies", "artifacts.collect", runId="run_1", boot=lost)


def _first_processes(world: SandboxWorld, exec_id: str) -> list[int]:
    """The first process of the sandbox that runs this command, as the machine numbers it."""
    pids = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                is_it = f"LITTORAL_EXEC={exec_id}".encode() in (entry / "environ").read_bytes()
                parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
            except OSError:
                continue
            if is_it and "sleep" not in (entry / "comm").read_text():
                daemon = Path("/proc") / parent
                pids.append(int((daemon / "stat").read_text().rpartition(")")[2].split()[1]))
    return pids
