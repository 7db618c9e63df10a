"""``DurableSql`` keeps the SQL contract on the SQLite of a real Durable Object."""

from __future__ import annotations

import json
import shutil

import httpx

from _lib import project
from _lib.local_runtime import LocalRuntime
from tests.contracts.sql_contract import CHECKS
from tests.harness.project_copy import make_project_copy
from tests.harness.worker import KillableWorker


def test_the_platform_keeps_the_contract(runtime: LocalRuntime, tmp_path):
    copy = make_project_copy(tmp_path / "project", settings={}, script_url=None)
    for name in ("sql_contract.py", "sql_contract_worker.py"):
        shutil.copy(project.ROOT / "tests" / "contracts" / name, copy.folder / "build" / name)
    config = json.loads(copy.configs[0].read_text())
    config["main"] = "build/sql_contract_worker.py"
    binding = {"name": "SQL_CONTRACT", "class_name": "SqlContract"}
    config["durable_objects"] = {"bindings": [binding]}
    config["migrations"] = [{"tag": "v1", "new_sqlite_classes": ["SqlContract"]}]
    for foreign in ("containers", "workflows"):
        config.pop(foreign, None)
    copy.configs[0].write_text(json.dumps(config))
    worker = KillableWorker(runtime, copy, scratch=tmp_path)
    try:
        worker.start()
        failures = httpx.get(f"{worker.url}/contract", timeout=30).json()
    finally:
        worker.stop()
    assert set(failures) == {check.__name__ for check in CHECKS}
    assert "\n".join(text for text in failures.values() if text) == ""
