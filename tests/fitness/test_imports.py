"""The platform stays at the rim; relative imports and imports of tests or scripts stay out."""

from pathlib import Path

import pytest

from _lib import project
from tests.fitness.rules.imports import broken_imports


def test_only_the_rim_imports_the_runtime() -> None:
    assert broken_imports(project.ROOT) == []


@pytest.mark.parametrize(
    ("path", "source", "named"),
    [
        ("src/littoral/chat/turn.py", "import js\n", "js"),
        ("src/littoral/chat/turn.py", "from workers import Response\n", "workers"),
        ("src/littoral/chat/turn.py", "def f():\n    from pyodide.ffi import to_js\n", "pyodide"),
        ("src/littoral/chat/turn.py", "import importlib\nimportlib.import_module('js')\n", "js"),
        ("src/littoral/chat/turn.py", "from littoral.platform import sql\n", "littoral.platform"),
        ("src/littoral/chat/turn.py", "from littoral import platform\n", "littoral.platform"),
        ("src/littoral/chat/turn.py", "from . import fold\n", "."),
        ("durable_objects/task_agent.py", "from tests.fakes import clock\n", "tests"),
        ("src/entry.py", "from src.littoral import clock\n", "src"),
    ],
)
def test_a_forbidden_import_is_found(tmp_path: Path, path: str, source: str, named: str) -> None:
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text(source)

    found = broken_imports(tmp_path)

    assert any(line.startswith(path) and f"imports {named}" in line for line in found)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("src/littoral/platform/sql.py", "import js\nfrom pyodide.ffi import to_js\n"),
        ("src/entry.py", "from workers import WorkerEntrypoint\n"),
        ("src/littoral/chat/turn.py", "import json\nfrom littoral.models import model\n"),
        ("src/littoral/chat/turn.py", "import platform\nimport jsonschema\n"),
    ],
)
def test_an_allowed_import_passes(tmp_path: Path, path: str, source: str) -> None:
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text(source)

    assert broken_imports(tmp_path) == []
