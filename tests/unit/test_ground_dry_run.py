"""`_lib.dry_run`: an upload of anything but the staged files stops."""

from pathlib import Path

import pytest

from _lib.dry_run import require_only_staged, uploaded_files
from _lib.failures import SetupFailure

STAGED = [Path("entry.py"), Path("littoral/chat.py")]
VENDORED = Path("python_modules/fastapi/__init__.py")


def test_staged_files_and_vendored_packages_may_go_up() -> None:
    require_only_staged([*STAGED, VENDORED], STAGED)


@pytest.mark.parametrize(
    ("uploaded", "named"),
    [
        ([*STAGED, Path("tests/test_chat.py")], "too much: tests/test_chat.py"),
        (STAGED[:1], "missing: littoral/chat.py"),
    ],
)
def test_a_difference_is_named(uploaded: list[Path], named: str) -> None:
    with pytest.raises(SetupFailure, match=named):
        require_only_staged(uploaded, STAGED)


def test_the_note_that_wrangler_leaves_is_no_upload(tmp_path: Path) -> None:
    (tmp_path / "littoral").mkdir()
    for name in ("README.md", "entry.py", "littoral/README.md"):
        (tmp_path / name).write_text("")

    assert uploaded_files(tmp_path) == [Path("entry.py"), Path("littoral/README.md")]
