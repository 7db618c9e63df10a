"""The agent socket on the real runtime: hibernation, resuming, approvals, two tabs, refusals."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from littoral import wire
from tests.fakes.scripted_ai import Answer, ScriptedAi, ToolCall
from tests.harness.worker import Worker
from tests.worker.agent_socket import AgentSocket, Guest, new_guest

MANY_WORDS = " ".join(f"word{number}" for number in range(60))
HALF = 30
MAX_OPEN = 16


@pytest.fixture
async def guest(worker: Worker) -> Guest:
    return await new_guest(worker.url)


@pytest.fixture
async def session_id(guest: Guest) -> str:
    return await guest.begin_session()


async def until_held(answer: Answer) -> None:
    await asyncio.to_thread(answer.wait_until_held)


async def test_a_socket_is_told_who_it_talks_to_then_the_state_then_the_mcp_servers(
    guest: Guest, session_id: str
) -> None:
    async with guest.socket(session_id) as socket:
        identity, state, servers = [await socket.receive() for _ in range(3)]

    assert (identity["type"], identity["name"]) == (wire.IDENTITY, session_id)
    assert (state["type"], state["state"]["sessionId"]) == (wire.STATE, session_id)
    assert servers["type"] == wire.MCP_SERVERS


async def test_a_turn_streams_and_ends(guest: Guest, session_id: str, ai: ScriptedAi) -> None:
    ai.answer(Answer(text="Hello, you."))
    async with guest.socket(session_id) as socket:
        assert await socket.say("Hi") == "Hello, you."


async def test_a_client_that_closes_is_answered_with_a_close(guest: Guest, session_id: str) -> None:
    async with guest.socket(session_id) as socket:
        await socket.until_type(wire.MCP_SERVERS)
        await socket.raw.close(4001, "enough")
    assert socket.raw.close_code == 4001


# --- hibernation


async def test_a_socket_outlives_the_memory_of_its_object(
    worker: Worker, guest: Guest, session_id: str, ai: ScriptedAi
) -> None:
    ai.answer(Answer(text="Before."), Answer(text="After."))
    async with guest.socket(session_id) as first, guest.socket(session_id) as second:
        await first.call("addTask", {"title": "Milk"})
        assert await first.say("One") == "Before."

        worker.hibernate("TaskAgent", guest.object_name(session_id))

        assert [task["title"] for task in (await first.call("listTasks"))["result"]] == ["Milk"]
        request_id = await first.ask("Two")
        await second.until_done(request_id)
        assert second.words(request_id) == "After."
    asked = [message["content"] for message in ai.calls[-1].inputs["messages"]]
    assert asked[-3:] == ["One", "Before.", "Two"]


async def test_a_heartbeat_is_answered_also_while_the_object_sleeps(
    worker: Worker, guest: Guest, session_id: str
) -> None:
    async with guest.socket(session_id) as socket:
        await socket.call("listTasks")
        worker.hibernate("TaskAgent", guest.object_name(session_id))

        await socket.raw.send(wire.HEARTBEAT_REQUEST)
        assert await asyncio.wait_for(socket.raw.recv(), 10) == wire.HEARTBEAT_RESPONSE


async def test_a_question_to_the_person_outlives_the_memory_of_the_object(
    worker: Worker, guest: Guest, session_id: str, ai: ScriptedAi
) -> None:
    ai.answer(
        Answer(tool_calls=[ToolCall(name="delete_tasks", arguments={"tasks": ["1", "2"]})]),
        Answer(text="Gone."),
    )
    async with guest.socket(session_id) as socket:
        for title in ("Milk", "Bread"):
            await socket.call("addTask", {"title": title})
        request_id = await socket.ask("Delete both")
        await socket.until_done(request_id)
        asked = next(
            chunk for chunk in socket.chunks(request_id) if chunk["type"] == "tool-approval-request"
        )

        worker.hibernate("TaskAgent", guest.object_name(session_id))

        await socket.send(
            wire.TOOL_APPROVAL, toolCallId=asked["toolCallId"], approved=True, autoContinue=True
        )
        offered = await socket.until_type(wire.STREAM_RESUMING)
        await socket.send(wire.STREAM_RESUME_ACK, id=offered["id"])
        await socket.until_done(offered["id"])
        assert (await socket.call("listTasks"))["result"] == []
    shown = next(f for f in reversed(socket.frames) if f["type"] == wire.CHAT_MESSAGES)
    assert shown["messages"][-1]["parts"][-1]["text"] == "Gone."


# --- streams


async def test_a_socket_that_comes_in_the_middle_hears_every_word_once(
    guest: Guest, session_id: str, ai: ScriptedAi
) -> None:
    answer = Answer(text=MANY_WORDS, hold_after=HALF)
    ai.answer(answer)
    async with guest.socket(session_id) as first:
        request_id = await first.ask("Tell me")
        await until_held(answer)
    async with guest.socket(session_id) as second:
        offered = await second.until_type(wire.STREAM_RESUMING)
        assert offered["id"] == request_id
        await second.send(wire.STREAM_RESUME_ACK, id=request_id)
        await second.until(lambda frame: frame.get("replayComplete"))
        answer.release()
        await second.until_done(request_id)
        assert second.words(request_id) == MANY_WORDS


async def test_two_sockets_of_one_session_hear_the_same(
    guest: Guest, session_id: str, ai: ScriptedAi
) -> None:
    ai.answer(Answer(text=MANY_WORDS))
    async with guest.socket(session_id) as first, guest.socket(session_id) as second:
        request_id = await first.ask("Tell us")
        await first.until_done(request_id)
        await second.until_done(request_id)
    assert first.words(request_id) == second.words(request_id) == MANY_WORDS


async def test_stop_ends_the_turn_and_the_next_one_is_answered(
    guest: Guest, session_id: str, ai: ScriptedAi
) -> None:
    answer = Answer(text=MANY_WORDS, hold_after=HALF)
    ai.answer(answer, Answer(text="Yes?"))
    async with guest.socket(session_id) as socket:
        request_id = await socket.ask("Tell me")
        await until_held(answer)
        await socket.send(wire.CHAT_CANCEL, id=request_id)
        done = await socket.until_done(request_id)
        assert done["outcome"] == "aborted"
        assert await socket.say("Are you there?") == "Yes?"


async def test_messages_that_wait_are_told_their_place_and_answered_in_order(
    guest: Guest, session_id: str, ai: ScriptedAi
) -> None:
    first = Answer(text="Zero.", hold_after=1)
    ai.answer(first, *(Answer(text=f"Answer {number}.") for number in range(1, MAX_OPEN)))
    async with guest.socket(session_id) as socket:
        ids = [await socket.ask("Question 0")]
        await until_held(first)
        ids += [await socket.ask(f"Question {number}") for number in range(1, MAX_OPEN)]
        refused = await socket.ask("One too many")

        told = await socket.until_done(refused)
        assert (told["error"], told["code"], told["retryable"]) == (True, "queue_full", True)
        first.release()
        for request_id in ids:
            await socket.until_done(request_id)
    places = [frame["position"] for frame in socket.frames if frame["type"] == wire.QUEUED]
    assert places == list(range(1, MAX_OPEN))
    answers = [socket.words(request_id) for request_id in ids]
    assert answers == ["Zero.", *(f"Answer {number}." for number in range(1, MAX_OPEN))]


# --- who may


async def closed_with(socket: AgentSocket) -> int | None:
    """The code with which the server closes; what it sends before is read and kept."""
    async with socket:
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                await socket.receive()
    return closed.value.rcvd.code if closed.value.rcvd else None


@pytest.mark.parametrize("name", ["not%20a%20name", "x" * 129, "a%2Fb", "%F0%9F%8C%8A"])
async def test_a_name_that_cannot_be_a_session_is_refused_for_good(
    worker: Worker, guest: Guest, name: str
) -> None:
    assert await closed_with(guest.socket(name)) == wire.CLOSE_NOT_ALLOWED


async def test_a_page_of_another_origin_is_refused_for_good(
    worker: Worker, guest: Guest, session_id: str
) -> None:
    socket = AgentSocket(worker.url, session_id, cookie=guest.cookie, origin="https://evil.example")
    assert await closed_with(socket) == wire.CLOSE_NOT_ALLOWED
    assert socket.frames == []


async def test_somebody_elses_session_is_not_to_be_seen(
    worker: Worker, guest: Guest, session_id: str, ai: ScriptedAi
) -> None:
    ai.answer(Answer(text="Between us."))
    async with guest.socket(session_id) as socket:
        await socket.call("addTask", {"title": "A secret task"})
        await socket.say("A secret")
    stranger = await new_guest(worker.url)

    async with stranger.socket(session_id) as socket:
        tasks = await socket.call("listTasks")
        await socket.send(wire.STREAM_RESUME_REQUEST, probeId="probe")
        await socket.until_type(wire.STREAM_RESUME_NONE)
    history = await stranger.get(f"/agents/task-agent/{session_id}/get-messages")

    assert tasks["result"] == []
    assert "secret" not in str(socket.frames)
    assert history.json() == []


async def test_a_forged_cookie_is_no_cookie(worker: Worker, guest: Guest, session_id: str) -> None:
    async with guest.socket(session_id) as socket:
        await socket.call("addTask", {"title": "A secret task"})
    name, _, value = guest.cookie.partition("=")
    forged = f"{name}={value[:-4]}AAAA"

    async with AgentSocket(worker.url, session_id, cookie=forged) as socket:
        tasks = await socket.call("listTasks")

    assert tasks["result"] == []


async def test_an_open_session_is_closed_to_bare_callers_once_its_guest_came_with_a_cookie(
    worker: Worker,
) -> None:
    async with httpx.AsyncClient(base_url=worker.url, timeout=60) as http:
        begun = await http.post("/api/sessions", json={})
        session_id = begun.json()["id"]
        cookie = "; ".join(f"{name}={value}" for name, value in http.cookies.items())
    async with AgentSocket(worker.url, session_id) as bare:
        assert (await bare.call("listTasks"))["success"]

    async with AgentSocket(worker.url, session_id, cookie=cookie) as owner:
        assert (await owner.call("listTasks"))["success"]

    assert await closed_with(AgentSocket(worker.url, session_id)) == wire.CLOSE_NOT_ALLOWED


async def test_an_unknown_kind_of_agent_is_a_bad_request(worker: Worker) -> None:
    async with httpx.AsyncClient(base_url=worker.url, timeout=60) as http:
        answer = await http.get("/agents/no-such-agent/default/get-messages")
    assert answer.status_code == 400
