"""Who takes part in `bench chat`, and how each is spoken to.

All three run on the same workerd, keep their objects on the same disk and answer with the same
words by a model that answers at once, in the same process.
"""

from __future__ import annotations

import json
import re
import tomllib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from _lib import project
from _lib.local_runtime import LocalRuntime
from _lib.processes import run_tool
from _lib.staging import stage
from _lib.wrangler import LOCAL_FLAGS, wrangler_environment
from benchmarks.http_client import Answer, HttpClient
from benchmarks.worker_config import Module, WorkerConfig, python_modules

MESSAGE = "How are you today?"
ANSWER = "I am well, thank you, and your tasks are where you left them. " * 4
WORKERS = Path(__file__).parent / "workers"
CONFIGURED = tomllib.loads((project.ROOT / "wrangler.toml").read_text(encoding="utf-8"))
DATE = CONFIGURED["compatibility_date"]
_COOKIE = re.compile(rb"\r\nset-cookie: *([^;]+)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Session:
    """One conversation: where its turns and its socket are, and what a caller has to show."""

    turn_path: str
    socket_path: str
    state_path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)

    def turn_body(self) -> bytes:
        return json.dumps({"message": MESSAGE, **self.extra}).encode()

    async def turn(self, client: HttpClient) -> Answer:
        """One turn by HTTP; raises `ConnectionError` unless it was answered."""
        answer = await client.request(
            "POST", self.turn_path, body=self.turn_body(), headers=self.headers
        )
        if answer.status != 200:
            raise ConnectionError(f"{self.turn_path}: {answer.head!r} {answer.body!r}")
        return answer


class Contestant(ABC):
    """One Worker of the race."""

    name = ""
    ready_path = "/"

    @abstractmethod
    def config(self, runtime: LocalRuntime, folder: Path, *, answer: str = ANSWER) -> WorkerConfig:
        """Its Worker, built in `folder`; `answer` is what its model says, in one delta."""

    async def begin(self, client: HttpClient, name: str) -> Session:
        """A new session with one turn in it."""
        session = self.session(name)
        await session.turn(client)
        return session

    async def first_turn(self, client: HttpClient, name: str) -> None:
        """The first turn of an object that did not exist."""
        await self.session(name).turn(client)

    def session(self, name: str) -> Session:
        """Where a session of that name is."""
        path = f"/agents/chat/{name}"
        return Session(turn_path=path, socket_path=path, state_path=path)

    async def seed(self, client: HttpClient, session: Session, messages: int) -> bool:
        """Puts messages into a session by a short way, if there is one; else they must be said."""
        return False

    async def rows_written(self, client: HttpClient) -> int:
        """What the process that counts has written so far."""
        return int(json.loads((await client.request("GET", "/rows")).body)["rows"])

    def counting(self, config: WorkerConfig) -> WorkerConfig:
        """The same Worker, counting the rows that it writes."""
        return replace(config, settings={**config.settings, "COUNT_ROWS": "1"})


class JsFloor(Contestant):
    """A bare JavaScript Durable Object."""

    name = "js-floor"

    def config(self, runtime: LocalRuntime, folder: Path, *, answer: str = ANSWER) -> WorkerConfig:
        modules = (_worker_module("js_floor.mjs"), _worker_module("row_counter.mjs"))
        return WorkerConfig(
            modules=modules,
            flags=(),
            date=DATE,
            objects={"Chat": "Chat"},
            settings={"ANSWER": answer},
        )


class AiChatAgent(Contestant):
    """npm's AIChatAgent with `streamText`, bundled as wrangler bundles."""

    name = "ai-chat"

    def session(self, name: str) -> Session:
        path = f"/agents/chat/{name}"
        return Session(turn_path=path, socket_path=path, state_path=f"{path}/get-messages")

    async def seed(self, client: HttpClient, session: Session, messages: int) -> bool:
        seed = [message for number in range(messages // 2) for message in _exchange(number)]
        body = json.dumps({"seed": seed}).encode()
        answer = await client.request("POST", session.turn_path, body=body)
        return answer.status == 200

    def config(self, runtime: LocalRuntime, folder: Path, *, answer: str = ANSWER) -> WorkerConfig:
        bundle = bundled(WORKERS / "ai_chat_agent.mjs", runtime, folder)
        return WorkerConfig(
            modules=(Module(name="worker.mjs", kind="esModule", file=bundle),),
            flags=(),
            date=DATE,
            objects={"Chat": "Chat"},
            settings={"ANSWER": answer},
            internal={"cloudflare-internal:email": "export default { EmailMessage: class {} };"},
        )


def _worker_module(name: str) -> Module:
    kind = "pythonModule" if name.endswith(".py") else "esModule"
    return Module(name=name, kind=kind, file=WORKERS / name)


def bundled(main: Path, runtime: LocalRuntime, folder: Path) -> Path:
    """One minified module of a Worker and its npm packages, as wrangler makes it for a deploy."""
    config = folder / "wrangler.toml"
    config.write_text(f'name = "bench"\nmain = "{main}"\ncompatibility_date = "{DATE}"\n')
    output = folder / "bundle"
    run_tool(
        [runtime.node.executable, "--no-warnings", runtime.wrangler, "deploy", "--dry-run",
         "--minify", "--config", config, "--outdir", output],
        what=f"{main.name} of the benchmark cannot be bundled",
        how="read wrangler's last lines below",
        cwd=folder,
        env=wrangler_environment(runtime, scratch=folder),
    )  # fmt: skip
    return output / f"{main.stem}.js"


class Littoral(Contestant):
    """This project as it is staged for a deploy, but for the model behind its chain."""

    name = "littoral"
    ready_path = "/api/health"

    def config(self, runtime: LocalRuntime, folder: Path, *, answer: str = ANSWER) -> WorkerConfig:
        build = folder / "build"
        stage(build=build)
        return WorkerConfig(
            modules=(_worker_module("instant_entry.py"), *python_modules(build)),
            flags=LOCAL_FLAGS,
            date=DATE,
            objects={
                "TASK_AGENT": "TaskAgent",
                "SESSION_DIRECTORY": "SessionDirectory",
                "TELEMETRY": "Telemetry",
            },
            settings={
                "ANSWER": answer,
                "SESSION_SECRET": "only for the benchmark, never for people",
                "LOG_LEVEL": "warning",
                "DEFAULT_MODEL": "offline",  # a model without a price: turns are not counted
                "DB": "bound, but no turn of a guest asks it",
            },
        )

    def counting(self, config: WorkerConfig) -> WorkerConfig:
        return replace(config, modules=(_worker_module("counting_entry.py"), *config.modules))

    async def first_turn(self, client: HttpClient, name: str) -> None:
        await _NEW_GUEST.turn(client)

    async def begin(self, client: HttpClient, name: str) -> Session:
        """A session of a new guest, who shows the cookie from then on."""
        answer = await _NEW_GUEST.turn(client)
        session_id = json.loads(answer.body)["sessionId"]
        cookie = _COOKIE.search(answer.head)
        assert cookie is not None, "the first answer sets a cookie"
        session = Session(
            turn_path="/api/chat",
            socket_path=f"/agents/task-agent/{session_id}",
            state_path=f"/api/sessions/{session_id}",
            headers={"cookie": cookie[1].decode()},
            extra={"sessionId": session_id},
        )
        await session.turn(client)
        return session


_NEW_GUEST = Session(turn_path="/api/chat", socket_path="", state_path="")
ALL: tuple[Contestant, ...] = (JsFloor(), AiChatAgent(), Littoral())


def _exchange(number: int) -> list[dict[str, object]]:
    """A user's message and an answer, as clients keep them."""
    return [
        {"id": f"seed-{number}-{role}", "role": role, "parts": [{"type": "text", "text": text}]}
        for role, text in (("user", MESSAGE), ("assistant", "I am well. " * 12))
    ]
