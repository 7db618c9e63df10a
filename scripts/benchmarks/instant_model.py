"""Owns an OpenAI-compatible endpoint that answers at once: the plan, the review, each file.

So what a build takes with it is what Littoral itself takes.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

FILES = {
    "index.html": "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>"
    "<title>Bench</title><link rel='stylesheet' href='app.css'></head><body><h1>Bench</h1>"
    "<script src='app.js'></script></body></html>\n",
    "app.css": "body { font-family: sans-serif; }\n",
    "app.js": 'document.querySelector("h1").append("!");\n',
}
_FILE = re.compile(r"Write (\S+) now, whole")


@contextmanager
def instant_model() -> Iterator[str]:
    """Base URL of the endpoint, which ends with the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()


def answer_to(asked: str) -> str:
    """What the newest message of a request gets."""
    file = _FILE.search(asked)
    if file:
        return f"<<<FILE {file[1]}>>>\n{FILES.get(file[1], '')}<<<END {file[1]}>>>"
    if "Write the blueprint now." in asked:
        planned = [{"path": path, "purpose": "for the measurement"} for path in FILES]
        phase = {"name": "All", "description": "All of it.", "files": planned}
        plan: dict[str, Any] = {"title": "Bench", "description": "A page.", "kind": "static"}
        return json.dumps({**plan, "features": [], "phases": [phase]})
    return '{"issues": []}'


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        text = answer_to(str(asked["messages"][-1]["content"]))
        usage = {"prompt_tokens": 100, "completion_tokens": 100, "total_tokens": 200}
        if asked.get("stream"):
            delta = {"delta": {"content": text}, "finish_reason": None, "index": 0}
            last = {"delta": {}, "finish_reason": "stop", "index": 0}
            chunks = [{"choices": [delta]}, {"choices": [last], "usage": usage}]
            events = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks)
            self._send(f"{events}data: [DONE]\n\n", "text/event-stream")
        else:
            message = {"role": "assistant", "content": text}
            choice = {"message": message, "finish_reason": "stop", "index": 0}
            self._send(json.dumps({"choices": [choice], "usage": usage}), "application/json")

    def _send(self, text: str, kind: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""
