"""Terminals with real shells: what is typed, shown, replayed, skipped, and what is left behind."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox.terminals import processes
from sandbox.terminals.channel import CLOSE_NOTHING_HERE, CLOSE_TOO_MANY
from sandbox.terminals.frames import ERROR, EXIT, POSITION, STATE, Size
from sandbox.terminals.scrollback import KEPT_BYTES
from sandbox.terminals.shell import ShellCommand
from sandbox.terminals.terminals import MOST_TERMINALS, Terminals, Visit
from sandbox.terminals.viewer import WINDOW_BYTES
from tests.fakes.terminal_channel import WAIT_SECONDS, TerminalChannel

PROMPT = "shore> "
IN_FRONT = "sh -c 'echo be''gun; exec sleep 1000'\r"
"""A program that is in front of the shell when it says so: an interrupt is then for it alone."""


class Shore:
    """A sandbox's terminals, and the sockets that tests open to them."""

    def __init__(self, folder: Path) -> None:
        env = {"PATH": os.environ["PATH"], "PS1": PROMPT, "TERM": "xterm", "HOME": str(folder)}
        command = ShellCommand(argv=("bash", "--norc", "--noprofile"), cwd=str(folder), env=env)
        self.terminals = Terminals(command)
        self.folder = folder
        self._serving: set[asyncio.Task[None]] = set()

    async def open(self, name: str = "main", **wishes: object) -> TerminalChannel:
        """Opens a socket. Unless it is read-only, waits for the prompt."""
        channel = self.come(name, **wishes)
        if not wishes:
            await channel.until_output(PROMPT)
        return channel

    def come(self, name: str = "main", **wishes: object) -> TerminalChannel:
        channel = TerminalChannel()
        visit = Visit(name=name, **wishes)  # type: ignore[arg-type]
        task = asyncio.create_task(self.terminals.serve(channel, visit))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
        return channel

    async def close(self) -> None:
        await self.terminals.close()
        for task in list(self._serving):
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)


@pytest.fixture
async def shore(tmp_path: Path) -> AsyncIterator[Shore]:
    shore = Shore(tmp_path)
    yield shore
    await shore.close()


async def until(fits: Callable[[], Any]) -> None:
    """Waits, bounded, for something that no socket tells."""
    async with asyncio.timeout(WAIT_SECONDS):
        while not fits():  # noqa: ASYNC110 - processes tell nobody
            await asyncio.sleep(0.01)


def at_prompt(channel: TerminalChannel) -> bool:
    """Whether the shell waits for a line: what is typed before it does may be dropped."""
    return channel.output.rstrip().endswith(PROMPT.rstrip().encode())


async def test_what_is_typed_runs_and_its_output_is_shown(shore: Shore) -> None:
    channel = await shore.open()

    channel.type("echo $((6*7)) on a $(tty | cut -c1-8)\r")

    await channel.until_output("42 on a /dev/pts")


async def test_a_resize_reaches_the_program_and_every_viewer(shore: Shore) -> None:
    channel = await shore.open()
    other = shore.come(read_only=True)

    channel.put(b'1{"columns":132,"rows":43}')
    channel.type("stty size\r")

    await channel.until_output("43 132")
    await other.until(lambda: other.told(STATE) and other.told(STATE)[-1]["columns"] == 132)


async def test_the_size_in_the_address_holds_from_the_first_line(shore: Shore) -> None:
    channel = shore.come(size=Size(columns=100, rows=30))

    channel.type("stty size\r")

    await channel.until_output("30 100")


async def test_control_c_ends_the_command_and_not_the_shell(shore: Shore) -> None:
    channel = await shore.open()
    channel.type(IN_FRONT)
    await channel.until_output("begun\r\n")

    channel.type("\x03")
    await channel.until(lambda: at_prompt(channel))
    channel.type("echo st''ill here\r")

    await channel.until_output("still here")


async def test_control_c_is_heard_while_a_program_leaves_its_input_unread(shore: Shore) -> None:
    channel = await shore.open()
    channel.type(IN_FRONT)
    await channel.until_output("begun\r\n")
    for _ in range(4):
        channel.type("x" * 60_000)

    channel.type("\x03")
    await channel.until(lambda: at_prompt(channel))
    channel.type("\x15echo ba''ck\r")

    await channel.until_output("back")


async def test_a_long_paste_comes_whole(shore: Shore) -> None:
    channel = await shore.open()
    channel.type("stty raw -echo; echo begun; head -c 2000000 | md5sum; stty sane\r")
    await channel.until_output("begun\n")

    for _ in range(40):
        channel.type("x" * 50_000)

    await channel.until_output(hashlib.md5(b"x" * 2_000_000).hexdigest())
    assert channel.told(ERROR) == []


async def test_more_input_than_may_wait_is_refused_with_a_reason(shore: Shore) -> None:
    channel = await shore.open()
    channel.type("stty -icanon -echo; echo begun; sleep 1000\r")
    await channel.until_output("begun\r\n")

    for _ in range(8):
        channel.type("x" * 60_000)

    await channel.until(lambda: channel.told(ERROR))
    assert "does not read" in channel.told(ERROR)[0]["message"]


async def test_a_shell_outlives_every_socket_and_replays_to_the_next(shore: Shore) -> None:
    first = await shore.open()
    first.type("marker=ki''pt; echo re''membered\r")
    await first.until_output("remembered")
    first.leave()
    await until(lambda: shore.terminals.describe()[0]["viewers"] == 0)

    second = shore.come()
    await second.until_output("remembered")
    second.type('echo "[$marker]"\r')

    await second.until_output("[kipt]")


async def test_who_comes_back_gets_what_they_missed_and_nothing_twice(shore: Shore) -> None:
    first = await shore.open()
    first.type("echo o''ne\r")
    await first.until(lambda: first.output.count(PROMPT.encode()) == 2)
    place = first.told(POSITION)[0]
    have = place["position"] + len(first.output)
    first.leave()

    second = shore.come(since=have, shell=place["shell"])
    second.type("echo t''wo\r")
    await second.until_output("two\r\n")

    assert second.told(POSITION)[0] == {**place, "position": have, "skipped": 0}
    assert b"one" not in second.output


async def test_a_position_in_another_shells_output_counts_for_nothing(shore: Shore) -> None:
    await shore.open()

    second = shore.come(since=3, shell="another")

    await second.until_output(PROMPT)
    assert second.told(POSITION)[0]["position"] == 0


async def test_a_replay_is_capped_and_begins_with_a_whole_line(shore: Shore) -> None:
    first = await shore.open()
    first.type("seq 100000 199999; echo do''ne\r")
    await first.until_output("done")
    first.leave()

    second = shore.come(read_only=True)
    await second.until_output("done")

    begun = second.told(POSITION)[0]
    assert begun["skipped"] == begun["position"] > 0
    assert KEPT_BYTES - 5_000 < len(second.output) <= KEPT_BYTES + 100
    assert re.match(rb"1\d{5}\r\n", second.output)


async def test_a_slow_viewer_is_moved_ahead_with_a_mark_and_holds_nobody_up(shore: Shore) -> None:
    fast, slow = await shore.open(), await shore.open()
    slow.hold()

    fast.type("seq 100000 199999; echo do''ne\r")
    await fast.until_output("done")
    slow.release()
    await slow.until_output("done")

    skips = [told["skipped"] for told in slow.told(POSITION)]
    assert skips[0] == 0
    assert sum(skips) > 300_000
    assert len(slow.output) + sum(skips) == len(fast.output) + fast.skipped


async def test_a_viewer_that_acknowledges_is_sent_a_window_and_no_more(shore: Shore) -> None:
    channel, other = await shore.open(), await shore.open()
    channel.put(b"4" + str(len(channel.output)).encode())

    other.type("seq 100000 299999; echo do''ne\r")
    await other.until_output("done")

    assert len(channel.output) < WINDOW_BYTES + 64 * 1024
    at = channel.told(POSITION)[-1]["position"]
    channel.put(b"4" + str(at + 10**9).encode())
    await channel.until_output("done")


async def test_what_was_seen_before_a_jump_is_no_word_about_what_came_after_it(
    shore: Shore,
) -> None:
    channel, other = await shore.open(), await shore.open()
    seen = len(channel.output)
    channel.put(b"4" + str(seen).encode())
    other.type("seq 1000000 1499999; echo do''ne\r")
    await other.until_output("done")
    full = len(channel.output)
    assert full < WINDOW_BYTES + 64 * 1024

    for part in range(1, 17):  # what is on its way is seen bit by bit; a jump comes in between
        channel.put(b"4" + str(seen + part * (full - seen) // 16).encode())
        await channel.until(lambda: channel.skipped)

    await channel.until_output("done")


async def test_a_paused_viewer_gets_nothing_until_it_resumes(shore: Shore) -> None:
    channel, other = await shore.open(), await shore.open()
    channel.put(b"2")
    other.type("echo whi''spered\r")
    await other.until_output("whispered")

    assert b"whispered" not in channel.output
    channel.put(b"3")
    await channel.until_output("whispered")


async def test_the_exit_code_is_told_and_the_socket_closed(shore: Shore) -> None:
    channel = await shore.open()

    channel.type("exit 7\r")

    await channel.until(lambda: channel.closed)
    assert channel.told(EXIT) == [{"exitCode": 7, "signal": None}]
    assert channel.closed == (1000, "the shell has ended")


async def test_a_shell_that_was_killed_has_a_signal_and_no_exit_code(shore: Shore) -> None:
    channel = await shore.open()

    channel.type("kill -9 $$\r")

    await channel.until(lambda: channel.told(EXIT))
    assert channel.told(EXIT) == [{"exitCode": None, "signal": "SIGKILL"}]


async def test_an_ended_terminal_can_be_read_and_started_again(shore: Shore) -> None:
    first = await shore.open()
    first.type("echo last wo''rds; exit\r")
    await first.until(lambda: first.closed)

    again = shore.come()
    await again.until(lambda: again.closed)
    fresh = shore.come(restart=True)
    await fresh.until_output(PROMPT)

    assert b"last words" in again.output
    assert again.told(EXIT) == [{"exitCode": 0, "signal": None}]
    assert b"last words" not in fresh.output


async def test_a_read_only_viewer_sees_and_changes_nothing(shore: Shore) -> None:
    owner, guest = await shore.open(), shore.come(read_only=True)
    await guest.until_output(PROMPT)

    guest.type("echo in''truder\r")
    guest.put(b'1{"columns":40,"rows":10}')
    guest.put(b'{"AuthToken":"","columns":41,"rows":10}')
    guest.put(b"9")
    await guest.until(lambda: guest.told(ERROR))
    owner.type("stty size; echo do''ne\r")
    await guest.until_output("done")

    assert b"24 80" in guest.output
    assert b"intruder" not in guest.output
    assert guest.told(STATE)[0]["readOnly"] is True


async def test_a_read_only_viewer_starts_no_shell(shore: Shore) -> None:
    guest = shore.come(read_only=True)

    await guest.until(lambda: guest.closed)

    assert guest.closed is not None
    assert guest.closed[0] == CLOSE_NOTHING_HERE
    assert shore.terminals.describe() == []


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"9",
        b"1",
        b"1{}",
        b'1{"columns":"8","rows":2}',
        b"1" + b"[" * 5_000,
        b"4x",
        b"0" * 70_000,
    ],
)
async def test_a_bad_frame_is_answered_and_the_terminal_goes_on(shore: Shore, frame: bytes) -> None:
    channel = await shore.open()

    channel.put(frame)
    await channel.until(lambda: channel.told(ERROR))
    channel.type("echo go''ing on\r")

    await channel.until_output("going on")


async def test_ending_takes_everything_below_the_shell_along(shore: Shore) -> None:
    channel = await shore.open()
    channel.type(
        "nohup sleep 1001 >/dev/null 2>&1 & setsid sleep 1002 & (trap '' HUP; sleep 1003) & \r"
    )
    channel.type("echo $$ st''arted\r")
    await channel.until_output(" started")
    found = re.search(rb"(\d+) started", channel.output)
    assert found is not None
    terminal = shore.terminals._known["main"]
    await until(lambda: len(processes.members(int(found[1]), terminal.shell_id)) >= 4)

    await terminal.end(grace_seconds=0.2)

    assert processes.members(int(found[1]), terminal.shell_id) == set()
    assert terminal.exit is not None


async def test_a_terminal_is_busy_while_something_runs_in_it(shore: Shore) -> None:
    channel = await shore.open()
    assert shore.terminals.describe()[0]["busy"] is False

    channel.type("sleep 1000\r")
    await until(lambda: shore.terminals.describe()[0]["busy"])
    channel.type("\x03")

    await until(lambda: not shore.terminals.describe()[0]["busy"])


async def test_only_a_shell_at_its_prompt_with_nobody_watching_rests(shore: Shore) -> None:
    channel = await shore.open()
    assert shore.terminals.resting() == 0
    channel.leave()
    await until(lambda: shore.terminals.resting() == 1)

    again = shore.come()
    again.type("sleep 1000\r")
    await until(lambda: shore.terminals.describe()[0]["busy"])
    again.leave()

    await until(lambda: shore.terminals.describe()[0]["viewers"] == 0)
    assert shore.terminals.resting() == 0


async def test_a_sandbox_has_a_bounded_number_of_terminals(shore: Shore) -> None:
    for number in range(MOST_TERMINALS):
        await shore.open(f"t{number}")
    refused = shore.come("one-more")
    await refused.until(lambda: refused.closed)
    assert refused.closed is not None
    assert refused.closed[0] == CLOSE_TOO_MANY

    await shore.terminals._known["t0"].end(grace_seconds=0.5)

    await shore.open("one-more")


async def test_output_without_end_leaves_time_for_others(shore: Shore) -> None:
    channel, other = await shore.open(), await shore.open("other")
    channel.type("yes\r")
    await channel.until(lambda: len(channel.output) > 1_000_000)

    other.type("echo calm\r")
    await other.until_output("calm")
    channel.type("\x03")
    channel.type("echo qu''iet\r")

    await channel.until_output("quiet")


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("", {}),
        ("a/b", {}),
        ("x" * 65, {}),
        ("main", {"cols": "-1"}),
        ("main", {"since": "9" * 16}),
    ],
)
def test_a_visit_that_cannot_be_is_refused(name: str, query: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="has 1 to 64|whole number"):
        Visit.of(name, query)


def test_a_visit_is_read_from_its_address() -> None:
    query = {"cols": "9999", "rows": "40", "since": "17", "shell": "ab", "readonly": "1"}

    visit = Visit.of("main", query)

    assert visit == Visit(
        name="main", size=Size(columns=500, rows=40), since=17, shell="ab", read_only=True
    )
