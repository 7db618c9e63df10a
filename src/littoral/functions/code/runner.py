"""What runs the code of functions, and the text that goes into their isolates.

The implementation on the real runtime is ``littoral.platform.function_runner``; tests that need no
isolate use ``tests.fakes.code_runner``, which runs the same guest in this process.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final, Protocol

from littoral.functions import limits
from littoral.functions.code.code import Code, Language
from littoral.functions.code.outcome import Outcome, failed

GUEST_VERSION: Final = 2
"""Part of the names of isolates: a new guest gets new ones."""

_PACKAGE: Final = "littoral.functions.code.guest"
_PYTHON: Final = ("meter", "operators", "rewrite", "names", "modules", "result", "session")
_ADAPTER: Final = "pyodide_http"
_REQUESTS: Final = ("requests", "urllib3", "charset_normalizer", "certifi", "idna")


class Runner(Protocol):
    """Runs the code of one owner's functions. The same call may be repeated safely."""

    async def run(self, code: Code, args: Any, *, network: Sequence[str] = ()) -> Outcome:
        """``code`` called with ``args`` (JSON). ``network`` names the hosts that it may reach in
        this call; code that may reach some is not safe to repeat.

        Never raises for what the code does; raises ``DependencyUnavailable`` when code cannot be
        run at all.
        """
        ...


def refused(code: Code, args: Any) -> Outcome | None:
    """Why this is not even sent to an isolate: too large."""
    if len(code.source.encode("utf-8", "replace")) > limits.SOURCE_BYTES:
        return failed("refused", f"The source has more than {limits.SOURCE_BYTES:,} bytes.")
    if len(_json(args).encode("utf-8", "replace")) > limits.ARGS_BYTES:
        return failed("refused", f"The arguments have more than {limits.ARGS_BYTES:,} bytes.")
    return None


def run_seconds(network: Sequence[str]) -> float:
    """How long a call may take; one with network waits for others."""
    return limits.NETWORK_RUN_SECONDS if network else limits.RUN_SECONDS


def call_text(code: Code, args: Any, *, network: Sequence[str] = ()) -> str:
    """What the guest is asked."""
    return _json(
        {
            "source": code.source,
            "entry": code.entry,
            "args": args,
            "network": list(network),
            "limits": {
                "steps": limits.STEPS,
                "seconds": run_seconds(network),
                "memoryBytes": limits.MEMORY_BYTES,
                "resultBytes": limits.RESULT_BYTES,
                "stdoutBytes": limits.STDOUT_BYTES,
            },
        }
    )


def guest_main(language: Language) -> str:
    """The module that an isolate of this language begins with."""
    return "main.py" if language == "python" else "main.js"


@cache
def guest_modules(language: Language, clients: Sequence[str] = ()) -> dict[str, str | bytes]:
    """Every module of an isolate: the guest alone, no code of any user.

    ``clients`` are installed packages that go along with Python code that was granted network.
    """
    folder = files(_PACKAGE)

    def text(name: str) -> str:
        return folder.joinpath(name).read_text(encoding="utf-8")

    if language == "javascript":
        return {
            "main.js": text("javascript_entry.txt"),
            "quickjs.js": text("quickjs.txt"),
            "prelude.txt": text("javascript_prelude.txt"),
            "quickjs.wasm": folder.joinpath("quickjs.bin").read_bytes(),
        }
    home = _PACKAGE.replace(".", "/")
    parts = home.split("/")
    packages = {"/".join((*parts[:at], "__init__.py")): "" for at in range(1, len(parts) + 1)}
    modules = {f"{home}/{name}.py": text(f"{name}.py") for name in _PYTHON}
    guest: dict[str, str | bytes] = {"main.py": text("python_entry.txt"), **packages, **modules}
    if not clients:
        return guest
    more = {name: source for package in clients for name, source in _sources(package)}
    return {**guest, f"{home}/network.py": text("network.py"), **more}


def clients_of(code: Code) -> tuple[str, ...]:
    """The packages that code with network needs: those of ``requests`` only where it is named."""
    return (_ADAPTER, *_REQUESTS) if _REQUESTS[0] in code.source else (_ADAPTER,)


def _sources(package: str) -> Iterator[tuple[str, str]]:
    """The Python modules of an installed package, by their paths."""

    def below(folder: Traversable, path: str) -> Iterator[tuple[str, str]]:
        for each in folder.iterdir():
            if each.is_dir() and each.name.isidentifier():
                yield from below(each, f"{path}/{each.name}")
            elif each.name.endswith(".py"):
                yield f"{path}/{each.name}", each.read_text(encoding="utf-8")

    return below(files(package), package)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
