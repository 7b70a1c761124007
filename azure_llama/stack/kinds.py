"""Known properties of each kind of endpoint when configuration values are unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from azure_llama.settings import (
    DeploymentSettings,
    FoundryDeploymentSettings,
    FoundrySettings,
    ManagedSettings,
    Settings,
)

_Part = TypeVar("_Part")


def known_part(settings: Settings, other: Settings) -> tuple[Settings, tuple[str, ...]]:
    """The settings without endpoints, deployments and compute instances that depend on unknown values.

    Args:
        settings: Required. The settings with values in the place of the unknown ones.
        other: Required. The settings with other values there.

    Returns:
        The settings, and the places of what is left out.
    """
    left: list[str] = []
    serverless = _common("serverless", settings.serverless, other.serverless, lambda part: part.model, left)
    managed = {
        name: endpoint.model_copy(update={"deployments": _deployments(name, endpoint, other.managed[name], left)})
        for name, endpoint in _common("managed", settings.managed, other.managed, _terms, left).items()
    }
    computes = _common(
        "workspace.computeInstances",
        settings.compute_instances,
        other.compute_instances,
        lambda part: part.vm_size,
        left,
    )
    workspace = settings.workspace and settings.workspace.model_copy(update={"compute_instances": computes})
    known = {
        "serverless": serverless,
        "managed": managed,
        "foundry": _accounts(settings, other, left),
        "workspace": workspace,
    }
    return settings.model_copy(update=known), tuple(left)


def _terms(endpoint: ManagedSettings) -> Any:
    return endpoint.existing, endpoint.shared_quota


def _deployments(
    name: str, endpoint: ManagedSettings, other: ManagedSettings, left: list[str]
) -> dict[str, DeploymentSettings]:
    def machines(part: DeploymentSettings) -> Any:
        return part.model, part.model_version, part.vm_size, part.instances, part.autoscale

    return _common(f"managed.{name}.deployments", endpoint.deployments, other.deployments, machines, left)


def _accounts(settings: Settings, other: Settings, left: list[str]) -> dict[str, FoundrySettings]:
    def terms(part: FoundryDeploymentSettings) -> Any:
        return part.model, part.format, part.model_version, part.sku, part.capacity

    accounts = _common("foundry", settings.foundry, other.foundry, lambda part: part.id, left)
    return {
        name: account.model_copy(
            update={
                "deployments": _common(
                    f"foundry.{name}.deployments", account.deployments, other.foundry[name].deployments, terms, left
                )
            }
        )
        for name, account in accounts.items()
    }


def _common(
    place: str, one: Mapping[str, _Part], other: Mapping[str, _Part], terms: Any, left: list[str]
) -> dict[str, _Part]:
    """The entries that both maps have with the same terms; the places of all others go to `left`."""
    same = {name: part for name, part in one.items() if name in other and terms(part) == terms(other[name])}
    left += [f"{place}.{name}" for name in one if name not in same]
    return same
