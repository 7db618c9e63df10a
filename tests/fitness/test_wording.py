"""No file of the project is left half done, and none knows the machine it was written on."""

import subprocess

import pytest

from _lib import project
from tests.fitness.rules.wording import all_findings, findings, is_checked


def test_no_file_has_marks_of_unfinished_work() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=project.ROOT, capture_output=True, text=True, check=True
    )

    assert all_findings(project.ROOT, listed.stdout.split("\0")) == []


@pytest.mark.parametrize(
    "line",
    [
        "# TODO: later",
        "raise NotImplementedError",
        '"""Placeholder entry."""',
        "@pytest.mark.skip(reason='later')",
        "test.only('it', () => {})",
        "def test_it(monkeypatch): pass",
        "cd /root/project",
    ],
)
def test_a_mark_of_unfinished_work_is_found(line: str) -> None:
    assert findings("src/x.py", f"first\n{line}\n")[0].startswith("src/x.py:2 ")


@pytest.mark.parametrize(
    "line", ['<input placeholder="Title">', "skips what is known", "a todo list", "/workers/x"]
)
def test_ordinary_words_pass(line: str) -> None:
    assert findings("src/x.py", line) == []


def test_files_of_others_are_not_read() -> None:
    assert is_checked("src/littoral/clock.py")
    assert is_checked("scripts/dev")
    assert not is_checked("public/vendor/lib.js")
    assert not is_checked("package-lock.json")
