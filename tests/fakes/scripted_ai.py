"""Owns the script of the Workers AI double: what each call of a model is answered.

A small HTTP server in the test's process; `mock_ai/mock_ai.js` asks it and plays the answer to the
Worker as the binding would: an object in Workers AI's own shape or OpenAI's, server-sent events cut
anywhere, or an error with its code. Which Worker asks is the harness's business.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

from littoral.models.embeddings.offline import DIMENSIONS, embed_text

Shape = Literal["workers-ai", "openai"]

CAPACITY = 3040
NOT_IN_PLAN = 5035
ASIDE = "Words aside"


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call that the Worker made, as it arrived."""

    model: str
    inputs: dict[str, Any]
    options: dict[str, Any] | None

    @property
    def streams(self) -> bool:
        return bool(self.inputs.get("stream"))

    @property
    def is_turn(self) -> bool:
        """A turn offers tools; titles and summaries, which the agent asks for aside, do not."""
        return bool(self.inputs.get("tools"))

    @property
    def last_user_text(self) -> str:
        """Text of the newest user message, or the prompt; empty when there is none."""
        for message in reversed(self.inputs.get("messages", [])):
            if message.get("role") == "user":
                return _text_of(message.get("content", ""))
        return str(self.inputs.get("prompt", ""))


@dataclass(frozen=True, kw_only=True)
class ToolCall:
    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Failure:
    """An error of the binding, `code` as Workers AI numbers them."""

    code: int
    message: str


@dataclass(kw_only=True)
class Answer:
    """What one call is answered: text, tool calls or an error, in either shape, whole or streamed.

    Whether it streams follows the call. `cut_bytes` cuts the event stream into chunks of so many
    bytes, without regard for events or characters; without it every event is a chunk. `hold_after`
    lets so many chunks out (0: none, also of a whole answer) and waits for `release`.
    `fail_after` ends the stream with `failure` after so many chunks.
    """

    text: str = ""
    tool_calls: Sequence[ToolCall] = ()
    failure: Failure | None = None
    shape: Shape = "workers-ai"
    input_tokens: int = 11
    output_tokens: int = 7
    cut_bytes: int | None = None
    hold_after: int | None = None
    fail_after: int | None = None
    _released: threading.Event = field(default_factory=threading.Event)
    _held: threading.Event = field(default_factory=threading.Event)

    def release(self) -> None:
        """Lets a held answer go on. Repeatable."""
        self._released.set()

    def wait_until_held(self, seconds: float = 10.0) -> None:
        """Returns when the chunks before the hold are out; AssertionError after `seconds`."""
        assert self._held.wait(seconds), f"no call reached the hold within {seconds} s"

    def lines(self, *, streams: bool) -> Iterator[dict[str, Any]]:
        """The reply's JSON lines: one `result`, or `stream`, `chunk`s and `end`, or an `error`."""
        if self.hold_after == 0:
            self._hold()
        if self.failure is not None and self.fail_after is None:
            yield {"error": {"code": self.failure.code, "message": self.failure.message}}
        elif streams:
            yield from self._stream_lines()
        else:
            yield {"result": self.result()}

    def _stream_lines(self) -> Iterator[dict[str, Any]]:
        yield {"stream": True}
        for number, chunk in enumerate(self.chunks()):
            if number == self.hold_after and number > 0:
                self._hold()
            if self.failure is not None and number == self.fail_after:
                yield {"error": {"code": self.failure.code, "message": self.failure.message}}
                return
            yield {"chunk": base64.b64encode(chunk).decode()}
        yield {"end": True}

    def _hold(self) -> None:
        self._held.set()
        self._released.wait()

    def result(self) -> dict[str, Any]:
        """The whole answer as one object."""
        if self.shape == "openai":
            message = {
                "role": "assistant",
                "content": self.text or None,
                "tool_calls": [_openai_call(n, call) for n, call in enumerate(self.tool_calls)],
            }
            reason = "tool_calls" if self.tool_calls else "stop"
            return {
                "id": "chatcmpl-double",
                "object": "chat.completion",
                "choices": [{"index": 0, "message": message, "finish_reason": reason}],
                "usage": self._usage(),
            }
        return {
            "response": self.text,
            "tool_calls": [_plain_call(call) for call in self.tool_calls],
            "usage": self._usage(),
        }

    def chunks(self) -> list[bytes]:
        """The event stream, cut as asked."""
        events = [f"data: {json.dumps(event, ensure_ascii=False)}\n\n" for event in self._events()]
        encoded = [event.encode() for event in [*events, "data: [DONE]\n\n"]]
        if self.cut_bytes is None:
            return encoded
        whole = b"".join(encoded)
        return [whole[at : at + self.cut_bytes] for at in range(0, len(whole), self.cut_bytes)]

    def _events(self) -> Iterator[dict[str, Any]]:
        words = _words(self.text)
        if self.shape == "openai":
            for word in words:
                yield _delta({"content": word})
            for number, call in enumerate(self.tool_calls):
                yield _delta({"tool_calls": [{"index": number, **_openai_call(number, call)}]})
            reason = "tool_calls" if self.tool_calls else "stop"
            yield {**_delta({}, reason), "usage": self._usage()}
            return
        for word in words:
            yield {"response": word}
        if self.tool_calls:
            yield {"response": "", "tool_calls": [_plain_call(call) for call in self.tool_calls]}
        yield {"response": "", "usage": self._usage()}

    def _usage(self) -> dict[str, int]:
        return {
            "prompt_tokens": self.input_tokens,
            "completion_tokens": self.output_tokens,
            "total_tokens": self.input_tokens + self.output_tokens,
        }


class ScriptedAi:
    """The server. `answer` queues answers in order; `answer_when` answers calls about a text.

    Both are for turns, whose calls are in `calls`. A turn that nothing answers gets some words (an
    error would open a circuit breaker for later tests) and is kept in `unexpected`. What the agent
    asks aside is answered by `aside` and kept in `calls_aside`.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queue: list[Answer] = []
        self._rules: list[tuple[str, list[Answer]]] = []
        self._aside_rules: list[tuple[str, Answer]] = []
        self._given: list[Answer] = []
        self.aside = Answer(text=ASIDE)
        self.calls: list[Call] = []
        self.calls_aside: list[Call] = []
        self.unexpected: list[Call] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/run"

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self.reset()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, *answers: Answer) -> None:
        """The next calls that no rule matches are answered in this order."""
        with self._lock:
            self._queue.extend(answers)

    def answer_when(self, text: str, *answers: Answer) -> None:
        """Calls whose newest user message contains `text` are answered in this order, the last
        answer again and again."""
        with self._lock:
            self._rules.append((text, list(answers)))

    def answer_aside_when(self, text: str, answer: Answer) -> None:
        """Calls without tools whose newest user message contains `text` get this answer."""
        with self._lock:
            self._aside_rules.append((text, answer))

    def reset(self) -> None:
        """Forgets script and calls and lets every held answer go. For the end of a test."""
        with self._lock:
            for answer in self._given:
                answer.release()
            self._queue.clear()
            self._rules.clear()
            self._aside_rules.clear()
            self._given.clear()
            self.aside = Answer(text=ASIDE)
            self.calls.clear()
            self.calls_aside.clear()
            self.unexpected.clear()

    def take(self, call: Call) -> Answer:
        """The answer of the script to this call."""
        with self._lock:
            if not call.is_turn:
                self.calls_aside.append(call)
                return self._aside(call)
            self.calls.append(call)
            answer = self._matching(call)
            if answer is None:
                self.unexpected.append(call)
                return Answer(text="Nothing was scripted.")
            self._given.append(answer)
            return answer

    def _aside(self, call: Call) -> Answer:
        for text, answer in self._aside_rules:
            if text in call.last_user_text:
                return answer
        return self.aside

    def _matching(self, call: Call) -> Answer | None:
        for text, answers in self._rules:
            if text in call.last_user_text:
                return answers.pop(0) if len(answers) > 1 else answers[0]
        return self._queue.pop(0) if self._queue else None


def _handler_of(script: ScriptedAi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            call = Call(model=body["model"], inputs=body["inputs"], options=body["options"])
            lines = _vectors_of(call) or script.take(call).lines(streams=call.streams)
            self.send_response(200)
            self.send_header("content-type", "application/jsonl")
            self.send_header("connection", "close")
            self.end_headers()
            try:
                for line in lines:
                    self.wfile.write(json.dumps(line).encode() + b"\n")
                    self.wfile.flush()
            except (BrokenPipeError, ConnectionResetError):
                pass  # the Worker cancelled the stream, or was killed
            self.close_connection = True

        def log_message(self, *_arguments: object) -> None:
            pass

    return Handler


def _vectors_of(call: Call) -> list[dict[str, Any]]:
    """What an embedding model answers; nothing for a call of another model.

    It needs no script: near texts have near vectors, by the offline embedder.
    """
    texts = call.inputs.get("text")
    if not isinstance(texts, list):
        return []
    data = [embed_text(text) for text in texts]
    return [{"result": {"shape": [len(data), DIMENSIONS], "data": data, "pooling": "cls"}}]


def _text_of(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content if isinstance(part, dict))


def _words(text: str) -> list[str]:
    pieces = text.split(" ")
    return [piece + " " for piece in pieces[:-1]] + pieces[-1:] if text else []


def _plain_call(call: ToolCall) -> dict[str, Any]:
    return {"name": call.name, "arguments": dict(call.arguments)}


def _openai_call(number: int, call: ToolCall) -> dict[str, Any]:
    function = {"name": call.name, "arguments": json.dumps(dict(call.arguments))}
    return {"id": f"call_{number}", "type": "function", "function": function}


def _delta(delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return {"id": "chatcmpl-double", "object": "chat.completion.chunk", "choices": [choice]}
