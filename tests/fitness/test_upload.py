"""Only staged code goes up: the configuration leaves no other way. scripts/check compares files."""

import subprocess
import tomllib
from pathlib import Path

from _lib import project
from _lib.staging import staged_files

CONFIG = tomllib.loads((project.ROOT / "wrangler.toml").read_text(encoding="utf-8"))
WIDENING = frozenset({"base_dir", "rules", "no_bundle", "find_additional_modules", "site"})


def widened(config: dict[str, object]) -> list[str]:
    """Keys with which more than the folder of `main` would be uploaded, or another folder."""
    main = str(config.get("main", ""))
    wrong_main = [] if Path(main).parts[:1] == ("build",) else [f"main = {main}"]
    return wrong_main + sorted(WIDENING & config.keys())


def test_the_upload_is_what_staging_made() -> None:
    assert widened(CONFIG) == []
    assert CONFIG["build"]["command"] == "./scripts/stage"


def test_no_second_configuration_wins_over_wrangler_toml() -> None:
    assert list(project.ROOT.glob("wrangler.json*")) == []


def test_a_deploy_has_no_development_flag() -> None:
    assert CONFIG["compatibility_flags"] == ["python_workers"]


def test_nothing_that_git_ignores_is_staged() -> None:
    staged = [str(source.relative_to(project.ROOT)) for source in staged_files().values()]
    ignored = subprocess.run(
        ["git", "check-ignore", "--", *staged],
        cwd=project.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ignored.stdout == ""


def test_a_configuration_that_uploads_more_is_found() -> None:
    assert widened({"main": "src/entry.py", "base_dir": "."}) == ["main = src/entry.py", "base_dir"]
