"""``D1Database`` and the ledger on it keep their contracts on the runtime's own D1, and the mended
event loop keeps that of asyncio's."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator

import httpx
import pytest

from _lib import project
from _lib.local_runtime import LocalRuntime
from tests.contracts import database_contract, ledger_contract, loop_contract
from tests.harness.project_copy import make_project_copy
from tests.harness.worker import KillableWorker


@pytest.fixture(scope="module")
def contract_worker(
    runtime: LocalRuntime, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KillableWorker]:
    scratch = tmp_path_factory.mktemp("database")
    copy = make_project_copy(scratch / "project", settings={}, script_url=None)
    for name in (
        "database_contract.py",
        "ledger_contract.py",
        "loop_contract.py",
        "database_contract_worker.py",
    ):
        shutil.copy(project.ROOT / "tests" / "contracts" / name, copy.folder / "build" / name)
    config = json.loads(copy.configs[0].read_text())
    config["main"] = "build/database_contract_worker.py"
    binding = {"name": "DATABASE_CONTRACT", "class_name": "DatabaseContract"}
    config["durable_objects"] = {"bindings": [binding]}
    config["migrations"] = [{"tag": "v1", "new_sqlite_classes": ["DatabaseContract"]}]
    for foreign in ("containers", "workflows"):
        config.pop(foreign, None)
    copy.configs[0].write_text(json.dumps(config))
    worker = KillableWorker(runtime, copy, scratch=scratch)
    try:
        worker.start()
        yield worker
    finally:
        worker.stop()


@pytest.mark.parametrize("where", ["worker", "object"])
def test_the_platform_keeps_the_contract(contract_worker: KillableWorker, where: str):
    failures = httpx.get(f"{contract_worker.url}/{where}", timeout=60).json()

    checks = (*database_contract.CHECKS, *ledger_contract.CHECKS, *loop_contract.CHECKS)
    assert set(failures) == {check.__name__ for check in checks}
    assert [text for text in failures.values() if text] == []
