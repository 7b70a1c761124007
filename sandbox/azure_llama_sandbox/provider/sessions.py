"""One engine's conversation with the provider.

The sandbox serves any number of engines with one provider. Each has a connection of its own for each provider resource
of its program, so the connection tells whose configuration holds and whose operations a `Cancel` means.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from azure_llama_sandbox.provider.credentials import Credential
from azure_llama_sandbox.provider.errors import OperationCancelledError, ProviderError

_KEPT = 256
"""Sessions remembered; an engine does not say when its connection ends."""
_LOG_SECONDS = 2.0


class Session:
    """The state of one connection.

    Attributes:
        signed_in: Who the provider is to Azure; None until the engine configures it.
        subscription: Where its resources are.
        location: Optional. `azure-native:location`, "" when not configured.
        engine: Optional. Address of the engine's own service, "" when not told.
        group_locations: Regions of resource groups looked up so far, by name.
    """

    def __init__(self, signed_in: Credential | None, subscription: str, location: str = "") -> None:
        self.signed_in = signed_in
        self.subscription = subscription
        self.location = location
        self.engine = ""
        self.group_locations: dict[str, str] = {}
        self._cancelled = asyncio.Event()

    @property
    def credential(self) -> Credential:
        """The identity of the provider. Raises ProviderError before the engine configures it."""
        if self.signed_in is None:
            raise ProviderError("the engine has not configured the provider")
        return self.signed_in

    def cancel(self) -> None:
        """Cancel running operations at their next pause; no new ones start on this connection."""
        self._cancelled.set()

    def require_active(self) -> None:
        """Raise OperationCancelledError when the engine has cancelled."""
        if self._cancelled.is_set():
            raise OperationCancelledError

    async def pause(self, seconds: float) -> None:
        """Wait. Raises OperationCancelledError as soon as the engine asks to stop."""
        try:
            await asyncio.wait_for(self._cancelled.wait(), seconds)
        except TimeoutError:
            return
        raise OperationCancelledError

    async def warn(self, urn: str, message: str) -> None:
        """Show a warning for a resource; it is lost when the engine does not receive it."""
        if not self.engine:
            return
        options = (("grpc.enable_http_proxy", 0),)
        async with grpc.aio.insecure_channel(self.engine, options=options) as channel:
            request = engine_pb2.LogRequest(severity=engine_pb2.WARNING, message=message, urn=urn)
            try:
                await engine_pb2_grpc.EngineStub(channel).Log(request, timeout=_LOG_SECONDS)
            except grpc.aio.AioRpcError:
                return


class Sessions:
    """Sessions by connection.

    Args:
        choose: Required. Chooses the credential from `azure-native:*` settings. Raises ProviderError.
        subscription: Required. Subscription id, where the stack configures none.
    """

    def __init__(self, choose: Callable[[Mapping[str, Any]], Credential], subscription: str) -> None:
        self._choose = choose
        self._subscription = subscription
        self._latest = Session(None, subscription)
        self._by_peer: OrderedDict[str, Session] = OrderedDict()

    def of(self, context: Any) -> Session:
        """The session of a call.

        A connection that was never configured is one that gRPC opened anew after a long silence: it goes on with the
        latest configuration.
        """
        peer = context.peer()
        session = self._by_peer.get(peer)
        if session is None:
            latest = self._latest
            session = Session(latest.signed_in, latest.subscription, latest.location)
            session.engine = latest.engine
            self._remember(peer, session)
        return session

    def begin(self, context: Any, engine: str) -> None:
        """A new connection; the peer's address may have been another engine's before.

        Args:
            context: Required. Of the call.
            engine: Required. Address of the engine's own service.
        """
        self._by_peer.pop(context.peer(), None)
        self.of(context).engine = engine

    def configure(self, context: Any, settings: dict[str, Any]) -> None:
        """Take an engine's `azure-native:*` settings; the environment has what they leave out.

        Raises:
            ProviderError: no credential is configured.
        """
        session = self.of(context)
        session.signed_in = self._choose(settings)
        session.subscription = settings.get("subscriptionId") or self._subscription
        session.location = settings.get("location") or ""
        self._latest = session

    def _remember(self, peer: str, session: Session) -> None:
        self._by_peer[peer] = session
        while len(self._by_peer) > _KEPT:
            self._by_peer.popitem(last=False)
