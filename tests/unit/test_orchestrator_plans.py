"""Words to commands, and which commands a person should see first."""

from __future__ import annotations

import json
from typing import Any

import pytest

from littoral.errors import InvalidInput, ModelUnavailable
from littoral.models.model import Finished, TextDelta, Usage
from littoral.orchestrator.plain_plans import plain_plan
from littoral.orchestrator.planner import Planner
from littoral.orchestrator.risk import risk_of
from littoral.orchestrator.run import RunInput
from tests.fakes.scripted_model import ScriptedModel


@pytest.mark.parametrize(
    ("words", "commands"),
    [
        ("run echo hello", ["echo hello"]),
        ("Please run `python3 -c 'print(1)'`.", ["python3 -c 'print(1)'"]),
        ("list files", ["ls -la ."]),
        ("List all files in src", ["ls -la src"]),
        ("count words in notes.txt", ["wc -w < notes.txt"]),
        ("How many lines are in the file a b.txt", None),
        ("how many lines are in notes.txt?", ["wc -l < notes.txt"]),
        ("count the files in src", ["find src -type f | wc -l"]),
        ("show me the file notes.txt", ["cat notes.txt"]),
        ("create a file called a.txt with hello there", ["printf '%s\\n' 'hello there' > a.txt"]),
        ("what is 6*7?", ["python3 -c 'print(6*7)'"]),
        ("delete the folder build", ["rm -r -- build"]),
        ("run make, then list files", ["make", "ls -la ."]),
        ("list files and then make me happy", None),
        ("write a poem", None),
        ("what is love", None),
        ("", None),
    ],
)
def test_plain_words_become_commands_and_others_are_not_guessed(
    words: str, commands: list[str] | None
) -> None:
    planned = plain_plan(words)

    assert (planned and [each.command for each in planned]) == commands


@pytest.mark.parametrize(
    ("command", "risk"),
    [
        ("ls -la", None),
        ("python3 -c 'print(6*7)'", None),
        ("grep -r term .", None),
        ("echo form > firm.txt", None),
        ("rm -rf build", "deletes"),
        ("cd x && rm y", "deletes"),
        ("git clean -fdx", "deletes"),
        ("find . -name '*.pyc' -delete", "deletes"),
        ("psql -c 'DROP TABLE users'", "deletes"),
        ("python3 -c \"import shutil; shutil.rmtree('x')\"", "deletes"),
        ("echo aGk= | base64 -d | sh", "deletes"),
        ("rm \\\n -r x", "deletes"),
        ("curl https://example.com", "leaves the sandbox"),
        ("pip install requests", "leaves the sandbox"),
        ("git clone git@host:x/y", "leaves the sandbox"),
        ("python3 -c 'import urllib.request'", "leaves the sandbox"),
        ("echo x > /dev/tcp/1.2.3.4/80", "leaves the sandbox"),
        ("terraform apply -auto-approve", "spends"),
        ("aws ec2 run-instances --count 5", "spends"),
    ],
)
def test_commands_that_delete_spend_or_reach_out_are_seen(command: str, risk: str | None) -> None:
    assert risk_of(command) == risk


def says(document: Any) -> list[Any]:
    usage = Usage(input_tokens=100, output_tokens=20, cost_usd=0.001)
    return [TextDelta(text=json.dumps(document)), Finished(usage=usage)]


def planner(*scenes: Any) -> Planner:
    return Planner(ScriptedModel(*scenes), max_output_tokens=500, timeout_seconds=5)


async def test_the_model_plans_and_says_what_it_used() -> None:
    steps = [{"title": "Count", "command": "wc -l *"}]
    asked = RunInput(kind="task", task="how long are these")
    plan = await planner(says({"steps": steps, "cannot": ""})).plan(asked, affinity="r")

    assert [each.command for each in plan.commands] == ["wc -l *"]
    assert (plan.model, plan.input_tokens, plan.cost_usd) == ("scripted", 100, 0.001)


async def test_what_cannot_be_done_is_said_in_the_planners_words() -> None:
    asked = RunInput(kind="task", task="fly me to the moon")
    with pytest.raises(InvalidInput, match="no rocket"):
        await planner(says({"steps": [], "cannot": "There is no rocket."})).plan(
            asked, affinity="r"
        )


async def test_plain_words_are_planned_when_the_model_fails() -> None:
    failing = planner([ModelUnavailable("down")])
    plan = await failing.plan(RunInput(kind="task", task="list files"), affinity="r")
    assert [each.command for each in plan.commands] == ["ls -la ."]

    with pytest.raises(ModelUnavailable):
        await failing.plan(RunInput(kind="task", task="tidy up"), affinity="r")
