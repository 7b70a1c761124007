"""The gRPC service of the provider that the engine attaches to as azure-native."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, TypeVar, cast

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from azure_llama_sandbox.provider import differ, naming
from azure_llama_sandbox.provider.arm_client import ArmClient
from azure_llama_sandbox.provider.errors import ProviderError, UnfinishedError
from azure_llama_sandbox.provider.functions import Functions
from azure_llama_sandbox.provider.lifecycle import Lifecycle, Target
from azure_llama_sandbox.provider.resource_type import ResourceType
from azure_llama_sandbox.provider.resource_types import RESOURCE_TYPES
from azure_llama_sandbox.provider.sessions import Session, Sessions
from azure_llama_sandbox.provider.validation import problems
from azure_llama_sandbox.provider.values import decode, encode

VERSION = "3.29.0"
"""Of the azure-native that is emulated."""
_Handler = TypeVar("_Handler", bound=Callable[..., Awaitable[Any]])


def _told(handler: _Handler) -> _Handler:
    """Failures go to the engine as text, without a traceback; an unfinished resource goes with its state."""

    @wraps(handler)
    async def wrapper(self: Servicer, request: Any, context: Any) -> Any:
        try:
            return await handler(self, request, context)
        except UnfinishedError as error:
            detail = provider_pb2.ErrorResourceInitFailed(
                id=error.id, properties=error.state, reasons=[str(error)], inputs=error.inputs
            )
            status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(error))
            status.details.add().Pack(detail)
            trailer = (("grpc-status-details-bin", status.SerializeToString()),)
            await context.abort(grpc.StatusCode.UNKNOWN, str(error), trailer)
        except ProviderError as error:
            await context.abort(grpc.StatusCode.UNKNOWN, str(error))

    return cast(_Handler, wrapper)


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    """Serves any number of engines at once."""

    def __init__(self, sessions: Sessions, arm: ArmClient, lifecycle: Lifecycle, functions: Functions) -> None:
        self._sessions = sessions
        self._arm = arm
        self._lifecycle = lifecycle
        self._functions = functions

    # -- the conversation --------------------------------------------------------------------------

    async def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: Any
    ) -> provider_pb2.ProviderHandshakeResponse:
        """The first call of an engine."""
        self._sessions.begin(context, request.engine_address)
        return provider_pb2.ProviderHandshakeResponse(supports_autonaming_configuration=True)

    async def Attach(self, request: plugin_pb2.PluginAttach, context: Any) -> Empty:
        """The engine found the provider running, instead of starting it."""
        self._sessions.of(context).engine = request.address
        return Empty()

    async def GetPluginInfo(self, request: Empty, context: Any) -> plugin_pb2.PluginInfo:
        """The version of azure-native that is emulated."""
        return plugin_pb2.PluginInfo(version=VERSION)

    async def CheckConfig(self, request: provider_pb2.CheckRequest, context: Any) -> provider_pb2.CheckResponse:
        """Takes every configuration, as azure-native does."""
        return provider_pb2.CheckResponse(inputs=request.news)

    async def DiffConfig(self, request: provider_pb2.DiffRequest, context: Any) -> provider_pb2.DiffResponse:
        """Leaves it to the engine, as azure-native does."""
        return provider_pb2.DiffResponse()

    @_told
    async def Configure(self, request: provider_pb2.ConfigureRequest, context: Any) -> provider_pb2.ConfigureResponse:
        """Take `azure-native:*` settings. Secrets are not accepted as such: the engine marks them again itself."""
        self._sessions.configure(context, decode(request.args))
        return provider_pb2.ConfigureResponse(supportsPreview=True, supports_autonaming_configuration=True)

    async def Cancel(self, request: Empty, context: Any) -> Empty:
        """Called when the user presses Ctrl-C, and when the engine ends."""
        self._sessions.of(context).cancel()
        return Empty()

    async def GetMapping(
        self, request: provider_pb2.GetMappingRequest, context: Any
    ) -> provider_pb2.GetMappingResponse:
        """Nothing to convert from."""
        return provider_pb2.GetMappingResponse()

    async def GetSchema(self, request: provider_pb2.GetSchemaRequest, context: Any) -> provider_pb2.GetSchemaResponse:
        """Not here: only generators of code ask for it."""
        await context.abort(
            grpc.StatusCode.UNIMPLEMENTED,
            "the sandbox's azure-native has no schema to generate code from; `pulumi import` works with "
            "--generate-code=false",
        )
        raise AssertionError("abort raises")

    # -- resources ---------------------------------------------------------------------------------

    @_told
    async def Check(self, request: provider_pb2.CheckRequest, context: Any) -> provider_pb2.CheckResponse:
        """Complete the inputs with name, location and api-version, and validate them."""
        row, session = _row(request.urn), self._sessions.of(context)
        olds, inputs = decode(request.olds), decode(request.news)
        naming.fill_in(row, request, olds, inputs)
        if row.takes_location and "location" not in inputs:
            location = olds.get("location") or session.location or await self._group_location(session, inputs)
            if location:
                inputs["location"] = location
        inputs.setdefault("azureApiVersion", row.api_version)
        failures = [provider_pb2.CheckFailure(reason=reason) for reason in problems(row.shape, row.limits, inputs)]
        return provider_pb2.CheckResponse(inputs=encode(inputs), failures=failures)

    @_told
    async def Diff(self, request: provider_pb2.DiffRequest, context: Any) -> provider_pb2.DiffResponse:
        """Compare the inputs of the last deployment with the program's; `ignoreChanges` is not read."""
        row = _row(request.urn)
        return differ.diff(row, decode(request.old_inputs), decode(request.olds), decode(request.news))

    @_told
    async def Create(self, request: provider_pb2.CreateRequest, context: Any) -> provider_pb2.CreateResponse:
        """Create a resource, or preview it."""
        row, session, inputs = _row(request.urn), self._sessions.of(context), decode(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(properties=encode(row.preview(inputs)))
        session.require_active()
        try:
            resource_id = row.id(inputs, session.subscription)
        except ValueError as error:
            raise ProviderError(f"{request.urn}: {error}") from None
        target = Target(row, request.urn, resource_id, session, request.timeout)
        created, state = await self._lifecycle.create(target, inputs)
        return provider_pb2.CreateResponse(id=created, properties=encode(state))

    @_told
    async def Update(self, request: provider_pb2.UpdateRequest, context: Any) -> provider_pb2.UpdateResponse:
        """Update a resource, or preview the update."""
        row, session = _row(request.urn), self._sessions.of(context)
        inputs, state = decode(request.news), decode(request.olds)
        if request.preview:
            fixed = {name: state[name] for name in ("name", "location") if name in state}
            return provider_pb2.UpdateResponse(properties=encode(row.preview(inputs) | fixed))
        session.require_active()
        target = Target(row, request.urn, request.id, session, request.timeout)
        updated = await self._lifecycle.update(target, inputs, decode(request.old_inputs), state)
        return provider_pb2.UpdateResponse(properties=encode(updated))

    @_told
    async def Read(self, request: provider_pb2.ReadRequest, context: Any) -> provider_pb2.ReadResponse:
        """Look at a resource: for a refresh, or for an import, when nothing but the id is known."""
        row, session = _row(request.urn), self._sessions.of(context)
        inputs, state = decode(request.inputs), decode(request.properties)
        session.require_active()
        try:
            found = await self._lifecycle.read(Target(row, request.urn, request.id, session), inputs, state)
        except ValueError as error:
            raise ProviderError(f"{request.urn}: {error}") from None
        if found is None:
            return provider_pb2.ReadResponse(id="")
        return provider_pb2.ReadResponse(id=request.id, inputs=encode(found[0]), properties=encode(found[1]))

    @_told
    async def Delete(self, request: provider_pb2.DeleteRequest, context: Any) -> Empty:
        """Delete a resource."""
        session = self._sessions.of(context)
        session.require_active()
        target = Target(_row(request.urn), request.urn, request.id, session, request.timeout)
        await self._lifecycle.delete(target)
        return Empty()

    @_told
    async def Invoke(self, request: provider_pb2.InvokeRequest, context: Any) -> provider_pb2.InvokeResponse:
        """Call a function."""
        session = self._sessions.of(context)
        session.require_active()
        result = await self._functions.call(session, request.tok, decode(request.args))
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(encode(result))
        return response

    async def _group_location(self, session: Session, inputs: dict[str, Any]) -> Any:
        group = inputs.get("resourceGroupName")
        if not isinstance(group, str):
            return group  # unknown, and so is its location; or not given
        if group not in session.group_locations:
            row = RESOURCE_TYPES["azure-native:resources:ResourceGroup"]
            try:
                found = await self._arm.get(session, row.id(inputs, session.subscription), row.api_version)
            except ProviderError:
                return None  # the complaint about the missing location says what to do
            session.group_locations[group] = found["location"]
        return session.group_locations[group]


def _row(urn: str) -> ResourceType:
    token = urn.split("::")[2].rpartition("$")[2]
    row = RESOURCE_TYPES.get(token)
    if row is None:
        raise ProviderError(
            f"the sandbox's azure-native does not serve '{token}'; it serves {', '.join(sorted(RESOURCE_TYPES))}"
        )
    return row
