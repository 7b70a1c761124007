"""A small OpenAI-compatible server on loopback, such as a user runs beside the sandbox."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODELS = ["llama3.2:1b", "another"]
PIECES = ["A real ", "answer."]
USAGE = {"prompt_tokens": 7, "completion_tokens": 4, "total_tokens": 11}


@dataclass
class Script:
    """What the server does, and what it was asked.

    Attributes:
        status: Optional. Of its answers.
        text: Optional. Its answers, in place of those of a model.
        headers: Optional. Further headers of its answers.
        wait: Optional. Set for an answer to go on after its headers, and a stream after its first piece.
        cut: Optional. Whether a stream ends after its first piece.
        message: Optional. The message that it answers.
        usage: Optional. The usage that it states.
        bodies, received: What it was asked: bodies, and headers.
    """

    status: int = 200
    text: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    wait: threading.Event = field(default_factory=threading.Event)
    cut: bool = False
    message: dict[str, Any] = field(default_factory=lambda: {"role": "assistant", "content": "".join(PIECES)})
    usage: dict[str, int] = field(default_factory=lambda: USAGE)
    bodies: list[Any] = field(default_factory=list)
    received: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.wait.set()


class _Handler(BaseHTTPRequestHandler):
    script: Script

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._reply(json.dumps({"object": "list", "data": [{"id": name} for name in MODELS]}), 200)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.script.bodies.append(body)
        self.script.received.append({name.lower(): value for name, value in self.headers.items()})
        script = self.script
        if script.text is not None:
            self._reply(script.text, script.status)
        elif body.get("stream"):
            self._stream(body)
        else:
            script.wait.wait(10)
            chat = "messages" in body
            said = {"message": script.message} if chat else {"text": "".join(PIECES)}
            choices = [
                {"index": 0, **said, "finish_reason": "tool_calls" if "tool_calls" in script.message else "stop"}
            ]
            self._reply(json.dumps({"id": "x", "model": body["model"], "choices": choices, "usage": script.usage}), 200)

    def _stream(self, body: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for number, piece in enumerate(PIECES):
            if number:
                if self.script.cut:
                    return
                self.script.wait.wait(10)
            said = {"delta": {"role": "assistant", "content": piece}} if "messages" in body else {"text": piece}
            self._event({"id": "x", "model": body["model"], "choices": [{"index": 0, **said, "finish_reason": None}]})
        self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        self._event({"choices": [], "usage": self.script.usage})
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, content: Any) -> None:
        self.wfile.write(f"data: {json.dumps(content)}\n\n".encode())
        self.wfile.flush()

    def _reply(self, text: str, status: int) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(text.encode())), **self.script.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())


@contextmanager
def openai_server() -> Iterator[tuple[str, Script]]:
    """The base URL of a running server, and its script."""
    script = Script()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"script": script}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", script
    finally:
        script.wait.set()
        server.shutdown()
        server.server_close()
        thread.join()
