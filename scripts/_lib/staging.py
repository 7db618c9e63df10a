"""Owns `build/`: exactly the files that may be uploaded, laid out as the Worker imports them.

wrangler uploads everything below the folder of `main`, so the sources are copied to a folder of
their own: `src/*` to its top, `durable_objects/` and `workflows/` beside it. Only the file types
that a Python Worker can read at run time are taken. Running wrangler is not its business.
"""

from __future__ import annotations

from pathlib import Path

from _lib import project
from _lib.failures import SetupFailure
from _lib.files import write_atomically

SUFFIXES = frozenset({".py", ".txt", ".html", ".sql", ".bin", ".wasm"})
_IGNORED = frozenset({"__pycache__", "tests"})


def staged_files(root: Path = project.ROOT) -> dict[Path, Path]:
    """Where each file of the upload lies now, by its path inside `build/`, sorted."""
    found: dict[Path, Path] = {}
    for source, prefix in (
        (root / "src", Path()),
        (root / "durable_objects", Path("durable_objects")),
        (root / "workflows", Path("workflows")),
    ):
        for file in sorted(source.rglob("*")):
            inner = file.relative_to(source)
            if _is_staged(file, inner):
                target = prefix / inner
                if target in found:
                    raise SetupFailure(
                        f"{file} and {found[target]} would both be staged as {target}",
                        "rename one of them",
                    )
                found[target] = file
    return dict(sorted(found.items()))


def _is_staged(file: Path, inner: Path) -> bool:
    if file.is_symlink() or not file.is_file() or file.suffix not in SUFFIXES:
        return False
    return not any(part in _IGNORED or part.startswith(".") for part in inner.parts)


def stage(*, root: Path = project.ROOT, build: Path = project.BUILD) -> list[Path]:
    """Makes `build` equal to the sources and returns its files.

    Files that did not change are left alone, so a watcher sees only what changed; everything else
    in `build` is deleted. Repeatable.
    """
    files = staged_files(root)
    if Path("entry.py") not in files:
        raise SetupFailure(
            f"{root / 'src' / 'entry.py'} is missing", "restore it: it is the Worker's entry"
        )
    build.mkdir(parents=True, exist_ok=True)
    for target, source in files.items():
        content, copy = source.read_bytes(), build / target
        if not copy.is_file() or copy.is_symlink() or copy.read_bytes() != content:
            write_atomically(copy, content)
    _delete_strangers(build, keep={build / target for target in files})
    return list(files)


def _delete_strangers(build: Path, *, keep: set[Path]) -> None:
    for path in sorted(build.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in keep:
            path.unlink(missing_ok=True)
