"""Streams of an answer, as chunks."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterable, Iterator, Mapping
from types import TracebackType
from typing import Generic, Self, TypeVar

import httpx
from pydantic import ValidationError

from azure_llama.inference.calls import Call, Caller
from azure_llama.inference.errors import AnswerError
from azure_llama.inference.events import DONE, EventReader
from azure_llama.inference.failures import reported, secret_of
from azure_llama.inference.pacing import Turn
from azure_llama.inference.responses import Answer, Meta

Chunk = TypeVar("Chunk", bound=Answer)


class ChunkReader(Generic[Chunk]):
    """The data of a stream's events, as chunks; knows whether the stream came to its end.

    Attributes:
        meta: How the stream came.
        done: Whether `[DONE]` was read.
        tokens: What the stream says that it took; None when it does not.
    """

    def __init__(self, call: Call, shape: type[Chunk], meta: Meta, request: httpx.Request) -> None:
        self._call, self._shape, self._request = call, shape, request
        self._seen, self._ended = 0, False
        self.meta, self.done = meta, False
        self.tokens: int | None = None

    def chunks(self, events: Iterable[str]) -> Iterator[Chunk]:
        """The chunks of events, up to `[DONE]`.

        Raises:
            AnswerError: an event is no chunk, or reports an error.
        """
        for data in events:
            if data == DONE:
                self.done = True
                return
            yield self._chunk(data)

    def _chunk(self, data: str) -> Chunk:
        call = self._call
        chunk = self._parsed(data)
        if chunk.model_extra and "error" in chunk.model_extra:
            raise reported(json.loads(data), where=call.where, trace_id=call.trace_id, secret=secret_of(self._request))
        self._seen += 1
        self._ended = self._ended or chunk.finish_reason is not None
        if chunk.usage:
            self.tokens = chunk.usage.total_tokens
        chunk.came(self.meta)
        return chunk

    def _parsed(self, data: str) -> Chunk:
        try:
            return self._shape.model_validate_json(data)
        except ValidationError as error:
            name = self._shape.__name__
            odd = Caller.odd(self._call, f"event {self._seen + 1} of the stream is no {name}", error)
        # Raised out here: pydantic's error shows what came.
        raise odd

    def closed(self) -> None:
        """The connection has ended.

        Raises:
            AnswerError: the stream had not.
        """
        if not self.done and not self._ended:
            raise AnswerError(
                f"the stream broke off after {self._seen} events, without a finish reason and without [DONE]; "
                "what came is not the whole answer",
                where=self._call.where,
                trace_id=self._call.trace_id,
            )


class _Stream(Generic[Chunk]):
    def __init__(
        self, caller: Caller, call: Call, response: httpx.Response, turn: Turn, reader: ChunkReader[Chunk]
    ) -> None:
        self._caller, self._call, self._response, self._turn, self._reader = caller, call, response, turn, reader

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._call.where!r}, trace_id={self.trace_id!r})"

    @property
    def meta(self) -> Meta:
        """Its transport details."""
        return self._reader.meta

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers of the HTTP response, names in small letters."""
        return self.meta.headers

    @property
    def trace_id(self) -> str:
        """The `x-ms-client-request-id` that was sent."""
        return self.meta.trace_id

    def _settle(self) -> None:
        if self._reader.tokens is not None:
            self._caller.pacer.settle(self._turn, self._reader.tokens)


class Stream(_Stream[Chunk]):
    """The chunks of an answer as they come; ends with the answer, and then closes itself.

    A context manager, for those that leave before the end: `with client.stream_chat(...) as stream: ...`.

    Raises:
        AnswerError: while iterated: the stream broke off, or reports an error.
        ContentFilterError: while iterated: the stream reports that the filter stopped it.
    """

    def __init__(
        self, caller: Caller, call: Call, response: httpx.Response, turn: Turn, reader: ChunkReader[Chunk]
    ) -> None:
        super().__init__(caller, call, response, turn, reader)
        self._chunks = self._read()

    def __iter__(self) -> Iterator[Chunk]:
        return self

    def __next__(self) -> Chunk:
        return next(self._chunks)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop reading. The service then stops writing."""
        self._chunks.close()
        self._response.close()

    def _read(self) -> Generator[Chunk, None, None]:
        events = EventReader()
        try:
            for data in self._response.iter_bytes():
                yield from self._reader.chunks(events.feed(data))
                if self._reader.done:
                    return
            yield from self._reader.chunks(events.rest())
            self._reader.closed()
        except httpx.HTTPError as error:
            raise self._caller.broken(self._call, error) from error
        finally:
            self._response.close()
            self._settle()


class AsyncStream(_Stream[Chunk]):
    """The chunks of an answer as they come; ends with the answer, and then closes itself.

    A context manager, for those that leave before the end: `async with await client.stream_chat(...) as stream: ...`.

    Raises:
        AnswerError: while iterated: the stream broke off, or reports an error.
        ContentFilterError: while iterated: the stream reports that the filter stopped it.
    """

    def __init__(
        self, caller: Caller, call: Call, response: httpx.Response, turn: Turn, reader: ChunkReader[Chunk]
    ) -> None:
        super().__init__(caller, call, response, turn, reader)
        self._chunks = self._read()

    def __aiter__(self) -> AsyncIterator[Chunk]:
        return self

    async def __anext__(self) -> Chunk:
        return await anext(self._chunks)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Stop reading. The service then stops writing."""
        await self._chunks.aclose()
        await self._response.aclose()

    async def _read(self) -> AsyncGenerator[Chunk, None]:
        events = EventReader()
        try:
            async for data in self._response.aiter_bytes():
                for chunk in self._reader.chunks(events.feed(data)):
                    yield chunk
                if self._reader.done:
                    return
            for chunk in self._reader.chunks(events.rest()):
                yield chunk
            self._reader.closed()
        except httpx.HTTPError as error:
            raise self._caller.broken(self._call, error) from error
        finally:
            await self._response.aclose()
            self._settle()
