"""The minimal configuration of a new stack's endpoints, for each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from azure_llama.catalog.kinds import FOUNDRY, MANAGED, SERVERLESS
from azure_llama.documents.errors import InputError
from azure_llama.scaffold.names import deployment_name

if TYPE_CHECKING:
    from azure_llama.catalog import Catalog
    from azure_llama.settings import Settings
    from azure_llama.settings.kinds import StackEndpoint

SKU: Final = "GlobalStandard"
"""The SKU of a new deployment on a Foundry account."""
CAPACITY: Final = 10
"""Its capacity where the catalogue has no default: thousands of tokens a minute."""


@dataclass(frozen=True)
class NewEndpoint:
    """An endpoint that a new stack is to have, its model recognised.

    Attributes:
        model: Required. The model.
        choice: Required. What follows the `@`, as a person writes it; None when the kind chooses.
        name: Required. A name for the endpoint.
    """

    model: str
    choice: str | None
    name: str


@dataclass(frozen=True)
class NewStack:
    """The stack that has the endpoints.

    Attributes:
        name: Required. A name for what all endpoints of a kind share.
        region: Required. ARM name of the region.
        private: Required. Whether the stack's network is private.
        callers: Required. Whether the stack states who calls its endpoints.
        catalog: Required. The catalogue, for what else the settings require.
    """

    name: str
    region: str
    private: bool
    callers: bool
    catalog: Catalog


@dataclass(frozen=True)
class NewKind:
    """The properties of a kind that `azure-llama init` needs.

    Attributes:
        configure: Required. Returns the settings of the endpoints by their names.
        quota: Required. Returns the quota that an endpoint needs, a line each.
        choice: Optional. What may follow the model and an `@`; empty when nothing does.
        help: Optional. What is taken without it, and other choices of the kind.
    """

    configure: Callable[[Sequence[NewEndpoint], NewStack], dict[str, Any]]
    quota: Callable[[StackEndpoint[Any], Settings, Catalog], Iterator[str]]
    choice: str = ""
    help: str = ""


def _serverless(new: Sequence[NewEndpoint], _stack: NewStack) -> dict[str, Any]:
    return {each.name: {"model": each.model} for each in new}


def _no_quota(_endpoint: StackEndpoint[Any], _settings: Settings, _catalog: Catalog) -> Iterator[str]:
    yield from ()


def _managed(new: Sequence[NewEndpoint], stack: NewStack) -> dict[str, Any]:
    access = {"publicNetworkAccess": "Disabled"} if stack.private else {}
    endpoints = {}
    for each in new:
        deployment = {"model": each.model, "vmSize": _size(each, stack), "instances": 1, "traffic": 100}
        endpoints[each.name] = {"auth": "AADToken", **access, "deployments": {"blue": deployment}}
    return endpoints


def _size(new: NewEndpoint, stack: NewStack) -> str:
    catalog = stack.catalog
    if new.choice is not None:
        return catalog.recognise_size(new.choice).only or new.choice
    model = catalog.find_model(new.model)
    sizes = catalog.smallest_sizes(model, stack.region) if model else ()
    if model and not sizes:
        raise InputError(
            f"{new.model}: no VM size is known that holds it and is sold in {stack.region};"
            f" name one: --{MANAGED.name} {new.model}@SIZE"
        )
    return sizes[0] if sizes else ""


def _cores(endpoint: StackEndpoint[Any], settings: Settings, _catalog: Catalog) -> Iterator[str]:
    from azure_llama.catalog import cores_needed

    for machine in endpoint.settings.machines.values():
        size, instances = machine.gpu_size, machine.most_instances
        cores = cores_needed(size, instances) if size else None
        family = size.quota_family if size else "an unknown family"
        number = "an unknown number of" if cores is None else cores
        yield f"{number} cores of {family} in {settings.location}, for {instances} x {machine.vm_size}"


def _foundry(new: Sequence[NewEndpoint], stack: NewStack) -> dict[str, Any]:
    """One account with all deployments. Without callers it takes keys: Azure lets nobody call it by Entra ID alone."""
    private = {"publicNetworkAccess": "Disabled", "privateEndpoint": {"addressSpace": "10.41.0.0/24"}}
    account = {
        "auth": "AADToken" if stack.callers else "Key",
        **({"network": private} if stack.private else {}),
        "deployments": {deployment_name(each.model): _deployment(each, stack.catalog) for each in new},
    }
    return {stack.name: account}


def _deployment(new: NewEndpoint, catalog: Catalog) -> dict[str, Any]:
    """A deployment of the version that is asked for, else of the newest one whose quota is known."""
    table = catalog.foundry
    publisher = table.format_of(new.model) or ""
    takes = {
        version: table.capacity(publisher, new.model, version, SKU) for version in table.versions(publisher, new.model)
    }
    counted = [version for version, row in takes.items() if row is not None and row.usage_name is not None]
    version = new.choice or next(reversed(counted or list(takes)), None)
    if version is None:
        raise InputError(
            f"{new.model}: the catalogue has no version of it on Foundry accounts;"
            f" name one: --{FOUNDRY.name} {new.model}@VERSION"
        )
    row = takes.get(version)
    return {"model": new.model, "modelVersion": version, "capacity": (row.default if row else None) or CAPACITY}


def _units(endpoint: StackEndpoint[Any], settings: Settings, catalog: Catalog) -> Iterator[str]:
    for name, each in endpoint.settings.deployments.items():
        takes = catalog.foundry.capacity(each.publisher, each.model, each.model_version, each.sku)
        usage = takes.usage_name if takes and takes.usage_name else "an unknown quota"
        yield f"{each.capacity} of {usage} in {settings.location}, for {name}"


KINDS: Final[Mapping[str, NewKind]] = {
    SERVERLESS.name: NewKind(_serverless, _no_quota),
    MANAGED.name: NewKind(
        _managed, _cores, "VMSIZE", "The VM size is the smallest that holds the model when not given."
    ),
    FOUNDRY.name: NewKind(
        _foundry,
        _units,
        "VERSION",
        "The version is the newest whose quota is known when not given. Callers send a key when no --caller is given.",
    ),
}
"""By the name of the kind; a kind that is not here is not offered."""
