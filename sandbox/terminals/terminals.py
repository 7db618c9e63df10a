"""All terminals of one sandbox, by name.

terminals = Terminals(ShellCommand(argv=("bash", "-l"), cwd="/workspace", env={…}))
await terminals.serve(channel, Visit(name="main", read_only=False, …))   # until the socket ends
terminals.describe()                                                     # for the idle rule
await terminals.close()                                                  # with the sandbox
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .channel import CLOSE_NO_SHELL, CLOSE_NOTHING_HERE, CLOSE_TOO_MANY, Channel
from .frames import Size
from .shell import ShellCommand
from .terminal import Terminal
from .viewer import Viewer

MOST_TERMINALS = 8
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What somebody who comes asks for.

    ``since`` is the position in the output of the shell ``shell`` that they have already, ``None``
    for all that is kept; what they have of another shell counts for nothing.
    ``restart`` begins a new shell where one has ended. ``read_only`` viewers change nothing.
    """

    name: str
    size: Size = field(default_factory=Size)
    since: int | None = None
    shell: str = ""
    read_only: bool = False
    restart: bool = False

    @classmethod
    def of(cls, name: str, query: Mapping[str, str]) -> Visit:
        """From the address ``/terminal/<name>?cols=&rows=&since=&shell=&readonly=&restart=``.

        Raises ``ValueError`` for a name or number that cannot be; its text may be shown.
        """
        if not _NAME.fullmatch(name):
            raise ValueError("a terminal's name has 1 to 64 of A-Z a-z 0-9 _ -")
        since = query.get("since", "")
        return cls(
            name=name,
            size=Size.clamped(_number(query, "cols", 80), _number(query, "rows", 24)),
            since=_number(query, "since", 0) if since else None,
            shell=query.get("shell", "")[:64],
            read_only=query.get("readonly", "") == "1",
            restart=query.get("restart", "") == "1",
        )


class _Refused(Exception):
    """A visit that cannot be; the code and the text close the socket."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Terminals:
    """At most ``MOST_TERMINALS``; ended ones make room when needed."""

    def __init__(self, command: ShellCommand) -> None:
        self._command = command
        self._known: dict[str, Terminal] = {}
        self._starting = asyncio.Lock()

    async def serve(self, channel: Channel, visit: Visit) -> None:
        """Joins a socket to its terminal, which is started if need be; returns when it ends.

        Losing the socket does nothing to the terminal.
        """
        try:
            terminal = await self._terminal(visit)
        except _Refused as refused:
            await channel.close(refused.code, str(refused))
            return
        since = visit.since if visit.shell in ("", terminal.shell_id) else None
        viewer = Viewer(channel, terminal, read_only=visit.read_only, since=since)
        if not visit.read_only:
            terminal.resize(visit.size)
        terminal.attach(viewer)
        try:
            await viewer.serve()
        finally:
            terminal.detach(viewer)

    def describe(self) -> list[dict[str, Any]]:
        """Every terminal as ``Terminal.describe`` has it."""
        return [terminal.describe() for terminal in self._known.values()]

    def resting(self) -> int:
        """How many shells wait at their prompt with nobody watching: no reason to stay awake."""
        shells = [known.describe() for known in self._known.values() if known.exit is None]
        return sum(not shell["busy"] and not shell["viewers"] for shell in shells)

    async def close(self) -> None:
        """Ends every shell with everything below it."""
        await asyncio.gather(*(terminal.end() for terminal in self._known.values()))

    async def _terminal(self, visit: Visit) -> Terminal:
        async with self._starting:
            known = self._known.get(visit.name)
            if known is not None and (known.exit is None or visit.read_only or not visit.restart):
                if known.is_full:
                    raise _Refused(CLOSE_TOO_MANY, "too many are watching this terminal")
                return known
            if visit.read_only:
                raise _Refused(CLOSE_NOTHING_HERE, "no shell runs in this terminal")
            self._make_room(visit.name)
            try:
                made = await Terminal.start(visit.name, self._command, visit.size)
            except OSError as error:
                reason = f"the shell could not be started: {error.strerror}"
                raise _Refused(CLOSE_NO_SHELL, reason) from error
            self._known[visit.name] = made
            return made

    def _make_room(self, name: str) -> None:
        if name in self._known or len(self._known) < MOST_TERMINALS:
            return
        ended = [other for other, terminal in self._known.items() if terminal.exit is not None]
        if not ended:
            raise _Refused(CLOSE_TOO_MANY, f"a sandbox has at most {MOST_TERMINALS} terminals")
        del self._known[ended[0]]


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, "") or str(default)
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise ValueError(f"{name} is a whole number")
    return int(text)
