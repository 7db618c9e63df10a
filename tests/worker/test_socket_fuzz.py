"""Frames that nobody should send: every one is answered or harmless, and the socket stays open."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from littoral import wire
from tests.fakes.scripted_ai import Answer, ScriptedAi
from tests.harness.worker import Worker
from tests.worker.agent_socket import AgentSocket, Frame, Guest, chat_request, new_guest

SEED = 20261121
FRAMES = 600
SECRET = "the stranger's secret"
HUGE = "x" * 1_200_000
DEEP = "[" * 5_000

KNOWN_TYPES = (
    wire.IDENTITY,
    wire.STATE,
    wire.MCP_SERVERS,
    wire.RPC,
    wire.CHAT_REQUEST,
    wire.CHAT_RESPONSE,
    wire.CHAT_CANCEL,
    wire.CHAT_CLEAR,
    wire.CHAT_MESSAGES,
    wire.MESSAGE_UPDATED,
    wire.STREAM_RESUME_REQUEST,
    wire.STREAM_RESUME_ACK,
    wire.STREAM_RESUMING,
    wire.TOOL_RESULT,
    wire.TOOL_APPROVAL,
    wire.NOTICE,
    "littoral.no_such_frame",
)
MAY_BE_SILENT = frozenset(
    {wire.CHAT_CLEAR, wire.CHAT_MESSAGES, wire.TOOL_RESULT, wire.TOOL_APPROVAL}
)
"""Frames that, when they are well formed, ask for nothing that could be answered."""

NOT_FRAMES: tuple[str | bytes, ...] = (
    "",
    " ",
    "null",
    "true",
    "17",
    '"text"',
    "[]",
    '[{"type":"rpc"}]',
    "{",
    "{}",
    '{"type":',
    '{"type":"rpc"',
    '{"type":"rpc",}',
    '{"type":NaN}',
    '{"type":"rpc","id":Infinity}',
    '{"type":"rpc","type":"rpc"}',
    "{'type':'rpc'}",
    "\ufeff{}",
    "\x00",
    '{"type":"\x01"}',
    '{"type":"🌊"}',
    '{"type":"\\ud800"}',
    '{"type":1e400}',
    '{"type":' + "9" * 6_000 + "}",
    '{"type":"rpc","id":"deep","method":"getState","args":' + DEEP,
    DEEP + "]" * 5_000,
    HUGE,
    '{"type":"' + HUGE + '"}',
    "PING",
    "ping ",
    b"",
    b"ping",
    b'{"type":"rpc"}',
    bytes(range(256)),
    b"\xff" * 100_000,
)

METHODS = (
    "getState",
    "listTasks",
    "addTask",
    "updateTask",
    "deleteTask",
    "undo",
    "setPreferences",
    "rename",
    "exportTranscript",
    "",
    "__init__",
    "_session",
    "constructor",
    "session.erase",
    "chat.send",
    "get_state",
    "on_connect",
)

FORGED_IDS = ("call_1", "approval-call_1", "req-1", "con_1", "msg_1_req-1", "../x", "a b", "\x00")

ODD_VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**53,
    10**40,
    1.5,
    1e308,
    "",
    "text",
    "\x00\x1b[31m",
    "\ud800",
    "‮abc",
    "{}",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "x" * 20_000,
    [],
    [[]],
    [None],
    ["a", {"b": [1]}],
    {},
    {"type": "text"},
    {"title": "a task"},
    {"title": ["no text"]},
    {"__proto__": {"x": 1}},
    {"timeZone": "No/Where"},
    {"due": "the 99th of Nevuary"},
    {"status": "lost"},
    {"id": 1},
)


class Fuzz:
    """Makes frames of known types with odd fields; the same seed makes the same frames."""

    def __init__(self, seed: int, foreign: tuple[str, ...]) -> None:
        self._dice = random.Random(seed)
        self._ids = (*FORGED_IDS, *foreign)
        self._number = 0

    def frames(self, number: int) -> Iterator[Frame]:
        for _ in range(number):
            yield self._frame()

    def _frame(self) -> Frame:
        self._number += 1
        kind = self._dice.choice(KNOWN_TYPES)
        frame = {"type": kind, **self._likely(kind)}
        for _ in range(self._dice.randrange(3)):
            name = self._dice.choice([*frame, "extra"])
            if self._dice.random() < 0.3:
                frame.pop(name, None)
            else:
                frame[name] = self._odd()
        return frame

    def _likely(self, kind: str) -> Frame:
        """Fields as a client sends them, often with a value that it would not send."""
        if kind == wire.RPC:
            arguments = [self._odd() for _ in range(self._dice.randrange(4))]
            return {"id": self._id(), "method": self._dice.choice(METHODS), "args": arguments}
        if kind == wire.CHAT_REQUEST:
            return {"id": self._id(), "init": self._init()}
        if kind in (wire.TOOL_RESULT, wire.TOOL_APPROVAL):
            return {
                "toolCallId": self._id(),
                "toolName": self._odd(),
                "output": self._odd(),
                "approved": self._dice.choice([True, False, self._odd()]),
                "autoContinue": self._dice.choice([True, self._odd()]),
                "clientTools": self._dice.choice([None, [{"name": "a"}], self._odd()]),
            }
        if kind == wire.STREAM_RESUME_REQUEST:
            return {"probeId": self._id()}
        if kind == wire.STATE:
            return {"state": self._odd()}
        if kind == wire.CHAT_MESSAGES:
            return {"messages": self._odd()}
        return {"id": self._id()}

    def _init(self) -> Any:
        part = self._dice.choice([{"type": "text", "text": self._odd()}, self._odd()])
        message = {
            "id": self._dice.choice([self._id(), f"msg-{self._number}"]),
            "role": self._dice.choice(["user", "assistant", "system", self._odd()]),
            "parts": self._dice.choice([[part], self._odd()]),
        }
        body = {
            "messages": self._dice.choice([[message], [self._odd()], self._odd()]),
            "trigger": self._dice.choice(["submit-message", "regenerate-message", self._odd()]),
            "clientTools": self._dice.choice([None, [{"name": "a b"}], self._odd()]),
        }
        text = json.dumps(body)
        cut = text[: self._dice.randrange(len(text))]
        return {"method": "POST", "body": self._dice.choice([text, text, text, cut, self._odd()])}

    def _id(self) -> str:
        return self._dice.choice([f"fuzz-{self._number}", *self._ids])

    def _odd(self) -> Any:
        return self._dice.choice(ODD_VALUES)


@pytest.fixture
async def guest(worker: Worker) -> Guest:
    return await new_guest(worker.url)


@pytest.fixture
async def foreign(worker: Worker, ai: ScriptedAi) -> tuple[str, ...]:
    """Ids of somebody else's session, whose texts say `SECRET`."""
    ai.answer(Answer(text=SECRET))
    stranger = await new_guest(worker.url)
    session_id = await stranger.begin_session()
    async with stranger.socket(session_id) as socket:
        await socket.call("addTask", {"title": SECRET})
        request_id = await socket.ask(SECRET, message_id="msg-secret", request_id="req-secret")
        await socket.until_done(request_id)
        answer = socket.chunks(request_id)[0]["messageId"]
    return (session_id, stranger.owner, "msg-secret", "req-secret", answer)


async def answers_to(socket: AgentSocket, sent: str | bytes, number: int) -> list[Frame]:
    """What came after a frame and before the reply to a call that was made after it."""
    already = len(socket.frames)
    await socket.raw.send(sent)
    reply = await socket.call("getState")
    assert reply["success"], f"frame {number}: {sent[:200]!r} broke the agent"
    return socket.frames[already:-1]


def check(answers: list[Frame], sent: str | bytes) -> None:
    """No fault of ours and no text of one in any answer."""
    for answer in answers:
        assert answer.get("code") != "internal_error", f"{sent[:500]!r} was answered {answer}"
        told = str(answer.get("error", "")) + str(answer.get("message", ""))
        assert "Traceback" not in told, f"{sent[:500]!r} was answered {answer}"


@pytest.mark.parametrize("sent", NOT_FRAMES, ids=range(len(NOT_FRAMES)))
async def test_what_is_no_frame_gets_an_error_frame_and_the_socket_stays(
    guest: Guest, sent: str | bytes
) -> None:
    async with guest.socket("fuzz") as socket:
        await socket.until_type(wire.MCP_SERVERS)
        answers = await answers_to(socket, sent, 0)

    check(answers, sent)
    (answer,) = answers
    assert answer["type"] in (wire.ERROR, wire.RPC)
    assert answer.get("message") or answer.get("error")
    if answer["type"] == wire.ERROR:
        assert answer["retryable"] is False
        assert answer["nextStep"]


async def test_a_frame_in_pieces_is_one_frame(guest: Guest) -> None:
    async with guest.socket("fuzz") as socket:
        await socket.raw.send(
            ['{"type":"rpc","id":"pie', 'ces","method":"get', 'State","args":[]}']
        )
        reply = await socket.until_type(wire.RPC)
    assert (reply["id"], reply["success"]) == ("pieces", True)


async def test_odd_frames_are_answered_and_a_normal_turn_works_afterwards(
    worker: Worker, guest: Guest, foreign: tuple[str, ...], ai: ScriptedAi
) -> None:
    worker.clear_logs()
    fuzz = Fuzz(SEED, foreign)
    session_id = await guest.begin_session()
    silent: list[str] = []
    async with guest.socket(session_id) as socket:
        await socket.until_type(wire.MCP_SERVERS)
        for number, frame in enumerate(fuzz.frames(FRAMES)):
            sent = json.dumps(frame)
            answers = await answers_to(socket, sent, number)
            check(answers, sent)
            if not answers and frame.get("type") not in MAY_BE_SILENT:
                silent.append(sent[:300])
        await until_quiet(socket)
        ai.reset()
        ai.answer(Answer(text="All is well."))
        assert await socket.say("How are you?") == "All is well."

    assert silent == []
    assert SECRET not in str(socket.frames)
    faults = [log["message"] for log in worker.logs() if "fault in" in log["message"]]
    assert faults == []


async def test_many_sockets_that_send_nonsense_at_once_disturb_no_other_session(
    worker: Worker, guest: Guest, ai: ScriptedAi
) -> None:
    ai.answer(Answer(text="Undisturbed."))
    noisy, quiet = await guest.begin_session(), await guest.begin_session()
    async with guest.socket(noisy) as one, guest.socket(noisy) as other:
        for socket in (one, other):
            for sent in NOT_FRAMES:
                await socket.raw.send(sent)
        async with guest.socket(quiet) as calm:
            assert await calm.say("Hello") == "Undisturbed."
        assert (await one.call("getState"))["success"]
        assert (await other.call("getState"))["success"]


async def test_ids_of_somebody_elses_stream_open_nothing(
    guest: Guest, foreign: tuple[str, ...]
) -> None:
    async with guest.socket(await guest.begin_session()) as socket:
        for each in foreign:
            await socket.send(wire.STREAM_RESUME_ACK, id=each)
            await socket.send(wire.CHAT_CANCEL, id=each)
            await socket.send(wire.TOOL_APPROVAL, toolCallId=each, approved=True)
            await socket.send(wire.TOOL_RESULT, toolCallId=each, output=1)
        await socket.send(
            wire.CHAT_REQUEST, **chat_request("", foreign[2], "again") | {"id": foreign[3]}
        )
        await socket.until_done(foreign[3])
        await socket.call("exportTranscript")
    assert SECRET not in str(socket.frames)


async def until_quiet(socket: AgentSocket) -> None:
    """Stops or waits for every turn that an odd frame may have begun."""
    while True:
        await socket.send(wire.STREAM_RESUME_REQUEST, probeId="quiet")
        answer = await socket.until(
            lambda frame: (
                frame.get("probeId") == "quiet"
                and frame["type"]
                in (wire.STREAM_RESUME_NONE, wire.STREAM_PENDING, wire.STREAM_RESUMING)
            )
        )
        if answer["type"] == wire.STREAM_RESUME_NONE:
            return
        if answer["type"] == wire.STREAM_RESUMING:
            await socket.send(wire.STREAM_RESUME_ACK, id=answer["id"])
            await socket.until_done(answer["id"])
