"""Where a report points: the line of the stack's YAML that decides a property, or the nearest thing to it."""

from __future__ import annotations

from typing import Any

import pytest

from azure_llama.check.places import Places
from azure_llama_policies.rule import UNKNOWN, Resource
from tests.azure_llama.conftest import Make

CONFIG = """\
config:
  azure-native:location: eastus2
  azure-llama:workspace:
    name: llama-dev
    network:
      isolationMode: Disabled
  azure-llama:serverless:
    llama-33-70b:
      model: Llama-3.3-70B-Instruct
  azure-llama:managed:
    llama-8b:
      auth: Key
      deployments:
        blue:
          vmSize: Standard_NC24ads_A100_v4
          traffic: 90
          probes:
            liveness: {initialDelaySeconds: 5}
          dataCollection: {collections: [request], samplingRate: 0.5}
    llama-8b-big:
      deployments: {green: {instances: 2}}
  azure-llama:tags:
    owner: somebody
"""
ML = "azure-native:machinelearningservices:"
ENDPOINT = f"{ML}ServerlessEndpoint"
TEMPLATE = "properties.template.resources.0.properties"


@pytest.fixture
def places(make: Make) -> Places:
    return Places(make(config=CONFIG))


def resource(type_: str, name: str, props: Any = None, chain: str = "") -> Resource:
    """A resource of the stack."""
    return Resource(urn=f"urn:pulumi:dev::sample::{chain}{type_}::{name}", type=type_, name=name, props=props or {})


@pytest.mark.parametrize(
    ("type_", "name", "path", "line"),
    [
        (ENDPOINT, "llama-33-70b", "properties.modelSettings.modelId", 9),
        (ENDPOINT, "llama-33-70b", "location", 2),
        (ENDPOINT, "llama-33-70b", "properties.contentSafety.contentSafetyStatus", 8),
        (ENDPOINT, "llama-33-70b", "name", 8),
        (ENDPOINT, "llama-33-70b", "workspaceName", 4),
        (ENDPOINT, "llama-33-70b", None, 8),
        (ENDPOINT, "llama-33-70b", "tags", 22),
        (ENDPOINT, "llama-33-70b", "tags.owner", 23),
        (ENDPOINT, "another", "name", 7),
        (f"{ML}MarketplaceSubscription", "Llama-3.3-70B-Instruct", "properties.modelId", 9),
        (f"{ML}OnlineEndpoint", "llama-8b", "properties.authMode", 12),
        (f"{ML}OnlineDeployment", "llama-8b.blue", "properties.instanceType", 15),
        (f"{ML}OnlineDeployment", "llama-8b.blue", "properties.livenessProbe.initialDelay", 18),
        (f"{ML}OnlineDeployment", "llama-8b.blue", "properties.livenessProbe.period", 18),
        (f"{ML}OnlineDeployment", "llama-8b.blue", "properties.livenessProbe", 18),
        (f"{ML}OnlineDeployment", "llama-8b.blue", "properties.dataCollector.collections.request.samplingRate", 19),
        (f"{ML}OnlineDeployment", "llama-8b.blue", "properties.readinessProbe", 17),
        (f"{ML}OnlineDeployment", "llama-8b.blue", "properties.requestSettings.requestTimeout", 14),
        (f"{ML}OnlineDeployment", "llama-8b-big.green", "sku.capacity", 21),
        ("azure-native:resources:Deployment", "llama-8b-traffic", f"{TEMPLATE}.traffic.blue", 16),
        ("azure-native:resources:Deployment", "llama-8b-traffic", f"{TEMPLATE}.traffic", 13),
        ("azure-native:resources:Deployment", "llama-8b-traffic", f"{TEMPLATE}.authMode", 12),
        ("azure-native:resources:Deployment", "llama-8b-big-traffic", f"{TEMPLATE}.publicNetworkAccess", 20),
        (f"{ML}Workspace", "llama-dev-hub", "managedNetwork.isolationMode", 6),
        (f"{ML}Workspace", "llama-dev-hub", "managedNetwork.status", 5),
        (f"{ML}Workspace", "llama-dev-hub", "publicNetworkAccess", 5),
        (f"{ML}Workspace", "llama-dev-hub", "systemDatastoresAuthMode", 3),
        ("azure-native:keyvault:Vault", "llama-dev-vault", "properties.enablePurgeProtection", 3),
        ("pulumi:pulumi:Stack", "sample-dev", None, 3),
    ],
)
def test_a_property_has_its_line(places: Places, type_: str, name: str, path: str | None, line: int) -> None:
    found = places.of(resource(type_, name), path)
    assert (found.file, found.line) == ("Pulumi.dev.yaml", line)


def test_a_value_is_pointed_at_from_its_first_character_to_its_last(places: Places) -> None:
    found = places.of(resource(ENDPOINT, "llama-33-70b"), "properties.modelSettings.modelId")
    assert CONFIG.splitlines()[found.line - 1][found.column - 1 : found.end_column - 1] == "Llama-3.3-70B-Instruct"


def test_a_child_of_an_endpoint_belongs_to_it(places: Places) -> None:
    child = resource("azure-native:monitor:AutoscaleSetting", "llama-8b.blue-scale", chain="a:index:ManagedEndpoint$")
    assert places.of(child, "properties.x").line == 14


def test_the_only_place_with_the_same_value_will_do_for_any_program(make: Make) -> None:
    places = Places(make(config="config:\n  sample:sizes: [small, Standard_LRS]\n  sample:twice: [x, x]\n"))
    found = places.of(resource("azure-native:a:B", "b", {"sku": {"name": "Standard_LRS"}}), "sku.name")
    assert (found.line, found.column) == (2, 25)
    assert places.of(resource("azure-native:a:B", "b", {"sku": "x"}), "sku").line == 1
    assert places.of(resource("azure-native:a:B", "b", {"sku": UNKNOWN}), "sku").line == 1
    assert places.of(resource("azure-native:a:B", "b", {"sku": ["Standard_LRS"]}), "sku.0").line == 2


def test_keys_without_a_namespace_are_found_too(make: Make) -> None:
    places = Places(make(config="config:\n  workspace:\n    name: x\n", about="name: azure-llama\nruntime: python\n"))
    assert places.of(resource(f"{ML}Workspace", "x", {}), "workspaceName").line == 3
