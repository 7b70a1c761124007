"""Maps the resources of each kind of endpoint to the keys of the stack's YAML that set them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from azure_llama.catalog.kinds import FOUNDRY, MANAGED, SERVERLESS
from azure_llama.documents.positions import Path_
from azure_llama.settings import (
    DeploymentSettings,
    FilterSettings,
    FoundryDeploymentSettings,
    FoundrySettings,
    ManagedSettings,
    ServerlessSettings,
)
from azure_llama.settings.base import StrictModel
from azure_llama.settings.foundry_deployments import FILTER
from azure_llama_policies.rule import Resource


@dataclass(frozen=True)
class EndpointPlaces:
    """Maps the resources of a kind to places in the YAML.

    Attributes:
        component: Required. The component that makes them: `ServerlessEndpoint`.
        settings: Required. The settings whose fields name the properties of these resources.
        templates: Optional. By the type of a resource that states another one in an ARM template: that one's type, and
            the path that its properties have there.
        shared: Optional. Of resources that several endpoints have in common, by type: the keys below the kind's own
            that one comes from, given the resource and the kind's entries.
    """

    component: str
    settings: Sequence[type[StrictModel]]
    templates: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    shared: Mapping[str, Callable[[Resource, Mapping[str, Any]], Path_]] = field(default_factory=dict)

    def has(self, type_: str) -> bool:
        """Whether resources of a type are the kind's own."""
        return type_ in self.templates or any(settings.wire_resource == type_ for settings in self.settings)


def _subscriber(subscription: Resource, entries: Mapping[str, Any]) -> Path_:
    """The model of the first endpoint that a subscription is for."""
    for name, entry in entries.items():
        if isinstance(entry, Mapping) and str(entry.get("model")).casefold() == subscription.name.casefold():
            return (name, "model")
    return ()


def _filter(policy: Resource, entries: Mapping[str, Any]) -> Path_:
    """The content filter of an account."""
    account, _, name = policy.name.partition(".")
    return (account, "filters", name) if account in entries else ()


KINDS: Mapping[str, EndpointPlaces] = {
    MANAGED.name: EndpointPlaces(
        component="ManagedEndpoint",
        settings=(ManagedSettings, DeploymentSettings),
        templates={"resources:Deployment": (MANAGED.endpoint_type, "properties.template.resources.0.")},
    ),
    SERVERLESS.name: EndpointPlaces(
        component="ServerlessEndpoint",
        settings=(ServerlessSettings,),
        shared={"machinelearningservices:MarketplaceSubscription": _subscriber},
    ),
    FOUNDRY.name: EndpointPlaces(
        component="FoundryAccount",
        settings=(FoundrySettings, FoundryDeploymentSettings, FilterSettings),
        shared={FILTER: _filter},
    ),
}
"""By the name of the kind."""
