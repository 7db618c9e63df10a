"""Owns the rehearsal of an upload: wrangler's dry run, compared with what was staged."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from _lib import project
from _lib.failures import SetupFailure
from _lib.local_runtime import LocalRuntime
from _lib.processes import run_tool
from _lib.wrangler import wrangler_environment

# https://developers.cloudflare.com/workers/platform/limits/: 64 MiB before compression.
UPLOAD_LIMIT_BYTES = 64 * 1024 * 1024
_VENDORED = "python_modules"
_NO_UPLOAD = frozenset({"README.md"})


def dry_run(
    runtime: LocalRuntime,
    *,
    staged: Iterable[Path],
    scratch: Path,
    config: Path = project.ROOT / "wrangler.toml",
) -> int:
    """Bytes that `wrangler deploy` would upload.

    SetupFailure when wrangler refuses, when it would upload anything but the staged files and the
    vendored packages, or when that is more than a Worker may have. Repeatable.
    """
    shutil.rmtree(scratch, ignore_errors=True)
    run_tool(
        [runtime.node.executable, "--no-warnings", runtime.wrangler, "deploy", "--dry-run",
         f"--config={config}", "--outdir", scratch / "upload"],
        what="wrangler refuses to deploy this",
        how="read its last lines below; wrangler.toml is the configuration",
        cwd=project.ROOT,
        env=wrangler_environment(runtime, scratch=scratch),
    )  # fmt: skip
    uploaded = uploaded_files(scratch / "upload")
    require_only_staged(uploaded, staged)
    size = sum((scratch / "upload" / file).stat().st_size for file in uploaded)
    if size > UPLOAD_LIMIT_BYTES:
        raise SetupFailure(
            f"the upload has {size} bytes; a Worker may have {UPLOAD_LIMIT_BYTES}",
            "vendor fewer or smaller packages (requirements/worker.in)",
        )
    return size


def uploaded_files(folder: Path) -> list[Path]:
    """What the dry run wrote, relative to its folder."""
    files = (file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    return sorted(file for file in files if file.name not in _NO_UPLOAD or len(file.parts) > 1)


def require_only_staged(uploaded: Iterable[Path], staged: Iterable[Path]) -> None:
    """SetupFailure naming the files that differ, vendored packages aside."""
    ours = {file for file in uploaded if file.parts[0] != _VENDORED}
    expected = set(staged)
    if ours != expected:
        strangers, missing = sorted(ours - expected), sorted(expected - ours)
        raise SetupFailure(
            "the upload is not what was staged: "
            f"too much: {', '.join(map(str, strangers)) or 'nothing'}; "
            f"missing: {', '.join(map(str, missing)) or 'nothing'}",
            "keep strangers out of build/; scripts/_lib/staging.py says which file types go up",
        )
