"""`_lib.pyodide_bundle`: each edit is counted, and a count that differs stops set-up."""

from pathlib import Path

import pytest

from _lib.failures import SetupFailure
from _lib.pyodide_bundle import BUNDLE_NAME, EDITS, Edit, edited_javascript, ensure_bundle

ONE_EDIT = (Edit(why="a clock", pattern=r"Date\.now", replacement="now", count=2),)


def test_an_edit_that_matches_as_often_as_expected_is_made() -> None:
    assert edited_javascript("Date.now();Date.now()", ONE_EDIT).endswith("now();now()")


@pytest.mark.parametrize("source", ["Date.now()", "Date.now() Date.now() Date.now()"])
def test_an_edit_that_matches_another_number_of_times_stops_with_a_next_step(source: str) -> None:
    with pytest.raises(SetupFailure, match="expected 2") as caught:
        edited_javascript(source, ONE_EDIT)

    assert "package-lock.json" in caught.value.how


def test_every_edit_says_why_and_expects_a_match() -> None:
    assert all(edit.why and edit.count > 0 for edit in EDITS)


def test_a_package_of_another_version_makes_no_bundle(tmp_path: Path) -> None:
    package = tmp_path / "pyodide"
    package.mkdir()
    for name in ("package.json", "pyodide.asm.wasm", "python_stdlib.zip"):
        (package / name).write_bytes(b"{}")
    (package / "pyodide.asm.mjs").write_text("export default nothing;")

    with pytest.raises(SetupFailure, match="cannot be made"):
        ensure_bundle(pyodide_package=package, cache=tmp_path / "cache")

    assert not list((tmp_path / "cache").rglob(BUNDLE_NAME))


def test_a_missing_file_of_the_package_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupFailure, match=r"pyodide\.asm\.mjs"):
        ensure_bundle(pyodide_package=tmp_path, cache=tmp_path)
