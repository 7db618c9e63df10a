"""What misbehaves in a sandbox is ended by a limit, and the next command works."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from _lib.local_runtime import LocalRuntime
from littoral.errors import InvalidInput
from tests.worker.sandbox_world import SandboxWorld, sandbox_world, until

FORKS_FOR_EVER = """python3 -c '
import os
while True:
    try: os.fork()
    except OSError: pass
'"""
TAKES_MEMORY = """python3 -c '
import os, time
for _ in range(2): os.fork()
held = bytearray(600_000_000)
time.sleep(600)
'"""
CONNECTS = "python3 -c 'import urllib.request as u; print(u.urlopen(\"{url}\", timeout=5).read())'"
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def world(
    runtime: LocalRuntime, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SandboxWorld]:
    with sandbox_world(runtime, tmp_path_factory.mktemp("limits")) as made:
        yield made


@pytest.fixture
def near() -> Iterator[str]:
    """The address of a server on this machine that says `near`."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"near")

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _still_works(world: SandboxWorld, sandbox: str) -> None:
    assert until(lambda: world.run(sandbox, "echo fine")["stdout"] == "fine\n")


def _processes(world: SandboxWorld, sandbox: str) -> int:
    """0 while there is no room even for counting them."""
    return int(world.run(sandbox, "ps -e | wc -l")["stdout"] or 0)


def test_a_fork_bomb_is_ended(world: SandboxWorld) -> None:
    done = world.run("forks", FORKS_FOR_EVER, timeoutSeconds=60)
    assert (done["reason"], done["exitCode"]) == ("processes", None)
    _still_works(world, "forks")


def test_a_fork_bomb_whose_parent_has_left_is_ended_too(world: SandboxWorld) -> None:
    world.run("forks", f"setsid {FORKS_FOR_EVER} & sleep 0.1", timeoutSeconds=60)
    _still_works(world, "forks")
    until(lambda: 0 < _processes(world, "forks") < 20)


def test_an_endless_loop_ends_at_its_deadline(world: SandboxWorld) -> None:
    done = world.run("loops", "while true; do :; done", timeoutSeconds=1)
    assert (done["reason"], done["signal"]) == ("deadline", "SIGTERM")
    _still_works(world, "loops")


def test_what_ignores_the_polite_signal_is_killed_at_its_deadline(world: SandboxWorld) -> None:
    done = world.run("loops", "trap '' TERM; while true; do sleep 1; done", timeoutSeconds=0.5)
    assert (done["reason"], done["signal"]) == ("deadline", "SIGKILL")
    _still_works(world, "loops")


def test_a_full_disk_ends_what_fills_it(world: SandboxWorld) -> None:
    done = world.run("disk", "head -c 600000000 /dev/zero > /workspace/big; echo code $?")
    assert "code 1" in done["stdout"] or done["reason"] == "disk"
    _still_works(world, "disk")


def test_memory_is_bounded_for_one_process_and_for_all_together(world: SandboxWorld) -> None:
    alone = world.run("memory", "python3 -c 'bytearray(2_000_000_000)'")
    assert (alone["exitCode"], "MemoryError" in alone["stderr"]) == (1, True)
    together = world.run("memory", TAKES_MEMORY, timeoutSeconds=120)
    assert together["reason"] == "memory"
    _still_works(world, "memory")


def test_a_hundred_megabytes_of_output_cost_no_memory(world: SandboxWorld) -> None:
    command = "echo first; yes 0123456789 | head -c 100000000; echo oops >&2; echo last"
    world.told_end(world.begin("output", command))  # what a first one needs is there now
    pids = [*world.worker.workerd_pids(), *_tree(world.worker.engine.pid)]
    before = {pid: _resident(pid) for pid in pids}
    exec_id = world.begin("output", command)
    end = world.told_end(exec_id)
    grown = {pid: (_resident(pid) - before[pid]) // MIB for pid in pids}
    assert (end["exitCode"], end["stdoutBytes"], end["stderrBytes"]) == (0, 100_000_011, 5)
    assert end["skippedBytes"] == 100_000_016 - len(_kept(world.told_text(exec_id)))
    assert max(grown.values()) < 48, grown
    text = world.told_text(exec_id)
    assert text.startswith("first\n0123456789\n")
    assert "bytes of stdout were skipped" in text
    assert "last\n" in text[-100:]
    assert "oops\n" in text[-100:]


def test_there_is_no_network_unless_it_is_asked_for(world: SandboxWorld, near: str) -> None:
    done = world.run("closed", CONNECTS.format(url=f"http://{near}/"))
    assert (done["exitCode"], "near" in done["stdout"]) == (1, False)
    assert "lo" in world.run("closed", "ls /sys/class/net 2>/dev/null || echo lo")["stdout"]


def test_only_hosts_that_were_asked_for_are_reached(world: SandboxWorld, near: str) -> None:
    port = near.partition(":")[2]
    world.call("open", "sandbox.start", network=[f"localhost:{port}"])
    allowed = world.run("open", f"curl -s --noproxy '' http://localhost:{port}/")
    assert allowed["stdout"] == "near"
    refused = world.run("open", f"curl -s --noproxy '' http://127.0.0.1:{port}/")
    assert "may not reach 127.0.0.1" in refused["stdout"]
    tunnel = world.run("open", "curl -s https://example.org/")
    assert tunnel["exitCode"] != 0


def test_hosts_must_be_names(world: SandboxWorld) -> None:
    for bad in ("*", "http://example.org", "a b", "-x", "example.org:0", 7):
        with pytest.raises(InvalidInput):
            world.call("names", "sandbox.start", network=[bad])


def _kept(text: str) -> str:
    """What is left of a capped output without the mark."""
    head, _, rest = text.partition("\n[… ")
    return head + rest.partition("…]\n")[2]


def _resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096


def _tree(pid: int) -> list[int]:
    """A process and all below it: the engine with the daemons of its sandboxes."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(below for child in children for below in _tree(int(child)))]
