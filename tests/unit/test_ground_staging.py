"""`_lib.staging`: what is uploaded, and nothing else."""

from pathlib import Path

import pytest

from _lib.failures import SetupFailure
from _lib.staging import stage, staged_files


def write(path: Path, content: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    write(tmp_path / "src" / "entry.py", "one")
    write(tmp_path / "src" / "littoral" / "chat" / "prompt.txt")
    write(tmp_path / "durable_objects" / "task_agent.py")
    return tmp_path


def names(files: list[Path]) -> list[str]:
    return [file.as_posix() for file in files]


def test_sources_lie_where_the_worker_imports_them(checkout: Path) -> None:
    files = stage(root=checkout, build=checkout / "build")

    assert names(files) == [
        "durable_objects/task_agent.py",
        "entry.py",
        "littoral/chat/prompt.txt",
    ]
    assert (checkout / "build" / "entry.py").read_text() == "one"


@pytest.mark.parametrize(
    "path",
    [
        "src/littoral/README.md",
        "src/littoral/__pycache__/chat.cpython-314.py",
        "src/littoral/.hidden.py",
        "src/littoral/tests/test_chat.py",
        "src/secrets.toml",
        "tests/unit/test_chat.py",
        "scripts/dev.py",
    ],
)
def test_files_that_are_no_code_of_the_worker_stay_behind(checkout: Path, path: str) -> None:
    before = staged_files(checkout)
    write(checkout / path)

    assert staged_files(checkout) == before


def test_symbolic_links_stay_behind(checkout: Path) -> None:
    (checkout / "src" / "link.py").symlink_to(checkout / "src" / "entry.py")

    assert Path("link.py") not in staged_files(checkout)


def test_staging_again_deletes_what_is_gone_and_leaves_the_rest_untouched(checkout: Path) -> None:
    build = checkout / "build"
    stage(root=checkout, build=build)
    write(build / "littoral" / "old" / "gone.py")
    before = (build / "entry.py").stat().st_mtime_ns

    stage(root=checkout, build=build)

    assert not (build / "littoral" / "old").exists()
    assert (build / "entry.py").stat().st_mtime_ns == before


def test_two_sources_of_one_file_are_refused(checkout: Path) -> None:
    write(checkout / "src" / "durable_objects" / "task_agent.py")

    with pytest.raises(SetupFailure, match="both be staged"):
        staged_files(checkout)


def test_a_checkout_without_an_entry_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupFailure, match="entry"):
        stage(root=tmp_path, build=tmp_path / "build")
