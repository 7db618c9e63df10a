"""Owns the Pyodide bundle for local workerd, made from npm's `pyodide` package.

workerd fetches `pyodide_<version>.capnp.bin` from its maker's servers when it first runs Python;
with the development flags it reads `pyodide_dev.capnp.bin` from a folder instead. This module
writes that file: the npm files as they are, but for the small edits to the JavaScript that let it
live inside workerd (clock, entropy and WebAssembly compilation come from the runtime). Every edit
states how often it must match, so a new Pyodide version fails here and not at run time.
Starting workerd with the bundle is `wrangler.py`'s job.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from _lib.capnp_message import Struct, message_of_list, text
from _lib.failures import SetupFailure
from _lib.files import write_atomically

BUNDLE_NAME = "pyodide_dev.capnp.bin"

_SRC, _WASM, _DATA = 0, 1, 2
_INTERNAL = 2
_NO_EVAL = "(()=>{throw new Error('Littoral: Emscripten tried to eval')})()"
_PRELUDE = (
    "import{addEventListener,getRandomValues,location,monotonicDateNow,newWasmModule,"
    'patchedLoadLibData,wasmInstantiate}from"pyodide-internal:builtin_wrappers";'
)


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One replacement in `pyodide.asm.mjs`: a regular expression and how often it must match."""

    why: str
    pattern: str
    replacement: str
    count: int


EDITS: tuple[Edit, ...] = (
    Edit(
        why="the runtime compiles WebAssembly",
        pattern=r"new WebAssembly\.Module(?=\()",
        replacement="newWasmModule",
        count=4,
    ),
    Edit(
        why="the runtime instantiates WebAssembly",
        pattern=r"WebAssembly\.instantiate(?=\()",
        replacement="wasmInstantiate",
        count=2,
    ),
    Edit(
        why="a clock that never goes back",
        pattern=r"Date\.now(?=\(\))",
        replacement="monotonicDateNow",
        count=22,
    ),
    Edit(
        why="symbols of libraries loaded later are not missing",
        pattern=r"(?<![\w.\"])reportUndefinedSymbols\(\)",
        replacement="Module.reportUndefinedSymbolsNoOp()",
        count=3,
    ),
    Edit(
        why="entropy only inside a request",
        pattern=r"crypto\.getRandomValues\(",
        replacement="getRandomValues(Module, ",
        count=1,
    ),
    Edit(
        why="libraries land at the address the snapshot remembers",
        pattern=r"(?<![\w.])getMemory\(",
        replacement="Module.getMemoryPatched(Module, libName, ",
        count=1,
    ),
    Edit(
        why="libraries come from the runtime's file system",
        pattern=r"function loadLibData\(\)\{",
        replacement=(
            "function loadLibData(){const patched=patchedLoadLibData(Module,libName,flags.rpath);"
            "return flags.loadAsync?Promise.resolve(patched):patched;"
        ),
        count=1,
    ),
    Edit(
        why="workerd forbids eval",
        pattern=r"(?<![\w.])eval\((?:func|data|UTF8ToString\(ptr\))\)",
        replacement=_NO_EVAL,
        count=6,
    ),
    Edit(
        why="the runtime imports the factory by name",
        pattern=r"export default _createPyodideModule;",
        replacement="export{_createPyodideModule};export default _createPyodideModule;",
        count=1,
    ),
)


def edited_javascript(source: str, edits: Sequence[Edit] = EDITS) -> str:
    """npm's `pyodide.asm.mjs` made to run inside workerd; SetupFailure when a count differs."""
    for edit in edits:
        source, found = re.subn(edit.pattern, edit.replacement.replace("\\", r"\\"), source)
        if found != edit.count:
            raise SetupFailure(
                f"the Pyodide bundle cannot be made: {edit.pattern!r} ({edit.why}) matched {found} "
                f"times, expected {edit.count}",
                "use the pyodide version that package-lock.json pins (npm ci); after raising it, "
                "compare its pyodide.asm.mjs with scripts/_lib/pyodide_bundle.py and correct EDITS",
            )
    return _PRELUDE + source


def bundle_message(*, javascript: str, wasm: bytes, stdlib_zip: bytes) -> bytes:
    """One message of workerd's `Bundle` schema (modules.capnp, id 0xc8cbb234694939d5)."""
    return message_of_list(
        [
            _module("pyodideRuntime-internal:pyodide.asm", _SRC, javascript.encode()),
            _module("pyodideRuntime-internal:pyodide.asm.wasm", _WASM, wasm),
            _module("pyodideRuntime-internal:python_stdlib.zip", _DATA, stdlib_zip),
        ]
    )


def _module(name: str, kind: int, body: bytes) -> Struct:
    # Layout by ordinal: `type` in the first 16 bits, the union's tag in the next; pointers are
    # name, body (the union's members share one slot), tsDeclaration, compileCache.
    return Struct(
        data=struct.pack("<HHI", _INTERNAL, kind, 0), pointers=(text(name), body, None, None)
    )


def bundle_key(pyodide_package: Path) -> str:
    """Changes when npm's package or the way the bundle is made changes."""
    digest = hashlib.sha256()
    for part in (
        pyodide_package / "package.json",
        Path(__file__),
        Path(__file__).with_name("capnp_message.py"),
    ):
        digest.update(part.read_bytes())
    return digest.hexdigest()[:16]


def ensure_bundle(*, pyodide_package: Path, cache: Path) -> Path:
    """The folder with `pyodide_dev.capnp.bin`; made once per key, kept in `cache`. Repeatable."""
    names = ("pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
    for name in names:
        if not (pyodide_package / name).is_file():
            raise SetupFailure(
                f"npm's pyodide package has no {name} in {pyodide_package}",
                "delete node_modules and run ./scripts/setup again",
            )
    folder = cache / f"pyodide-{bundle_key(pyodide_package)}"
    bundle = folder / BUNDLE_NAME
    if not bundle.is_file():
        message = bundle_message(
            javascript=edited_javascript((pyodide_package / names[0]).read_text(encoding="utf-8")),
            wasm=(pyodide_package / names[1]).read_bytes(),
            stdlib_zip=(pyodide_package / names[2]).read_bytes(),
        )
        write_atomically(bundle, message)
    return folder
