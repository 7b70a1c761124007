"""Replaces the Pulumi engine: accepts resource registrations, and answers as in a first preview.

Nothing exists yet, so what a resource was asked to be is what is known of it, and all else is not. Functions of the
provider are not known either, but for the ones that need no Azure.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import callback_pb2, resource_pb2
from pulumi.runtime.rpc import UNKNOWN

from azure_llama.documents.unknown import NOBODY, is_unknown
from azure_llama.stack.pulumi_private import Callbacks
from azure_llama.stack.wire import Reader
from azure_llama_policies.resource_types import STACK
from azure_llama_policies.resources import Resource
from azure_llama_policies.tokens import api_version, resource_type

_PROVIDERS = "pulumi:providers:"
_AZURE = "azure-native"
_CLIENT = "azure-native:authorization:getClientConfig"
# Not those that would leave it to the engine to hold back calls that depend on what does not exist yet, nor those that
# send outputs in a wrapping of their own.
_FEATURES = (
    resource_pb2.RESOURCE_MONITOR_FEATURE_SECRETS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
    resource_pb2.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACEMENT_TRIGGER,
    resource_pb2.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
    resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
    resource_pb2.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_INVOKE_TRANSFORMS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION,
    resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS,
)


@dataclass
class Recorded:
    """The registrations of a program.

    Attributes:
        resources: Those that it registers, in that order; the stack itself with its outputs last.
        read: URNs of those that it only reads.
        components: URNs of those that are none of a provider's: components.
        calls: Names of the provider's functions that it called, and that only Azure can answer.
        parents: The URN of each resource's parent, by the resource's own.
    """

    resources: list[Resource] = field(default_factory=list)
    read: set[str] = field(default_factory=set)
    components: set[str] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)
    parents: dict[str, str] = field(default_factory=dict)


class Monitor:
    """The engine's side of one run.

    Args:
        project: Required. The project's name.
        stack: Required. The stack's name.
        provider: Required. What the stack's configuration says of azure-native, by key: `location`, `subscriptionId`.
        loop: Required. The loop that the program runs on.
    """

    def __init__(self, project: str, stack: str, provider: Mapping[str, str], loop: asyncio.AbstractEventLoop) -> None:
        self.recorded = Recorded()
        self.callbacks = Callbacks(self)
        self._prefix = f"urn:pulumi:{stack}::{project}::"
        self._default = dict(provider)
        self._loop = loop
        self._lock = threading.Lock()
        self._providers: dict[str, Mapping[str, Any]] = {}
        self._located: set[str] = set()
        self._transforms: dict[str, list[callback_pb2.Callback]] = {}
        self._everywhere: list[callback_pb2.Callback] = []
        self._root = ""

    # -- what the SDK calls ------------------------------------------------------------------------

    def GetDeploymentInfo(self, _request: Any) -> Any:
        """The features of this engine."""
        return resource_pb2.DeploymentInfo(supportedFeatures=_FEATURES)

    def RegisterResource(self, request: Any) -> Any:
        """Take a resource; its outputs are its inputs, and its id is not known."""
        urn = self._urn(request.parent, request.type, request.name)
        if request.type == STACK:
            self._root = urn
            return resource_pb2.RegisterResourceResponse(urn=urn)
        properties = self._transformed(request, urn)
        reader = Reader()
        props = reader.properties(properties)
        if request.type.startswith(_PROVIDERS):
            self._providers[urn] = props
        if not request.custom:
            self.recorded.components.add(urn)
        self.recorded.parents[urn] = request.parent
        self._complete(request, props)
        self._add(
            Resource(
                urn=urn,
                type=resource_type(request.type),
                name=request.name,
                props=props,
                subscription=self._of_provider(request, "subscriptionId"),
                dependencies={key: tuple(each.urns) for key, each in request.propertyDependencies.items()},
                depends_on=tuple(request.dependencies),
                api_version=api_version(request.type),
                protect=request.protect,
                secrets=frozenset(reader.secrets),
            )
        )
        return resource_pb2.RegisterResourceResponse(urn=urn, object=_as_outputs(properties))

    def RegisterResourceOutputs(self, request: Any) -> Any:
        """Take the stack's outputs; those of components are their own business."""
        if request.urn == self._root:
            reader = Reader()
            props = reader.properties(request.outputs)
            self._add(
                Resource(
                    urn=request.urn,
                    type=STACK,
                    name=request.urn.rsplit("::", 1)[1],
                    props=props,
                    secrets=frozenset(reader.secrets),
                )
            )
        return empty_pb2.Empty()

    def ReadResource(self, request: Any) -> Any:
        """Take a resource that exists already: of it nothing is known but its id."""
        urn = self._urn(request.parent, request.type, request.name)
        identifier = Reader().properties(_struct({"id": request.id}))["id"]
        self._add(
            Resource(
                urn=urn,
                type=resource_type(request.type),
                name=request.name,
                props={},
                arm_id=identifier if isinstance(identifier, str) else None,
                subscription=self._of_provider(request, "subscriptionId"),
                api_version=api_version(request.type),
            )
        )
        with self._lock:
            self.recorded.read.add(urn)
        return resource_pb2.ReadResourceResponse(urn=urn, properties=struct_pb2.Struct())

    def Invoke(self, request: Any) -> Any:
        """The signed-in principal is a placeholder; values that only Azure has are unknown."""
        if resource_type(request.tok) == _CLIENT:
            subscription = self._default.get("subscriptionId", NOBODY)
            answer = {"clientId": NOBODY, "objectId": NOBODY, "tenantId": self._default.get("tenantId", NOBODY)}
            return _answer({**answer, "subscriptionId": subscription})
        with self._lock:
            self.recorded.calls.append(request.tok)
        return resource_pb2.ResourceInvokeResponse(unknown=True)

    def Call(self, request: Any) -> Any:
        """Methods of components that run elsewhere: there is no elsewhere."""
        raise RuntimeError(f"{request.tok} is a method of a component that another process serves; a check has none")

    def RegisterPackage(self, request: Any) -> Any:
        """A parameterized provider."""
        return resource_pb2.RegisterPackageResponse(ref=request.name)

    def RegisterStackTransform(self, request: Any) -> Any:
        """A transform of every resource that comes."""
        self._everywhere.append(request)
        return empty_pb2.Empty()

    def _nothing(self, _request: Any) -> Any:
        return empty_pb2.Empty()

    # Hooks run when something is created, updated or deleted, and calls are not answered: neither happens here.
    RegisterStackInvokeTransform = RegisterResourceHook = RegisterErrorHook = SignalAndWaitForShutdown = _nothing

    # -- what the provider's Check would do ---------------------------------------------------------

    def takes_location(self, type_: str) -> None:
        """Note that resources of a type have a location, given or not."""
        self._located.add(type_)

    def _complete(self, request: Any, props: dict[str, Any]) -> None:
        if request.custom and request.type in self._located and "location" not in props:
            location = self._of_provider(request, "location")
            if location:
                props["location"] = location

    def _of_provider(self, request: Any, key: str) -> str | None:
        if not request.type.startswith(_AZURE):
            return None
        own = self._providers.get(request.provider.rpartition("::")[0])
        value = self._default.get(key) if own is None else own.get(key)
        return value if isinstance(value, str) else None

    # -- the rest -----------------------------------------------------------------------------------

    def _add(self, resource: Resource) -> None:
        with self._lock:
            self.recorded.resources.append(resource)

    def _urn(self, parent: str, type_: str, name: str) -> str:
        if parent and parent != self._root:
            type_ = f"{parent.split('::')[2]}${type_}"
        return f"{self._prefix}{type_}::{name}"

    def _transformed(self, request: Any, urn: str) -> struct_pb2.Struct:
        """The properties after the resource's own transforms, its parents', and the stack's."""
        inherited = self._transforms.get(request.parent, [])
        own = [*request.transforms, *inherited]
        if own:
            self._transforms[urn] = own
        properties: struct_pb2.Struct = request.object
        for callback in (*own, *self._everywhere):
            properties = self._transform(callback, request, properties)
        return properties

    def _transform(
        self, callback: callback_pb2.Callback, request: Any, properties: struct_pb2.Struct
    ) -> struct_pb2.Struct:
        asked = resource_pb2.TransformRequest(
            type=request.type, name=request.name, custom=request.custom, parent=request.parent, properties=properties
        )
        run = self.callbacks.run(callback.token, asked.SerializeToString())
        # The program's own loop has to run it: what it returns may wait for outputs.
        return asyncio.run_coroutine_threadsafe(run, self._loop).result().properties


def _as_outputs(properties: struct_pb2.Struct) -> struct_pb2.Struct:
    """Inputs in the form that azure-native answers them: the identities of a resource are a list in, and a map out."""
    fields = properties.fields["identity"].struct_value.fields if "identity" in properties.fields else {}
    if "userAssignedIdentities" not in fields:
        return properties
    shaped = struct_pb2.Struct()
    shaped.CopyFrom(properties)
    # Ids may not be known yet, and a map has no place for those.
    shaped.fields["identity"].struct_value.fields["userAssignedIdentities"].string_value = UNKNOWN
    return shaped


def _struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update(values)
    return struct


def _answer(values: Mapping[str, Any]) -> Any:
    response = resource_pb2.ResourceInvokeResponse()
    getattr(response, "return").CopyFrom(_struct(values))
    return response


def providers_config(config: Mapping[str, str]) -> dict[str, str]:
    """The inputs of the default provider of azure-native: the stack's `azure-native:*`, except unknown values."""
    return {
        key.removeprefix(f"{_AZURE}:"): text
        for key, text in config.items()
        if key.startswith(f"{_AZURE}:") and not is_unknown(text)
    }
