"""The page's models (public/js, without a DOM) under Node's own test runner."""

import subprocess
from pathlib import Path

from _lib.local_runtime import LocalRuntime

HERE = Path(__file__).parent


def test_models_keep_their_promises(runtime: LocalRuntime) -> None:
    files = sorted(str(path) for path in (HERE / "js").glob("*.test.mjs"))

    done = subprocess.run(
        [str(runtime.node.executable), "--test", *files],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]
