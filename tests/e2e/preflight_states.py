"""Stacks and states of Azure that the scenarios of the preflight are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from azure_llama.stack.planned import plan_stack, project_of
from tests.e2e.harness import ROOT
from tests.e2e.preflight_landscape import Landscape

LLAMA_33 = "Llama-3.3-70B-Instruct"
LLAMA_8B = "Meta-Llama-3.1-8B-Instruct"
A100_SIZE, A10_SIZE = "Standard_NC24ads_A100_v4", "Standard_NV36ads_A10_v5"
Config = Mapping[str, Any]
Do = Callable[[Landscape, str], Any]


def nothing(_: Landscape, __: str) -> None:
    """As it is."""


def in_project(land: Landscape, name: str, *, location: str = "eastus2", **endpoints: Any) -> Config:
    """A stack whose endpoints are in a project that exists."""
    project = f"{land.ml}/{name}"
    parts = {f"azure-llama:{kind}": value for kind, value in endpoints.items()}
    return {"azure-native:location": location, "azure-llama:workspace": {"id": project}, **parts}


def serverless(model: str = LLAMA_33, **more: Any) -> Callable[[Landscape, str], Config]:
    """One serverless endpoint."""
    return lambda land, name: in_project(land, name, serverless={f"{name}-s": {"model": model}}, **more)


def managed(*deployments: Mapping[str, Any]) -> Callable[[Landscape, str], Config]:
    """One managed endpoint."""

    def config(land: Landscape, name: str) -> Config:
        some = deployments or ({},)
        share = {index: 100 if index == 0 else 0 for index in range(len(some))}
        usual: dict[str, Any] = {"model": LLAMA_8B, "vmSize": A100_SIZE}
        made = {f"d{index}x": {**usual, **each, "traffic": share[index]} for index, each in enumerate(some)}
        return in_project(land, name, managed={f"{name}-m": {"contentSafety": False, "deployments": made}})

    return config


def whole(location: str = "eastus2", **endpoints: Any) -> Callable[[Landscape, str], Config]:
    """A stack with a workspace of its own."""

    def config(_: Landscape, name: str) -> Config:
        parts = {f"azure-llama:{kind}": value for kind, value in endpoints.items()}
        workspace = {"name": f"w-{name}", "diagnostics": False}
        return {"azure-native:location": location, "azure-llama:workspace": workspace, **parts}

    return config


@dataclass(frozen=True)
class Scenario:
    """A stack, a state of Azure, and what comes of them.

    Attributes:
        config: Required. The stack.
        fails: Optional. The check that fails; None when the stack can be deployed.
        before: Optional. Brings the state about.
        fix: Optional. What the message says to do in Azure.
        fixed: Optional. The stack after what the message says; the same when None.
        own_person: Optional. Whether somebody with the custom role deploys, and not the owner.
        project: Optional. Whether it stands in a project that exists.
    """

    config: Callable[[Landscape, str], Config]
    fails: str | tuple[str, ...] | None = None
    before: Do = nothing
    fix: Do = nothing
    fixed: Callable[[Landscape, str], Config] | None = None
    own_person: bool = False
    project: bool = True


def conditions(**given: Any) -> Do:
    return lambda land, _: land.conditions(**given)


def unregistered(namespace: str, config: Callable[[Landscape, str], Config], *, project: bool = True) -> Scenario:
    """A resource provider that is not registered."""
    return Scenario(
        config,
        "providers",
        lambda land, _: land.register(namespace, "unregister"),
        lambda land, _: land.register(namespace),
        project=project,
    )


def scarce(family: str, more: int, enough: int, config: Callable[[Landscape, str], Config]) -> Scenario:
    """A family with `more` cores left, where `enough` are needed."""
    return Scenario(
        config,
        "quota",
        lambda land, _: land.limit(family, land.used(family) + more),
        lambda land, _: land.limit(family, land.used(family) + enough),
    )


def just_enough(family: str, cores: int, config: Callable[[Landscape, str], Config]) -> Scenario:
    """A family with exactly the cores that are needed."""
    return Scenario(config, None, lambda land, _: land.limit(family, land.used(family) + cores))


def without(action: str) -> Scenario:
    """Somebody with the custom role, but for one action."""
    return Scenario(
        serverless(),
        "permissions",
        lambda land, name: land.person(name, f"{land.ml}/{name}", without=action),
        lambda land, name: land.person(name, f"{land.ml}/{name}"),
        own_person=True,
    )


def group_of(land: Landscape, name: str) -> str:
    return f"{land.subscription}/resourceGroups/rg-w-{name}-eastus2"


def names_of(land: Landscape, name: str) -> dict[str, str]:
    """The ids that the program gives to its store and vault."""
    found = project_of(ROOT, name, land._file(name, whole()(land, name)))
    asked = plan_stack(found, land.status["subscription"], land.status["tenant"])
    return {each.type.rsplit("/", 1)[-1]: each.id for each in asked.resources}


def deleted(kind: str) -> Do:
    """Something of the stack's names that was deleted, and keeps its name."""

    def before(land: Landscape, name: str) -> None:
        group, place = group_of(land, name), {"location": "eastus2"}
        land.put(group, place)
        if kind == "vaults":
            sku = {"sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": True}
            vault = land.put(
                names_of(land, name)["vaults"], place | {"properties": {"tenantId": land.status["tenant"]} | sku}
            )
            land.delete(vault)
        else:
            workspaces = f"{group}/providers/Microsoft.MachineLearningServices/workspaces"
            gone = f"{workspaces}/w-{name}{'-hub' if kind == 'hub' else ''}"
            body = {"location": "eastus2", "identity": {"type": "SystemAssigned"}, "kind": "Project"}
            land.put(gone, body | {"properties": {"hubResourceId": f"{land.ml}/hub"}})
            land.delete(gone)
        land.delete(group)

    return before


def purge(kind: str) -> Do:
    """What the message says."""

    def fix(land: Landscape, name: str) -> None:
        if kind == "vaults":
            vault = names_of(land, name)["vaults"].rsplit("/", 1)[1]
            path = f"{land.subscription}/providers/Microsoft.KeyVault/locations/eastus2/deletedVaults/{vault}/purge"
            assert land.arm("POST", path).is_success
        else:
            gone = f"w-{name}{'-hub' if kind == 'hub' else ''}"
            group = f"{group_of(land, name)}/providers/Microsoft.MachineLearningServices/workspaces"
            land.delete(f"{group}/{gone}", forceToPurge="true")

    return fix


def taken(kind: str, domain: str) -> Do:
    """A name that somebody else holds."""

    def before(land: Landscape, name: str) -> None:
        host = f"{names_of(land, name)[kind].rsplit('/', 1)[1]}.{domain}"
        land.conditions(names={"taken": [host]})

    return before
