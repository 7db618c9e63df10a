"""npm's `useAgentChat` in React: turns, tools, approvals, errors, stop, resume, history."""

from __future__ import annotations

import pytest

from tests.compat.chat_page import ChatPage
from tests.fakes.scripted_ai import CAPACITY, Answer, Failure, ScriptedAi, ToolCall

MANY_WORDS = " ".join(f"word{number}" for number in range(60))
HALF = 30


@pytest.fixture
def session(tab: ChatPage) -> str:
    """A session of the guest in `tab`; nothing is mounted yet."""
    return tab.begin_session()


def test_a_turn_is_streamed_and_kept(tab: ChatPage, session: str, ai: ScriptedAi) -> None:
    ai.answer(Answer(text="Hello, you."))
    tab.show(session)

    answer = tab.say("Hi")

    assert answer == "Hello, you."
    assert [message["role"] for message in tab.messages()] == ["user", "assistant"]
    assert [end["outcome"] for end in tab.evaluate("() => turnEnds")] == ["completed"]


def test_words_are_shown_while_they_come(tab: ChatPage, session: str, ai: ScriptedAi) -> None:
    answer = Answer(text=MANY_WORDS, hold_after=HALF)
    ai.answer(answer)
    tab.show(session)

    tab.send("Tell me")
    tab.wait_for_text("word20")
    assert tab.evaluate("() => chat.status") == "streaming"
    answer.release()

    tab.wait_until_ready()
    assert tab.texts() == ["Tell me", MANY_WORDS]


def test_a_tool_of_the_server_shows_its_result(tab: ChatPage, session: str, ai: ScriptedAi) -> None:
    ai.answer(
        Answer(tool_calls=[ToolCall(name="add_tasks", arguments={"tasks": [{"title": "Milk"}]})]),
        Answer(text="Done."),
    )
    tab.show(session)

    assert tab.say("Add milk") == "Done."

    (part,) = tab.tool_parts()
    assert (part["type"], part["state"]) == ("tool-add_tasks", "output-available")
    tab.wait_for("() => chat.agent.state.tasks[0]?.title === 'Milk'")


def test_a_tool_of_the_browser_is_answered_and_the_turn_goes_on_by_itself(
    tab: ChatPage, session: str, ai: ScriptedAi
) -> None:
    ai.answer(
        Answer(tool_calls=[ToolCall(name="browserColour", arguments={"of": "you"})]),
        Answer(text="You like teal."),
    )
    tab.show(session, withTool=True, answersTool=True)

    tab.send("What is my favourite colour?")
    tab.wait_for_text("You like teal.")
    tab.wait_until_ready()

    (part,) = tab.tool_parts()
    assert (part["state"], part["output"]) == ("output-available", {"colour": "teal"})
    assert [message["role"] for message in tab.messages()] == ["user", "assistant"]
    assert tab.texts()[-1] == "You like teal."
    assert "teal" in str(ai.calls[-1].inputs["messages"][-1])


def delete_two(ai: ScriptedAi) -> None:
    """Scripts a call that asks for approval, and an answer after it."""
    ai.answer(
        Answer(tool_calls=[ToolCall(name="delete_tasks", arguments={"tasks": ["1", "2"]})]),
        Answer(text="As you wish."),
    )


def with_two_tasks(tab: ChatPage) -> None:
    for title in ("Milk", "Bread"):
        tab.evaluate("(title) => chat.agent.call('addTask', [{title}])", title)


@pytest.mark.parametrize(
    ("approved", "state", "left"), [(True, "output-available", 0), (False, "output-denied", 2)]
)
def test_a_call_that_needs_approval_waits_for_the_person(
    tab: ChatPage, session: str, ai: ScriptedAi, approved: bool, state: str, left: int
) -> None:
    delete_two(ai)
    tab.show(session)
    with_two_tasks(tab)

    tab.send("Delete both")
    asked = tab.wait_for_tool("approval-requested")
    tab.wait_until_ready()
    assert len(tab.evaluate("() => chat.agent.call('listTasks')")) == 2
    tab.evaluate(
        "([id, approved]) => void chat.addToolApprovalResponse({id, approved})",
        [asked["approval"]["id"], approved],
    )
    tab.wait_for_text("As you wish.")
    tab.wait_until_ready()

    assert [part["state"] for part in tab.tool_parts()] == [state]
    assert len(tab.evaluate("() => chat.agent.call('listTasks')")) == left
    assert [message["role"] for message in tab.messages()] == ["user", "assistant"]


def test_a_failure_of_the_model_ends_in_the_status_error_and_the_next_turn_works(
    tab: ChatPage, session: str, ai: ScriptedAi
) -> None:
    cut_off = Failure(code=CAPACITY, message="a text of the platform")
    ai.answer(Answer(text=MANY_WORDS, failure=cut_off, fail_after=HALF))
    tab.show(session)

    tab.send("This breaks off")
    error = tab.wait_for("() => chat.error?.message")
    assert "a text of the platform" not in error
    assert "Traceback" not in error
    assert tab.evaluate("() => chat.status") == "error"

    ai.answer(Answer(text="Better now."))
    tab.send("Again")
    tab.wait_for_text("Better now.")
    tab.wait_until_ready()


def test_stop_ends_the_turn_on_the_server_and_keeps_what_was_said(
    tab: ChatPage, session: str, ai: ScriptedAi
) -> None:
    ai.answer(Answer(text=MANY_WORDS, hold_after=HALF), Answer(text="Yes?"))
    tab.show(session)
    tab.send("Tell me")
    tab.wait_for_text("word20")

    tab.evaluate("() => chat.stop()")
    tab.wait_until_ready()
    assert tab.say("Are you there?") == "Yes?"

    assert "word20" in tab.texts()[1]
    assert "word59" not in tab.texts()[1]
    tab.page.reload()
    tab.open().show(session)
    assert "word20" in tab.texts()[1]
    assert "word59" not in tab.texts()[1]


def test_a_chat_that_is_unmounted_in_mid_stream_shows_every_word_once_when_it_is_back(
    tab: ChatPage, session: str, ai: ScriptedAi
) -> None:
    answer = Answer(text=MANY_WORDS, hold_after=HALF)
    ai.answer(answer)
    tab.show(session)
    tab.send("Tell me")
    tab.wait_for_text("word20")

    tab.hide()
    tab.evaluate("(props) => window.show(props)", {"name": session})
    tab.wait_for("() => window.chat?.messages.length === 2")
    tab.wait_for_text("word20")
    answer.release()

    tab.wait_for_text("word59")
    tab.wait_until_ready()
    assert tab.texts() == ["Tell me", MANY_WORDS]


def test_a_chat_that_is_unmounted_on_a_socket_that_stays_shows_every_word_once(
    tab: ChatPage, session: str, ai: ScriptedAi
) -> None:
    answer = Answer(text=MANY_WORDS, hold_after=HALF)
    ai.answer(answer)
    tab.show(session)
    tab.send("Tell me")
    tab.wait_for_text("word20")

    tab.hide_chat(session)
    tab.evaluate("(props) => window.show(props)", {"name": session})
    tab.wait_for("() => window.chat?.messages.length === 2")
    tab.wait_for_text("word20")
    answer.release()

    tab.wait_for_text("word59")
    tab.wait_until_ready()
    assert tab.texts() == ["Tell me", MANY_WORDS]


def test_a_page_that_is_reloaded_in_mid_stream_shows_every_word_once(
    tab: ChatPage, session: str, ai: ScriptedAi
) -> None:
    answer = Answer(text=MANY_WORDS, hold_after=HALF)
    ai.answer(answer)
    tab.show(session)
    tab.send("Tell me")
    tab.wait_for_text("word20")

    tab.open()
    tab.evaluate("(props) => window.show(props)", {"name": session})
    tab.wait_for("() => window.chat?.messages.length === 2")
    answer.release()

    tab.wait_for_text("word59")
    tab.wait_until_ready()
    assert tab.texts() == ["Tell me", MANY_WORDS]


def test_a_turn_that_ended_while_nobody_was_there_is_in_the_history(
    tab: ChatPage, session: str, ai: ScriptedAi
) -> None:
    answer = Answer(text=MANY_WORDS, hold_after=HALF)
    ai.answer(answer)
    tab.show(session)
    tab.send("Tell me")
    tab.wait_for_text("word20")

    tab.hide()
    answer.release()
    tab.wait_for(
        """async (name) => {
            const messages = await (await fetch(`/agents/task-agent/${name}/get-messages`)).json();
            return messages.length === 2;
        }""",
        session,
    )
    tab.show(session)

    assert tab.texts() == ["Tell me", MANY_WORDS]


def test_regenerate_replaces_the_last_answer(tab: ChatPage, session: str, ai: ScriptedAi) -> None:
    ai.answer(Answer(text="One."), Answer(text="Another."))
    tab.show(session)
    tab.say("Say something")

    tab.evaluate("() => void chat.regenerate()")
    tab.wait_for_text("Another.")
    tab.wait_until_ready()

    assert tab.texts() == ["Say something", "Another."]
    tab.open().show(session)
    assert tab.texts() == ["Say something", "Another."]


def test_clear_empties_the_history_for_every_tab(
    tab: ChatPage, second_tab: ChatPage, session: str, ai: ScriptedAi
) -> None:
    ai.answer(Answer(text="Hello."), Answer(text="Hello again."))
    tab.show(session)
    tab.say("Hi")
    second_tab.show(session)
    assert len(second_tab.messages()) == 2

    tab.evaluate("() => chat.clearHistory()")

    second_tab.wait_for("() => chat.messages.length === 0")
    assert tab.messages() == []
    assert tab.say("Hi again") == "Hello again."
    tab.open().show(session)
    assert tab.texts() == ["Hi again", "Hello again."]


def test_two_tabs_see_one_conversation(
    tab: ChatPage, second_tab: ChatPage, session: str, ai: ScriptedAi
) -> None:
    answer = Answer(text=MANY_WORDS, hold_after=HALF)
    ai.answer(answer, Answer(text="And to the other."))
    tab.show(session)
    second_tab.show(session)

    tab.send("Tell us")
    second_tab.wait_for_text("word20")
    answer.release()
    tab.wait_until_ready()
    second_tab.wait_for_text("word59")
    second_tab.wait_until_ready()
    assert second_tab.texts() == tab.texts() == ["Tell us", MANY_WORDS]

    second_tab.say("Now I")
    tab.wait_for_text("And to the other.")
    tab.wait_until_ready()
    assert tab.texts() == second_tab.texts()
    assert len(tab.texts()) == 4


def test_the_history_is_there_after_a_reload_with_the_same_ids(
    tab: ChatPage, session: str, ai: ScriptedAi
) -> None:
    ai.answer(Answer(text="First."), Answer(text="Second."))
    tab.show(session)
    tab.say("One")
    tab.say("Two")
    before = [(message["id"], message["role"]) for message in tab.messages()]

    tab.open().show(session)

    assert tab.texts() == ["One", "First.", "Two", "Second."]
    assert [(message["id"], message["role"]) for message in tab.messages()] == before
