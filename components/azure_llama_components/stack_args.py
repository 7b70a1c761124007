"""The arguments of a whole stack, for a schema that every Pulumi language reads: made from the settings."""

from __future__ import annotations

from datetime import date, datetime, time
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NotRequired, TypedDict, Union, get_args, get_origin

from pulumi import Input

from azure_llama.settings import Settings
from azure_llama.settings.base import StrictModel
from azure_llama.settings.wire import options

IDS = frozenset(
    {
        *("workspace.id", "workspace.hub", "workspace.identity.id", "managed.*.identity.id", "secrets.keyVault"),
        *("workspace.network.outboundRules.*.resourceId", "workspace.network.privateEndpoint.subnetId"),
        *("workspace.network.privateEndpoint.dnsZoneIds", "workspace.encryption.keyVaultId"),
        *("workspace.encryption.keyIdentifier", "serverless.*.connections.*.workspace"),
        *("foundry.*.network.privateEndpoint.subnetId", "foundry.*.network.privateEndpoint.dnsZoneIds"),
        *("gateway.id", "gateway.keyVault", "gateway.applicationInsights"),
        *("foundry.*.encryption.keyVaultId", "foundry.*.encryption.keyIdentifier", "foundry.*.identity.id"),
        *("access.callers.*.principalId", "access.customRole.assignTo.*.principalId"),
        *("workspace.computeInstances.*.assignedUser.objectId", "workspace.computeInstances.*.assignedUser.tenantId"),
    }
)
"""Settings that name a resource or a principal from elsewhere: they take outputs. All others are plain."""

_OPTIONAL_HERE = frozenset({"location"})
"""Arguments that the stack's configuration of azure-native can state."""


def arguments_of(settings: type[StrictModel]) -> Any:
    """The typed dictionary of a class of settings, those below it included; its keys are those of YAML."""
    return _typed(settings, _ids_by_class())


def type_name(settings: type[StrictModel]) -> str:
    """The name of the type that stands for a class of settings."""
    return "LlamaStackArgs" if settings is Settings else settings.__name__.removesuffix("Settings")


def _ids_by_class() -> frozenset[tuple[type[StrictModel], str]]:
    return frozenset((option.owner, option.names[-1]) for option in options(Settings) if ".".join(option.keys) in IDS)


def _typed(settings: type[StrictModel], ids: frozenset[tuple[type[StrictModel], str]]) -> Any:
    keys: dict[str, Any] = {}
    for name, field in settings.model_fields.items():
        key = field.alias or name
        type_ = _type(field.annotation, ids, takes_output=(settings, name) in ids)
        keys[key] = type_ if field.is_required() and key not in _OPTIONAL_HERE else NotRequired[type_]
    made: Any = TypedDict(type_name(settings), keys)  # type: ignore[misc]  # made here
    made.__doc__ = (settings.__doc__ or "").partition("\n")[0]
    made.__module__ = __name__
    return made


def _type(annotation: Any, ids: frozenset[tuple[type[StrictModel], str]], *, takes_output: bool) -> Any:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(parts[0], ids, takes_output=takes_output)
    if origin in (Union, UnionType):
        return _type(next(part for part in parts if part is not NoneType), ids, takes_output=takes_output)
    if isinstance(annotation, type) and issubclass(annotation, StrictModel):
        return _typed(annotation, ids)
    if origin is list:
        return list[_type(parts[0], ids, takes_output=takes_output)]  # type: ignore[misc]  # made here
    if origin is dict:
        return dict[str, _type(parts[1], ids, takes_output=takes_output)]  # type: ignore[misc]  # made here
    plain: Any = str if origin is Literal or annotation in (date, datetime, time) else annotation
    return Input[plain] if takes_output else plain  # type: ignore[misc]  # made here
