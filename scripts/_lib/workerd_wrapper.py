"""Owns the small program that stands in for workerd: the same, with the Pyodide bundle named.

miniflare starts the program that MINIFLARE_WORKERD_PATH names as `workerd serve …`; workerd takes
`--pyodide-bundle-disk-cache-dir` only there, and wrangler has no option for it.
"""

from __future__ import annotations

import shlex
from pathlib import Path

from _lib.files import write_atomically


def ensure_wrapper(*, native_workerd: Path, bundle_folder: Path) -> Path:
    """A shell script beside the bundle; the process it becomes is workerd itself. Repeatable."""
    option = f"--pyodide-bundle-disk-cache-dir={bundle_folder}"
    script = (
        "#!/bin/sh\n"
        f"workerd={shlex.quote(str(native_workerd))}\n"
        'if [ "$1" = serve ]; then\n'
        "  shift\n"
        f'  exec "$workerd" serve {shlex.quote(option)} "$@"\n'
        "fi\n"
        'exec "$workerd" "$@"\n'
    )
    wrapper = bundle_folder / "workerd"
    if not wrapper.is_file() or wrapper.read_text() != script:
        write_atomically(wrapper, script.encode(), mode=0o755)
    return wrapper
