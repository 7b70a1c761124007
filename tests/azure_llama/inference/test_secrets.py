"""No key or token in a repr, a log record or an exception, its causes included."""

from __future__ import annotations

import asyncio
import copy
import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from azure.core.credentials import AccessToken

from azure_llama.inference import (
    AnswerError,
    AsyncClient,
    AuthenticationError,
    Client,
    Endpoint,
    InferenceError,
    RequestError,
)
from tests.azure_llama.inference.clients import CHAT, KEY, SERVERLESS, Both, Kind, Wire, delta, stream

TOKEN = "eyJ0-entra-token-0123456789"


def everything(error: BaseException) -> str:
    """All that an exception and what it comes from can print."""
    texts, seen = [], set[int]()
    todo: list[BaseException | None] = [error]
    while todo:
        each = todo.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        texts += [str(each), repr(each), repr(each.args), repr(vars(each)), *traceback.format_exception(each)]
        todo += [each.__cause__, each.__context__]
    return "\n".join(texts)


class Echo(BaseHTTPRequestHandler):
    """Answers with the key that it was given, in body and headers."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        bearer = self.headers["Authorization"]
        body = f'{{"error": {{"code": "{bearer}", "message": "bad key {bearer}", "{bearer}": 1}}}}'.encode()
        self.send_response(401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def echo() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def local(url: str) -> Endpoint:
    return Endpoint.from_output(
        "local", {"kind": "serverless", "uri": url, "chatUrl": f"{url}/v1/chat/completions"}, KEY
    )


def test_no_repr_has_the_key() -> None:
    with Client(SERVERLESS) as client:
        texts = [repr(client), repr(SERVERLESS), str(SERVERLESS), repr(vars(SERVERLESS)), repr(copy.copy(SERVERLESS))]
        texts += [repr(vars(client)), repr(vars(client._caller.auth)), f"{SERVERLESS.key}"]
    texts += [repr(AsyncClient(SERVERLESS))]
    wire = Wire(stream(delta("A", "stop")))
    with httpx.Client(transport=httpx.MockTransport(wire)) as http, Client(SERVERLESS, http=http) as client:
        texts.append(repr(client.stream_chat("hi")))
    answer = Both("sync", Wire(httpx.Response(200, json=CHAT))).ask("chat", "hi")
    texts += [repr(answer), repr(answer.meta)]
    assert KEY not in "\n".join(texts)
    assert "Client('llama'" in texts[0]


def test_no_log_record_has_the_key(echo: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    def synchronous() -> None:
        with Client(local(echo)) as client:
            client.chat("hi")

    async def asynchronous() -> None:
        async with AsyncClient(local(echo)) as client:
            await client.chat("hi")

    for call in (synchronous, lambda: asyncio.run(asynchronous())):
        with pytest.raises(AuthenticationError):
            call()
    loggers = {record.name.partition(".")[0] for record in caplog.records}
    assert {"httpx", "httpcore"} <= loggers
    assert all(KEY not in f"{record.getMessage()} {record.args!r} {vars(record)!r}" for record in caplog.records)


def test_a_service_that_echoes_the_key_is_masked(echo: str) -> None:
    with Client(local(echo)) as client, pytest.raises(AuthenticationError) as raised:
        client.chat("hi")
    assert KEY not in everything(raised.value)
    assert "bad key Bearer ***" in str(raised.value)


ANSWERS: list[Callable[[], Exception | httpx.Response]] = [
    lambda: httpx.ConnectError("refused"),
    lambda: httpx.ReadTimeout("late"),
    lambda: httpx.Response(500, text=f"failed for {KEY}", headers={"x-seen": KEY}),
    lambda: httpx.Response(422, json={"detail": [{"loc": ["body", KEY], "input": KEY, "msg": f"no {KEY}"}]}),
    lambda: httpx.Response(200, text=f"<html>{KEY}"),
    lambda: httpx.Response(200, text=f'{{"choices": "{KEY}"}}'),
    lambda: stream(delta("A "), {"error": {"message": KEY}}),
    lambda: stream(delta("A "), f"data: {KEY}"),
]


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("method", ["chat", "stream_chat"])
def test_no_exception_has_the_key(kind: Kind, answer: Callable[[], Any], method: str) -> None:
    with pytest.raises(InferenceError) as raised:
        Both(kind, Wire(answer()), max_retries=0).ask(method, "hi")
    assert KEY not in everything(raised.value)


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_an_answer_that_is_no_json_is_shown_without_the_key(kind: Kind) -> None:
    with pytest.raises(AnswerError, match=r"no JSON: '<html>\*\*\*'") as raised:
        Both(kind, Wire(httpx.Response(200, text=f"<html>{KEY}"))).ask("post", "chat", {})
    assert KEY not in everything(raised.value)


@pytest.mark.parametrize("params", [{"api_key": KEY}, {KEY: 1}, {"stop": 5, "model": [KEY]}, {"trace_id": f"{KEY} "}])
def test_a_key_given_as_a_parameter_is_not_shown(params: dict[str, Any]) -> None:
    with pytest.raises(RequestError) as raised:
        Both("sync", Wire(httpx.Response(200, json=CHAT))).ask("chat", "hi", **params)
    assert KEY not in everything(raised.value)


@pytest.mark.parametrize("bad", [KEY + "\n", KEY + "é", "", f" {KEY}"])
def test_a_key_that_cannot_be_sent_is_not_shown(bad: str) -> None:
    with pytest.raises(ValueError, match="llama: the key cannot be sent") as raised:
        Endpoint.from_output("llama", {"kind": "serverless", "uri": "https://x.example"}, bad)
    assert KEY not in everything(raised.value)


class Credential:
    def __init__(self, token: str) -> None:
        self._token = token

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        return AccessToken(self._token, 0)


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_no_exception_has_the_token(kind: Kind) -> None:
    endpoint = Endpoint(
        name="llama",
        kind="serverless",
        uri="https://x.example",
        chat_url="https://x.example",
        auth="AADToken",
        credential=Credential(TOKEN),
    )
    with pytest.raises(AuthenticationError) as raised:
        Both(kind, Wire(httpx.Response(401, text=f"no {TOKEN}")), endpoint).ask("chat", "hi")
    assert TOKEN not in everything(raised.value)
    broken = Endpoint(
        name="llama",
        kind="serverless",
        uri="https://x.example",
        chat_url="https://x.example",
        auth="AADToken",
        credential=Credential(TOKEN + "\n"),
    )
    with pytest.raises(AuthenticationError, match="the Entra token cannot be sent") as raised:
        Both(kind, Wire(httpx.Response(200, json=CHAT)), broken).ask("chat", "hi")
    assert TOKEN not in everything(raised.value)
