"""Streams of both clients, and how they end."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from azure_llama.inference import (
    AnswerError,
    Client,
    ContentFilterError,
    InferenceError,
)
from tests.azure_llama.inference.clients import (
    KEY,
    SERVERLESS,
    TEXT,
    USAGE,
    Both,
    Kind,
    Wire,
    delta,
    stream,
)


def test_a_stream_is_read_chunk_by_chunk(kind: Kind) -> None:
    usage = {"id": "1", "choices": [], "usage": USAGE}
    wire = Wire(stream(delta("A "), delta("llama."), delta(None, "stop"), usage))
    chunks = Both(kind, wire).ask("stream_chat", "hi", extra={"stream_options": {"include_usage": True}})
    assert wire.body["stream"] is True
    assert wire.body["stream_options"] == {"include_usage": True}
    assert [chunk.text for chunk in chunks] == ["A ", "llama.", "", ""]
    assert [chunk.finish_reason for chunk in chunks] == [None, None, "stop", None]
    assert chunks[-1].usage.total_tokens == 5


def test_a_streamed_completion_is_read(kind: Kind) -> None:
    chunks = Both(kind, Wire(stream(TEXT))).ask("stream_complete", "hi")
    assert [chunk.text for chunk in chunks] == ["An animal."]


def test_a_stream_that_breaks_off_is_noticed(kind: Kind) -> None:
    with pytest.raises(AnswerError, match="broke off after 1 events"):
        Both(kind, Wire(stream(delta("A "), done=False))).ask("stream_chat", "hi")


def test_a_finished_stream_needs_no_done(kind: Kind) -> None:
    assert len(Both(kind, Wire(stream(delta("A", "stop"), done=False))).ask("stream_chat", "hi")) == 1


@pytest.mark.parametrize(("code", "error"), [("content_filter", ContentFilterError), ("server_error", AnswerError)])
def test_an_error_in_mid_stream_is_raised(kind: Kind, code: str, error: type[InferenceError]) -> None:
    wire = Wire(stream(delta("A "), {"error": {"code": code, "message": f"stopped {KEY}"}}))
    with pytest.raises(error, match=r"the stream reports an error: stopped \*\*\*") as raised:
        Both(kind, wire).ask("stream_chat", "hi")
    assert raised.value.code == code


def test_an_event_that_is_no_chunk_is_named(kind: Kind) -> None:
    with pytest.raises(AnswerError, match="event 2 of the stream is no ChatChunk"):
        Both(kind, Wire(stream(delta("A "), "data: {oops"))).ask("stream_chat", "hi")


def test_a_connection_that_breaks_in_a_stream_is_named(kind: Kind) -> None:
    class Broken(httpx.SyncByteStream, httpx.AsyncByteStream):
        def __iter__(self) -> Any:
            yield b'data: {"choices": []}\n\n'
            raise httpx.ReadError("reset")

        async def __aiter__(self) -> Any:
            for data in iter(self):
                yield data

    with pytest.raises(AnswerError, match="the stream broke off: ReadError reset") as raised:
        Both(kind, Wire(httpx.Response(200, stream=Broken()))).ask("stream_chat", "hi")
    assert isinstance(raised.value.__cause__, httpx.ReadError)


def test_leaving_a_stream_closes_the_connection() -> None:
    class Endless(httpx.SyncByteStream):
        def __init__(self) -> None:
            self.states = ["open"]

        def __iter__(self) -> Any:
            while True:
                yield b'data: {"choices": []}\n\n'

        def close(self) -> None:
            self.states.append("closed")

    source = Endless()
    http = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, stream=source)))
    with Client(SERVERLESS, http=http) as client, client.stream_chat("hi") as chunks:
        next(chunks)
        assert source.states == ["open"]
    assert source.states[1] == "closed"
    assert not http.is_closed  # it is the caller's
    http.close()
