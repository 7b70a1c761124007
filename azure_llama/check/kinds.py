"""From the resources of each kind of endpoint to the keys of the stack's YAML that decide them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from azure_llama.catalog.kinds import MANAGED, SERVERLESS
from azure_llama.documents.positions import Path_
from azure_llama_policies.rule import Resource

Table = Mapping[str, str]
"""From a dotted wire path of a resource to the dotted keys below the endpoint or deployment."""


@dataclass(frozen=True)
class EndpointPlaces:
    """Where the YAML decides the resources of a kind.

    Attributes:
        component: Required. The component that makes them: `ServerlessEndpoint`.
        tables: Required. By the type of azure-native.
        templates: Optional. Paths, within resources of some of these types, of the ARM body that the table is about.
        shared: Optional. Of resources that several endpoints have in common, by type: the keys below the kind's own
            that one comes from, given the resource and the kind's entries.
    """

    component: str
    tables: Mapping[str, Table]
    templates: Mapping[str, str] = field(default_factory=dict)
    shared: Mapping[str, Callable[[Resource, Mapping[str, Any]], Path_]] = field(default_factory=dict)


def _subscriber(subscription: Resource, entries: Mapping[str, Any]) -> Path_:
    """The model of the first endpoint that a subscription is for."""
    for name, entry in entries.items():
        if isinstance(entry, Mapping) and str(entry.get("model")).casefold() == subscription.name.casefold():
            return (name, "model")
    return ()


_MANAGED = {
    "properties.authMode": "auth",
    "properties.publicNetworkAccess": "publicNetworkAccess",
    "properties.mirrorTraffic": "mirrorTraffic",
    "properties.traffic": "deployments",
    "identity": "identity",
}
_DEPLOYMENT = {
    "properties.model": "model",
    "properties.instanceType": "vmSize",
    "properties.environmentId": "environment",
    "properties.appInsightsEnabled": "applicationInsights",
    "properties.egressPublicNetworkAccess": "egressPublicNetworkAccess",
    "properties.environmentVariables": "environmentVariables",
    "properties.dataCollector": "dataCollection",
    "properties.requestSettings.requestTimeout": "requestTimeoutSeconds",
    "properties.requestSettings.maxConcurrentRequestsPerInstance": "maxConcurrentRequestsPerInstance",
    "properties.livenessProbe": "probes.liveness",
    "properties.readinessProbe": "probes.readiness",
    "properties.startupProbe": "probes.startup",
    "sku": "instances",
}

KINDS: Mapping[str, EndpointPlaces] = {
    MANAGED.name: EndpointPlaces(
        component="ManagedEndpoint",
        tables={
            "machinelearningservices:OnlineEndpoint": _MANAGED,
            "machinelearningservices:OnlineDeployment": _DEPLOYMENT,
            "resources:Deployment": _MANAGED,
        },
        templates={"resources:Deployment": "properties.template.resources.0."},
    ),
    SERVERLESS.name: EndpointPlaces(
        component="ServerlessEndpoint",
        tables={
            "machinelearningservices:ServerlessEndpoint": {
                "properties.modelSettings": "model",
                "properties.contentSafety": "contentSafety",
                "properties.authMode": "auth",
            }
        },
        shared={"machinelearningservices:MarketplaceSubscription": _subscriber},
    ),
}
"""By the name of the kind."""
