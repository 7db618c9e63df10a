"""Owns a browser page in which the unmodified npm clients run, as the tests hold it.

The page itself is `page/`; it is bundled and served by `conftest.py`. What a test reads here is
what the client's own hook or class says.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

PATH = "/compat/"
WAIT_MS = 20_000


class ChatPage:
    """One tab. Tabs of one browser context are one guest."""

    def __init__(self, page: Page, url: str) -> None:
        self._url = url
        self.page = page

    def open(self) -> ChatPage:
        """Loads the page; nothing is connected yet."""
        self.page.goto(f"{self._url}{PATH}")
        self.page.wait_for_function("() => window.show", timeout=WAIT_MS)
        return self

    def begin_session(self) -> str:
        """A new session of this guest, by HTTP as a page would do it."""
        return str(
            self.page.evaluate(
                """async () => {
                    await fetch('/api/me');
                    const answer = await fetch('/api/sessions', {
                        method: 'POST', headers: {'content-type': 'application/json'}, body: '{}',
                    });
                    return (await answer.json()).id;
                }"""
            )
        )

    # --- AgentClient -----------------------------------------------------------------------------

    def connect(self, name: str, **options: Any) -> None:
        """Makes an `AgentClient` and waits until the server has told its identity."""
        given = {"agent": "TaskAgent", "name": name, **options}
        self.page.evaluate("(options) => window.connect(options)", given)
        self.wait_for("() => window.client.identified")

    def evaluate(self, expression: str, argument: Any = None) -> Any:
        return self.page.evaluate(expression, argument)

    def wait_for(self, expression: str, argument: Any = None) -> Any:
        """Waits until the JavaScript function gives something true; gives it."""
        handle = self.page.wait_for_function(expression, arg=argument, timeout=WAIT_MS)
        return handle.json_value()

    # --- useAgentChat ----------------------------------------------------------------------------

    def show(self, name: str, **props: Any) -> ChatPage:
        """Mounts the React chat on a session and waits until its socket is open."""
        self.page.evaluate("(props) => window.show(props)", {"name": name, **props})
        self.wait_for("() => window.chat?.agent.identified && window.chat.status === 'ready'")
        return self

    def hide(self) -> None:
        """Unmounts the chat, as leaving the route does."""
        self.page.evaluate("() => window.hide()")
        self.wait_for("() => window.chat === null")

    def hide_chat(self, name: str) -> None:
        """Unmounts the chat alone; its component's parent keeps the socket."""
        self.page.evaluate("(name) => window.show({name, chatHidden: true})", name)
        self.wait_for("() => window.chat === null")

    def send(self, text: str) -> None:
        """Sends a message; the answer is not waited for."""
        self.page.evaluate("(text) => void window.chat.sendMessage({text})", text)

    def say(self, text: str) -> str:
        """Sends a message and waits for the end of the answer; gives its text.

        The hook says `ready` in the middle of an answer when its own look for a stream to resume
        ends only then; how the turn ended is with the answer's message.
        """
        before = len(self.messages())
        self.send(text)
        self.wait_for(
            "(n) => window.chat.messages.length >= n && window.chat.status === 'ready'"
            " && Boolean(window.chat.messages.at(-1).metadata?.outcome)",
            before + 2,
        )
        return self.texts()[-1]

    def wait_until_ready(self) -> None:
        self.wait_for("() => window.chat.status === 'ready' && !window.chat.isStreaming")

    def wait_for_text(self, text: str) -> None:
        """Waits until some message contains the text."""
        self.wait_for(
            "(text) => window.chat.messages.some((message) => message.parts.some("
            "(part) => part.text?.includes(text)))",
            text,
        )

    def messages(self) -> list[dict[str, Any]]:
        """The messages that the hook gives for rendering."""
        return list(self.page.evaluate("() => window.chat.messages"))

    def texts(self) -> list[str]:
        """What each message says."""
        return [
            "".join(part.get("text", "") for part in message["parts"] if part["type"] == "text")
            for message in self.messages()
        ]

    def tool_parts(self) -> list[dict[str, Any]]:
        """The tool parts of all messages, oldest first."""
        return [
            part for message in self.messages() for part in message["parts"] if "toolCallId" in part
        ]

    def wait_for_tool(self, state: str) -> dict[str, Any]:
        """Waits until a tool part is in this state; gives the part."""
        self.wait_for(
            "(state) => window.chat.messages.some((message) => message.parts.some("
            "(part) => part.toolCallId && part.state === state))",
            state,
        )
        return next(part for part in self.tool_parts() if part["state"] == state)
