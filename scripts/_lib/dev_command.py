"""`scripts/dev`: the whole platform on this machine, with hot reload. No account, no key."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from _lib import project
from _lib.container_engine import ContainerEngine
from _lib.dev_server import DevServer
from _lib.failures import SetupFailure
from _lib.local_database import migrate_local_databases
from _lib.local_runtime import ensure_runtime
from _lib.progress import say, step
from _lib.settings_file import local_settings, session_secret, setting_names, write_settings_file
from _lib.wrangler import HOST, LocalServer, free_port, require_free_port, wrangler_environment

DEFAULT_PORT = 8787


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    require_free_port(options.port)
    runtime = ensure_runtime()
    state: Path = options.state.resolve()
    local = _prepare(options.port, state)
    engine = ContainerEngine(runtime.python)
    server = DevServer(port=options.port, say=_print, log=state / "wrangler.log")
    # Started in the background by a shell, Python ignores SIGINT; supervisors still send it.
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        engine.start()
        with step("the local server"):
            server.start(
                local.command(runtime),
                # No snapshot: workerd would restore it in Python Workers made at run time as well,
                # which then do not start (workerd 1.20261117).
                env=wrangler_environment(runtime, scratch=state, engine=engine),
                cwd=project.ROOT,
            )
            server.wait_ready()
            isolation = engine.wait_ready()
        say(f"  sandboxes: {isolation or 'Docker'}")
        _print(f"Ready on http://{HOST}:{options.port}")
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        server.stop()
        engine.stop()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/dev",
        description="Run Littoral on this machine. The first run installs what is missing; a "
        "change of the sources reloads. Settings set in the environment are passed on "
        "(docs/settings.md); without DEFAULT_MODEL the model is `offline`.",
    )
    parser.add_argument(
        "--port", type=port_number, default=DEFAULT_PORT, help="default: %(default)s"
    )
    parser.add_argument(
        "--state",
        type=Path,
        default=project.DEFAULT_STATE,
        metavar="DIR",
        help="where sessions, secrets and logs are kept (default: .littoral/state); delete it to "
        "begin anew",
    )
    return parser


def port_number(text: str) -> int:
    """A TCP port; what argparse shows as a wrong argument otherwise."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: a number from 1 to 65535")
    return int(text)


def _prepare(port: int, state: Path) -> LocalServer:
    try:
        state.mkdir(parents=True, exist_ok=True)
        settings = local_settings(setting_names(), os.environ, session_secret=session_secret(state))
        settings_file = state / "settings.env"
        write_settings_file(settings_file, settings)
    except OSError as error:
        raise SetupFailure(
            f"the state folder {state} cannot be written ({error.strerror})",
            "choose another: --state DIR",
        ) from error
    say(f"  model: {settings['DEFAULT_MODEL']}; state: {state}")
    for name in migrate_local_databases(state):
        say(f"  database: {name}")
    return LocalServer(
        port=port, inspector_port=free_port(), state=state, settings_file=settings_file
    )


def _print(line: str) -> None:
    print(line, file=sys.stdout, flush=True)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
