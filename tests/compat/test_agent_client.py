"""npm's `AgentClient` in a browser: identity, state, calls, streamed calls, refusals."""

from __future__ import annotations

import pytest

from tests.compat.chat_page import ChatPage
from tests.compat.conftest import NewTab


@pytest.fixture
def session(tab: ChatPage) -> str:
    """A session that the client of `tab` is connected to."""
    session_id = tab.begin_session()
    tab.connect(session_id)
    return session_id


def test_the_client_learns_who_it_talks_to(tab: ChatPage, session: str) -> None:
    assert tab.evaluate("() => [client.agent, client.name]") == ["task-agent", session]


def test_the_client_is_given_the_state_when_it_connects(tab: ChatPage, session: str) -> None:
    tab.wait_for("() => states.length > 0")

    first = tab.evaluate("() => states[0]")
    assert first["source"] == "server"
    assert first["state"]["sessionId"] == session
    assert first["state"]["tasks"] == []


def test_a_call_gives_its_result_and_every_client_is_shown_the_state(
    tab: ChatPage, second_tab: ChatPage, session: str
) -> None:
    second_tab.connect(session)

    task = tab.evaluate("() => client.call('addTask', [{title: 'Buy milk'}])")

    assert task["title"] == "Buy milk"
    for each in (tab, second_tab):
        each.wait_for("() => states.at(-1)?.state.tasks[0]?.title === 'Buy milk'")


def test_the_stub_calls_methods_by_name(tab: ChatPage, session: str) -> None:
    assert tab.evaluate("() => client.stub.rename('Shopping')") == "Shopping"
    assert tab.evaluate("() => client.stub.getState()")["title"] == "Shopping"


def test_a_streamed_call_gives_its_parts_and_then_its_end(tab: ChatPage, session: str) -> None:
    tab.evaluate("() => client.call('addTask', [{title: 'Buy milk'}])")

    told = tab.evaluate(
        """async () => {
            const chunks = [], ends = [];
            await client.call('exportTranscript', [], {
                stream: {onChunk: (chunk) => chunks.push(chunk), onDone: (end) => ends.push(end)},
            });
            return {chunks, ends};
        }"""
    )

    assert len(told["chunks"]) > 1
    assert "Buy milk" in "".join(told["chunks"])
    assert len(told["ends"]) == 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("client.call('noSuchMethod')", "no callable method 'noSuchMethod'"),
        ("client.call('state_json')", "no callable method"),
        ("client.call('addTask', [{title: ''}])", "title"),
        ("client.call('addTask', [])", "do not fit"),
        ("client.call('updateTask', [999, {status: 'completed'}])", "999"),
    ],
)
def test_a_call_that_cannot_be_done_fails_with_words_and_without_a_trace(
    tab: ChatPage, session: str, call: str, words: str
) -> None:
    error = tab.evaluate(f"() => {call}.then(() => 'no error', (error) => error.message)")

    assert words in error
    assert "Traceback" not in error
    assert tab.evaluate("() => client.call('listTasks')") == []


def test_a_client_may_not_write_the_state(tab: ChatPage, session: str) -> None:
    tab.evaluate("() => client.setState({tasks: [{title: 'forged'}]})")

    tab.wait_for("() => stateErrors.length === 1")
    assert "server" in tab.evaluate("() => stateErrors[0]")
    assert tab.evaluate("() => client.call('getState')")["tasks"] == []


def test_two_guests_who_ask_for_the_same_name_do_not_share_an_agent(new_guest: NewTab) -> None:
    first, second = new_guest(), new_guest()
    for each in (first, second):
        each.begin_session()
        each.connect("default")

    first.evaluate("() => client.call('addTask', [{title: 'Mine alone'}])")

    assert second.evaluate("() => client.call('listTasks')") == []


def test_a_name_that_cannot_be_a_session_ends_the_connection_for_good(tab: ChatPage) -> None:
    tab.begin_session()
    tab.evaluate("() => window.connect({agent: 'TaskAgent', name: 'not a name'})")

    tab.wait_for("() => connectionErrors.length === 1")
    assert tab.evaluate("() => connectionErrors") == [1008]
