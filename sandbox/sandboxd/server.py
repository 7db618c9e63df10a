"""Puts the daemon together and serves until it is told to end."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
from pathlib import Path

from aiohttp import web

from sandboxd.commands import Commands
from sandboxd.configuration import Configuration
from sandboxd.egress import serve_egress
from sandboxd.files import Workspace
from sandboxd.journal import Journal
from sandboxd.processes import ProcessTable
from sandboxd.routes import Routes
from sandboxd.watch import Watch
from terminals.shell import ShellCommand
from terminals.terminals import Terminals


def run(configuration: Configuration) -> int:
    """Serves; 0 when it was told to end."""
    asyncio.run(_serve(configuration))
    return 0


async def _serve(configuration: Configuration) -> None:
    table = ProcessTable(daemon=os.getpid(), first=os.getppid())
    environment = configuration.environment()
    commands = Commands(Journal(configuration.state), table, environment)
    workspace = str(configuration.workspace)
    prompting = {**environment, "PS1": r"\w \$ ", "COLORTERM": "truecolor"}
    terminals = Terminals(ShellCommand(argv=(_shell(),), cwd=workspace, env=prompting))
    routes = Routes(
        boot=secrets.token_hex(8),
        configuration=configuration,
        commands=commands,
        workspace=Workspace(configuration.workspace),
        terminals=terminals,
        table=table,
    )
    watch = Watch(commands, table, configuration.limits, configuration.workspace)
    watching = asyncio.create_task(watch.run())
    if configuration.egress:
        port = int(configuration.proxy.rpartition(":")[2])
        await serve_egress(port, configuration.egress)
    runner = web.AppRunner(routes.application(), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await _site(runner, configuration.listen).start()
    await _told_to_end()
    watching.cancel()
    await terminals.close()
    await runner.cleanup()


def _shell() -> str:
    return next(path for path in ("/bin/bash", "/bin/sh") if Path(path).exists())


def _site(runner: web.AppRunner, listen: str) -> web.BaseSite:
    if listen.startswith("unix:"):
        return web.UnixSite(runner, listen.removeprefix("unix:"))
    address, _, port = listen.rpartition(":")
    return web.TCPSite(runner, address, int(port))


async def _told_to_end() -> None:
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    await told.wait()
