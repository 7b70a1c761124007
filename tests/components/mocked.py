"""Programs under Pulumi's mocks, with everything that they would have sent to the engine."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
import pulumi
from google.protobuf.json_format import MessageToDict
from pulumi.runtime import mocks, rpc, settings
from pulumi.runtime.stack import run_in_stack

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
TENANT = "00000000-0000-0000-0000-000000000002"
KEYS = {"primaryKey": "first-key-in-clear", "secondaryKey": "second-key-in-clear"}
IDS = "/subscriptions/0/resourceGroups/g/providers/"

UNKNOWN = rpc.UNKNOWN
"""What is sent for a value that is not known in a preview."""

_STACK = "pulumi:pulumi:Stack"
# A failed program leaves futures behind that nobody reads. As in the language host, asyncio does not log them.
logging.getLogger("asyncio").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Registration:
    """One resource as the engine would hear of it: type, logical name, inputs by their wire names, raw request."""

    type: str
    name: str
    inputs: dict[str, Any]
    request: Any

    @property
    def depends_on(self) -> set[str]:
        """Logical names of all that it waits for."""
        return {_last(urn) for urn in self.request.dependencies}

    @property
    def parent(self) -> str:
        """Logical name of its parent."""
        return _last(self.request.parent)


@dataclass
class Recorded:
    """What a program did: resources in the order of their registration, stack outputs, calls of functions."""

    resources: list[Registration] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    error: Exception | None = None
    sent: list[str] = field(default_factory=list)

    def of(self, type_: str) -> list[Registration]:
        """All resources whose type ends so."""
        return [each for each in self.resources if each.type.endswith(type_)]

    def one(self, type_: str) -> Registration:
        """The only resource whose type ends so."""
        (found,) = self.of(type_)
        return found


def _last(urn: str) -> str:
    return urn.rsplit("::", 1)[1]


def _identity(asked: dict[str, Any]) -> dict[str, Any]:
    """An identity as Azure has it: the user-assigned ones are a map there, and a list in the program."""
    ids = asked.get("userAssignedIdentities")
    return {**asked, "userAssignedIdentities": {id_: {} for id_ in ids}} if ids is not None else dict(asked)


def _answered(args: mocks.MockResourceArgs) -> dict[str, Any]:
    """What Azure says of a resource beside its inputs, at the top."""
    if args.typ.endswith((":machinelearningservices:Workspace", ":ApiManagementService")):
        return {"identity": {**_identity(args.inputs["identity"]), "principalId": f"principal-of-{args.name}"}}
    if "userAssignedIdentities" in args.inputs.get("identity", {}):
        return {"identity": _identity(args.inputs["identity"])}
    if args.typ.endswith(":UserAssignedIdentity"):
        return {"principalId": f"principal-of-{args.name}"}
    if args.typ.endswith(":keyvault:Key"):
        return {"keyUriWithVersion": f"https://{args.inputs['vaultName']}.vault.azure.net/keys/workspace/{'0' * 32}"}
    return {}


class _Azure(mocks.Mocks):
    def __init__(self, recorded: Recorded, preview: bool, stacks: Mapping[str, Any]) -> None:
        self.recorded, self.preview, self.stacks = recorded, preview, stacks

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if args.typ == "pulumi:pulumi:StackReference":
            return args.resource_id, {"name": args.name, "outputs": self.stacks[args.name], "secretOutputNames": []}
        if self.preview:
            identity = args.inputs.get("identity")
            return "", {**args.inputs, **({"identity": _identity(identity)} if identity else {})}
        added: dict[str, Any] = {}
        if args.typ.endswith(":ServerlessEndpoint"):
            added = {"inferenceEndpoint": {"uri": f"https://{args.name}.eastus2.models.ai.azure.com"}}
        elif args.typ.endswith(":OnlineEndpoint"):
            added = {"scoringUri": f"https://{args.name}.eastus2.inference.ml.azure.com/score"}
        elif args.typ.endswith(":MarketplaceSubscription"):
            added = {"marketplacePlan": {"offerId": "an-offer"}}
        elif args.typ.endswith(":cognitiveservices:Account"):
            added = {"endpoint": f"https://{args.inputs['accountName']}.cognitiveservices.azure.com/"}
        elif args.typ.endswith(":resources:Deployment"):
            added = {"provisioningState": "Succeeded"}
        state = dict(args.inputs) | _answered(args)
        if added and args.custom:
            state["properties"] = {**state["properties"], **added}
        return IDS + args.name, state

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        self.recorded.calls.append((args.token, args.args))
        if args.token.endswith(":getClientConfig"):
            return {"subscriptionId": SUBSCRIPTION, "tenantId": TENANT, "clientId": "c", "objectId": "o"}, []
        if args.token.endswith(":getUserAssignedIdentity"):
            return {"principalId": "principal-that-exists", "clientId": "client-that-exists"}, []
        if args.token.endswith(":getApiManagementService"):
            return {"gatewayUrl": "https://shared.azure-api.net", "identity": {"principalId": "that-exists"}}, []
        if args.token.endswith(":getComponent"):
            return {"connectionString": "InstrumentationKey=in-clear"}, []
        if args.token.endswith(":listAccountKeys"):
            return {"key1": KEYS["primaryKey"], "key2": KEYS["secondaryKey"]}, []
        return dict(KEYS), []


class _Refusal(grpc.RpcError):  # type: ignore[misc]
    """What the engine answers when a provider's function fails."""

    def __init__(self, token: str, reason: str) -> None:
        self.text = f"invocation of {token} returned an error: {reason}"

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        return self.text


class _Monitor(mocks.MockMonitor):
    def __init__(self, azure: _Azure, refusals: Mapping[str, str]) -> None:
        super().__init__(azure)
        self.recorded = azure.recorded
        self.refusals = refusals

    def Invoke(self, request: Any) -> Any:
        reason = self.refusals.get(request.tok.rpartition(":")[2])
        if reason:
            raise _Refusal(request.tok, reason)
        return super().Invoke(request)  # type: ignore[no-untyped-call]

    def RegisterResource(self, request: Any) -> Any:
        if request.type != _STACK:
            self.recorded.sent.append(str(request.object))
            inputs = rpc.deserialize_properties(request.object)
            self.recorded.resources.append(Registration(request.type, request.name, inputs, request))
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]

    def RegisterResourceOutputs(self, request: Any) -> Any:
        if f"::{_STACK}::" in request.urn:
            # Nulls and unknowns are what a reader of the outputs would see; the SDK drops or wraps them.
            self.recorded.outputs = MessageToDict(request.outputs)
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]


@contextmanager
def _loop() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop, and one for each thread of its executor: the SDK makes those, and never closes them."""
    loops: list[asyncio.AbstractEventLoop] = []

    def enter() -> None:
        loops.append(asyncio.new_event_loop())
        asyncio.set_event_loop(loops[-1])

    enter()
    executor = ThreadPoolExecutor(max_workers=4, initializer=enter)
    loops[0].set_default_executor(executor)
    try:
        yield loops[0]
    finally:
        executor.shutdown()
        for loop in loops:
            loop.close()
        asyncio.set_event_loop(None)


def run(
    program: Callable[[], object],
    *,
    preview: bool = False,
    stack: str = "dev",
    config: Mapping[str, str] | None = None,
    secret_keys: Sequence[str] = (),
    refusals: Mapping[str, str] | None = None,
    stacks: Mapping[str, Any] | None = None,
) -> Recorded:
    """Run a callable as a Pulumi program, on a loop of its own.

    Args:
        program: Required. What it returns is ignored; what it raises is in `Recorded.error`.
        preview: Optional. Whether Azure has made nothing yet.
        stack: Optional. Name of the stack.
        config: Optional. The configuration, as the language host hands it over.
        secret_keys: Optional. Keys of it with something encrypted in them.
        refusals: Optional. The functions that fail (`listOnlineEndpointKeys`), and the provider's reason.
        stacks: Optional. The outputs of other stacks, by their full names.
    """
    azure = _Azure(Recorded(), preview, stacks or {})

    def main() -> None:
        program()

    with _loop() as loop:
        settings.ROOT.set(None)
        mocks.set_mocks(azure, "azure-llama", stack, preview, monitor=_Monitor(azure, refusals or {}))
        # `run_in_stack` makes a root of its own, the one whose outputs are registered.
        settings.ROOT.set(None)
        pulumi.runtime.set_all_config(dict(config or {}), list(secret_keys))
        try:
            loop.run_until_complete(run_in_stack(main))
        except Exception as error:
            azure.recorded.error = error
        finally:
            pulumi.runtime.set_all_config({}, [])
            settings.reset_options()
    return azure.recorded


def secret(value: Any) -> Any:
    """What is inside a secret, and in secrets inside it; fails when the value is none."""
    assert rpc.is_rpc_secret(value), f"not a secret: {type(value)}"
    return _plain(rpc.unwrap_rpc_secret(value))


def _plain(value: Any) -> Any:
    if rpc.is_rpc_secret(value):
        return _plain(rpc.unwrap_rpc_secret(value))
    return {name: _plain(each) for name, each in value.items()} if isinstance(value, dict) else value
