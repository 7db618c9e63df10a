"""The npm files in public/vendor are the pinned ones, and name no package that is not there."""

import re
import subprocess
import sys

from _lib import project

VENDOR = project.ROOT / "public" / "vendor"


def test_the_vendored_files_are_those_of_the_lock() -> None:
    script = project.ROOT / "scripts" / "vendor_web"

    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (0, "")


def test_every_import_of_the_front_end_leads_to_a_file() -> None:
    imported = re.compile(r"""(?:from|import)\s*\(?\s*["']([^"'`${]+)["']\)?\s*[;,)\n\]]""")
    missing = [
        f"{module.relative_to(project.ROOT)} imports {target}"
        for module in (project.ROOT / "public").rglob("*.js")
        if "highlight-" not in module.name
        for target in imported.findall(module.read_text())
        if not (target.startswith(".") and (module.parent / target).is_file())
    ]

    assert missing == []


def test_every_package_comes_with_its_licence() -> None:
    names = {path.stem for path in (VENDOR / "licences").iterdir()}

    assert {re.sub(r"-[\d.]+$", "", name) for name in names} == {
        "highlightjs-cdn-assets",
        "htm",
        "marked",
        "preact",
        "preact-signals",
        "preact-signals-core",
        "xterm-addon-fit",
        "xterm-xterm",
    }
