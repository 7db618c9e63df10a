"""Workers made at run time, for code that nobody trusts: the binding LOADER.

What is loaded here has an isolate of its own, no bindings, no secrets and, unless a ``Fetcher`` is
handed over, no network. What the code is, and what its answer means, is left to the callers
(``littoral.functions.code``, ``littoral.preview``). A call that is too late is given up; the
isolate itself is ended by the platform's CPU limit, which local runs do not have: code that may run
for ever has to bring guards of its own.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import js
from pyodide.ffi import JsException, create_proxy, jsnull, to_js

from littoral.errors import DeadlineExceeded, DependencyUnavailable

Result = TypeVar("Result")

COMPATIBILITY_DATE: Final = "2026-11-01"
PYTHON_FLAG: Final = "python_workers"
_LOCAL_FLAGS: Final = ("python_workers_development", "experimental")
_HOST: Final = "http://dynamic.invalid/"
_START_FAILED: Final = "Failed to start Worker"


class ProgramBroken(Exception):
    """The program did not load, or it raised instead of answering; the text is the runtime's."""


class AnswerTooLong(Exception):
    """The program said more than was asked for; nothing of it is given."""


@dataclass(frozen=True, kw_only=True)
class DynamicProgram:
    """Modules by name, and which of them begins: ``.py``, ``.js``, other text, and bytes.

    The same ``id`` must always be the same code: an isolate that still runs is used again. Put the
    owner into it, so that no two owners share one. ``outbound`` is the ``Fetcher`` that gets all of
    the program's requests; ``None`` closes its network.
    """

    id: str
    main: str
    modules: Mapping[str, str | bytes]
    cpu_ms: int = 10_000
    subrequests: int = 0
    outbound: Any = None


class DynamicWorkers:
    """Loads and asks programs. ``env`` is the raw environment."""

    def __init__(self, env: Any) -> None:
        self._env = env
        self._generations: dict[str, int] = {}

    async def fetch(self, program: DynamicProgram, request: Any, *, deadline_seconds: float) -> Any:
        """The raw ``js.Response`` of the program to a raw ``js.Request``; its body is not read.

        Raises ``ProgramBroken``, ``DeadlineExceeded`` (with the time of a first start in it) or
        ``DependencyUnavailable`` when this deployment has no LOADER.
        """
        return await self._within(deadline_seconds, program, request, _unread)

    async def ask(
        self, program: DynamicProgram, text: str, *, deadline_seconds: float, most_bytes: int
    ) -> str:
        """Posts a text and gives the text of the answer; errors as in ``fetch``.

        ``AnswerTooLong`` beyond ``most_bytes``; what comes after them is not read.
        """

        async def read(response: Any) -> str:
            return await _read(response, most_bytes)

        init = js.JSON.parse('{"method":"POST"}')
        init.body = text
        return await self._within(deadline_seconds, program, js.Request.new(_HOST, init), read)

    async def _within(
        self,
        seconds: float,
        program: DynamicProgram,
        request: Any,
        read: Callable[[Any], Awaitable[Result]],
    ) -> Result:
        give = create_proxy(lambda: js.Promise.resolve(worker_code(program)))
        try:
            async with asyncio.timeout(seconds):
                return await read(await self._entrypoint(program, give).fetch(request))
        except TimeoutError:
            self._forget(program)
            raise _too_late(seconds) from None
        except JsException as error:
            self._forget(program)
            raise ProgramBroken(_words(error)) from None
        finally:
            give.destroy()

    async def load_problem(
        self, modules: Mapping[str, str], main: str, *, deadline_seconds: float = 10.0
    ) -> str | None:
        """Why JavaScript modules cannot be loaded, in V8's words; ``None`` when they can.

        They are compiled and linked but not run: a module that throws is evaluated before them.
        """
        gate = f"import './{_STOP_NAME}'; import {json.dumps('./' + main)}; export default {{}}"
        code = {**modules, _STOP_NAME: f"throw new Error({json.dumps(_STOPPED)})", _GATE_NAME: gate}
        program = DynamicProgram(id="", main=_GATE_NAME, modules=code)
        try:
            await self.ask(program, "", deadline_seconds=deadline_seconds, most_bytes=1_000)
        except ProgramBroken as broken:
            return None if _STOPPED in str(broken) else str(broken)
        return None

    def _entrypoint(self, program: DynamicProgram, give: Any) -> Any:
        loader = getattr(self._env, "LOADER", None)
        if loader is None:
            raise DependencyUnavailable(
                "This deployment cannot run code: it has no binding LOADER.",
                next_step='Add [[worker_loaders]] with binding = "LOADER" to wrangler.toml.',
            )
        if not program.id:
            return loader.load(worker_code(program)).getEntrypoint()
        generation = self._generations.get(program.id, 0)
        name = f"{program.id}#{generation}" if generation else program.id
        return loader.get(name, give).getEntrypoint()

    def _forget(self, program: DynamicProgram) -> None:
        """The next call gets a new isolate: this one may be stuck or dead."""
        if len(self._generations) > 1_000:
            self._generations.clear()
        if program.id:
            self._generations[program.id] = self._generations.get(program.id, 0) + 1


@dataclass(frozen=True, kw_only=True)
class LoadProblem:
    """V8's complaint about a source; ``line`` counts from 1, 0 when it is unknown."""

    line: int
    message: str


async def parse_javascript(
    workers: DynamicWorkers, source: str, *, module: bool = True
) -> LoadProblem | None:
    """The first syntax error of a source, read by V8 itself without running it.

    A ``module`` may import what is not there: only its own text is judged. A classic script is
    read as the body of a function that is strict, as every module is.
    """
    text = source if module else f"(function () {{{source}\n}});"
    found = await workers.load_problem({_SUBJECT_NAME: text}, _SUBJECT_NAME)
    if found is None or "SyntaxError" not in found:
        return None
    told = _SYNTAX.search(found)
    if told is None:
        return LoadProblem(line=0, message=found[:300])
    if told["message"].startswith(_MISSING_EXPORT):
        return None
    return LoadProblem(line=int(told["line"] or 0), message=told["message"][:300])


_SUBJECT_NAME: Final = "subject.js"
_GATE_NAME: Final = "littoral-gate.js"
_STOP_NAME: Final = "littoral-stop.js"
_STOPPED: Final = "littoral: read, not run"
_MISSING_EXPORT: Final = "The requested module"
_SYNTAX: Final = re.compile(
    r"SyntaxError: (?P<message>[^\n]*)(?:\n\s*at [^\n:]*:(?P<line>\d+))?", re.ASCII
)


def worker_code(program: DynamicProgram) -> Any:
    """The ``WorkerCode`` object that the loader takes.

    A missing ``globalOutbound`` would leave the network open, and so would ``None``, which becomes
    ``undefined``: the null has to be JavaScript's (seen in workerd 1.20261117.1, 2026-11).
    """
    python = program.main.endswith(".py")
    local = _is_local()
    flags = [PYTHON_FLAG, *(_LOCAL_FLAGS if local else ())] if python else []
    described = {
        "compatibilityDate": COMPATIBILITY_DATE,
        "compatibilityFlags": flags,
        "mainModule": program.main,
        "limits": {"cpuMs": program.cpu_ms, "subRequests": program.subrequests},
        "modules": {
            name: {_kind(name): text}
            for name, text in program.modules.items()
            if isinstance(text, str)
        },
        **({"allowExperimental": True} if python and local else {}),
    }
    code = js.JSON.parse(json.dumps(described))
    for name, content in program.modules.items():
        if isinstance(content, bytes):
            kind = "wasm" if name.endswith(".wasm") else "data"
            module = js.Object.new()
            setattr(module, kind, to_js(content).buffer)
            js.Reflect.set(code.modules, name, module)
    code.globalOutbound = jsnull if program.outbound is None else program.outbound
    return code


def _kind(name: str) -> str:
    """What the loader calls a module of text, by the ending of its name."""
    ending = name.rpartition(".")[2]
    return {"js": "js", "mjs": "js", "cjs": "cjs", "py": "py"}.get(ending, "text")


def _is_local() -> bool:
    """Whether this Worker runs with the development flags, which a child then needs too."""
    return bool(getattr(js.Cloudflare.compatibilityFlags, "experimental", False))


async def _unread(response: Any) -> Any:
    return response


async def _read(response: Any, most_bytes: int) -> str:
    if not response.body:
        return ""
    reader = response.body.getReader()
    parts: list[bytes] = []
    size = 0
    while True:
        part = await reader.read()
        if part.done:
            return b"".join(parts).decode("utf-8", "replace")
        size += part.value.length
        if size > most_bytes:
            await reader.cancel()
            raise AnswerTooLong(f"The program said more than {most_bytes} bytes.")
        parts.append(part.value.to_bytes())


def _too_late(seconds: float) -> DeadlineExceeded:
    return DeadlineExceeded(f"The program did not answer within {seconds:.3g} seconds.")


def _words(error: JsException) -> str:
    text = str(error)
    return text.partition(_START_FAILED + ":\n")[2] or text
