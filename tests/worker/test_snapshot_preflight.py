"""The pre-flight shows offline what a deploy would refuse and a local server would not notice."""

from pathlib import Path

import pytest

from _lib.failures import SetupFailure
from _lib.local_runtime import LocalRuntime
from _lib.snapshot_preflight import preflight
from _lib.staging import stage

ENTRY = """
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response("ok")
"""


def staged(tmp_path: Path, top_level: str) -> Path:
    (tmp_path / "src" / "noun").mkdir(parents=True)
    (tmp_path / "src" / "entry.py").write_text("import noun.thing\n" + ENTRY)
    (tmp_path / "src" / "noun" / "__init__.py").write_text("")
    (tmp_path / "src" / "noun" / "thing.py").write_text(top_level)
    stage(root=tmp_path, build=tmp_path / "build")
    return tmp_path / "build"


def test_a_top_level_that_only_defines_things_passes(runtime: LocalRuntime, tmp_path: Path) -> None:
    build = staged(tmp_path, "import uuid\n\ndef new_id():\n    return uuid.uuid4()\n")

    assert preflight(runtime, build=build, scratch=tmp_path / "scratch") > 0


@pytest.mark.parametrize(
    ("top_level", "words"),
    [
        ("import uuid\nID = uuid.uuid4()\n", "Randomness is not allowed"),
        ("import js\nHEADERS = js.Headers.new()\n", "Can't serialize top-level variable"),
        (
            "from pyodide.ffi import run_sync\nfrom workers import fetch\n"
            "PAGE = run_sync(fetch('http://127.0.0.1:9/'))\n",
            "Disallowed operation called within global scope",
        ),
        ("import no_such_module\n", "No module named 'no_such_module'"),
    ],
    ids=["entropy", "a JavaScript object in a global", "I/O", "a missing module"],
)
def test_a_top_level_that_a_deploy_refuses_fails_with_the_runtimes_words(
    runtime: LocalRuntime, tmp_path: Path, top_level: str, words: str
) -> None:
    build = staged(tmp_path, top_level)

    with pytest.raises(SetupFailure, match=words):
        preflight(runtime, build=build, scratch=tmp_path / "scratch")
