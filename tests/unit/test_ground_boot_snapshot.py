"""`_lib.boot_snapshot`: a snapshot is used only by the code that it was made of."""

from pathlib import Path

import pytest

from _lib.boot_snapshot import has_snapshot, snapshot_folder
from _lib.workerd_start import workerd_arguments
from _lib.workerd_wrapper import BUILD_VARIABLE

BUNDLE = Path("/bundles/one")


@pytest.fixture
def build(tmp_path: Path) -> Path:
    (tmp_path / "littoral").mkdir()
    (tmp_path / "entry.py").write_text("one")
    return tmp_path


def test_the_same_code_has_the_same_snapshot_wherever_it_lies(build: Path, tmp_path: Path) -> None:
    other = tmp_path.parent / f"{tmp_path.name}-other"
    other.mkdir()
    (other / "entry.py").write_text("one")

    same = snapshot_folder(other, bundle_folder=BUNDLE)

    assert same == snapshot_folder(build, bundle_folder=BUNDLE)


@pytest.mark.parametrize(
    ("file", "content"), [("entry.py", "two"), ("littoral/new.py", ""), ("renamed.py", "one")]
)
def test_changed_code_has_another_snapshot(build: Path, file: str, content: str) -> None:
    before = snapshot_folder(build, bundle_folder=BUNDLE)
    (build / file).write_text(content)

    assert snapshot_folder(build, bundle_folder=BUNDLE) != before
    assert not has_snapshot(build, bundle_folder=BUNDLE)


def test_another_runtime_has_another_snapshot(build: Path) -> None:
    other = snapshot_folder(build, bundle_folder=Path("/bundles/two"))

    assert other != snapshot_folder(build, bundle_folder=BUNDLE)


def test_workerd_boots_plainly_without_a_fitting_snapshot(build: Path) -> None:
    arguments = workerd_arguments(
        ["serve", "-"], bundle_folder=BUNDLE, environment={BUILD_VARIABLE: str(build)}
    )

    assert arguments == ["serve", f"--pyodide-bundle-disk-cache-dir={BUNDLE}", "-"]
