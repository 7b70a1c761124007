"""What connects the engine, the provider and the sandbox in this process, and how it breaks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import grpc
import httpx
from pulumi.runtime.proto import provider_pb2 as proto
from pulumi.runtime.proto import status_pb2

from tests.inprocess.overlap import Overlap


class KilledError(Exception):
    """The engine dies here, as from `kill -9`."""


class RefusedError(grpc.RpcError):  # type: ignore[misc]  # grpc has no types
    """What the provider answers in place of a result.

    Attributes:
        unfinished: The half-made resource; None when there is none.
    """

    def __init__(self, details: str, trailer: Sequence[tuple[str, bytes]] = ()) -> None:
        super().__init__(details)
        self._details = details
        self.unfinished: proto.ErrorResourceInitFailed | None = None
        if packed := dict(trailer).get("grpc-status-details-bin"):
            self.unfinished = proto.ErrorResourceInitFailed()
            status_pb2.Status.FromString(packed).details[0].Unpack(self.unfinished)

    def code(self) -> grpc.StatusCode:
        """As gRPC's own errors have it."""
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        """As gRPC's own errors have it."""
        return self._details


class CallContext:
    """What the provider sees of gRPC."""

    async def abort(self, _code: Any, details: str, trailer: Sequence[tuple[str, bytes]] = ()) -> None:
        raise RefusedError(details, trailer)


class Wire(httpx.ASGITransport):
    """The wire between the provider and the sandbox; it can be cut, for good or at a request."""

    def __init__(self, app: Any, overlap: Overlap) -> None:
        super().__init__(app, raise_app_exceptions=False)
        self.dies_after = ""
        self._overlap = overlap

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await self._overlap.begin(request)
        try:
            answer = await super().handle_async_request(request)
        except AssertionError as error:  # the sandbox ended without the end of its answer
            raise httpx.RemoteProtocolError("the answer is cut") from error
        self._overlap.end(request)
        if self.dies_after and request.method == "PUT" and request.url.path.lower() == self.dies_after.lower():
            raise KilledError
        return answer
