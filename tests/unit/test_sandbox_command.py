"""What a sandbox is asked to run, and the fake that others test against."""

from __future__ import annotations

import pytest

from littoral.api.envelope import Call, result_of, success
from littoral.errors import InvalidInput
from littoral.sandbox.command import Command
from tests.fakes.sandbox import FakeSandbox, Script


def test_a_line_becomes_a_call_of_the_shell() -> None:
    command = Command.read({"execId": "e1", "command": "echo hello | wc -c"})
    assert command.argv == ("/bin/sh", "-c", "echo hello | wc -c")
    assert Command.read(command.to_json()) == command


@pytest.mark.parametrize(
    ("args", "named"),
    [
        ({"execId": "../x", "command": "true"}, "execId"),
        ({"command": "true"}, "execId"),
        ({"execId": "e1"}, "command"),
        ({"execId": "e1", "command": "true", "argv": ["true"]}, "command"),
        ({"execId": "e1", "command": "a\0b"}, "command"),
        ({"execId": "e1", "argv": []}, "argv"),
        ({"execId": "e1", "command": "true", "timeoutSeconds": 0}, "timeoutSeconds"),
        ({"execId": "e1", "command": "true", "timeoutSeconds": 1e9}, "timeoutSeconds"),
        ({"execId": "e1", "command": "true", "timeoutSeconds": True}, "timeoutSeconds"),
        ({"execId": "e1", "command": "true", "env": {"A=B": "c"}}, "env"),
        ({"execId": "e1", "command": "true", "env": ["A"]}, "env"),
    ],
)
def test_a_bad_command_is_refused_and_named(args: dict[str, object], named: str) -> None:
    with pytest.raises(InvalidInput, match=named):
        Command.read(args)


async def test_the_fake_reports_each_chunk_and_the_end_and_runs_an_id_once() -> None:
    heard: list[Call] = []

    async def orchestrator(text: str) -> str:
        heard.append(Call.read(text))
        return success({})

    script = Script(output=(("stdout", "42\n"), ("stderr", "warn\n")), exit_code=3)
    sandbox = FakeSandbox(orchestrator=orchestrator, scripts={"work": script})
    start = Call(
        method="exec.start",
        args={"execId": "e1", "command": "work", "report": {"runId": "run_1"}},
    ).text()
    first = result_of(await sandbox.rpc(start))
    again = result_of(await sandbox.rpc(start))
    await sandbox.settle()
    assert first == again
    assert sandbox.starts == ["e1"]
    texts = [chunk["text"] for call in heard for chunk in call.args.get("chunks", [])]
    assert texts == ["42\n", "warn\n"]
    assert heard[-1].method == "sandbox.ended"
    assert heard[-1].args["exitCode"] == 3


async def test_what_ran_in_a_lost_fake_is_unknown() -> None:
    sandbox = FakeSandbox(scripts={"long": Script(hold=True)})
    await sandbox.call("exec.start", {"execId": "e1", "command": "long"})
    await sandbox.lose()
    assert sandbox.describe("e1").state == "unknown"
    assert sandbox.describe("e1").exit_code is None
