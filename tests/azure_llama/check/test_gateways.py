"""Where a report points for the resources of a gateway."""

from __future__ import annotations

import pytest

from azure_llama.check.places import Places
from azure_llama_policies.rule import Resource
from tests.azure_llama.conftest import Make

CONFIG = """\
config:
  azure-native:location: eastus2
  azure-llama:gateway:
    name: contoso
    capacity: 2
    publisherName: Contoso
    publisherEmail: a@example.com
    models:
      llama-3.3:
        breaker: {failures: 3}
        members:
          east: {endpoint: e, stack: o/p/s}
    teams:
      search: {tokensPerMinute: 5}
      search-web: {tokensPerMonth: 6}
"""


@pytest.mark.parametrize(
    ("type_", "name", "path", "line"),
    [
        ("ApiManagementService", "gateway", "sku.capacity", 5),
        ("ApiManagementService", "gateway", "location", 2),
        ("Backend", "gateway-llama-3.3", "pool.services", 11),
        ("Backend", "gateway-llama-3.3.east", "circuitBreaker.rules.0.failureCondition.count", 10),
        ("Backend", "gateway-other.east", "circuitBreaker", 3),
        ("ProductPolicy", "gateway-search-policy", "value", 14),
        ("ProductPolicy", "gateway-search-web-policy", None, 15),
        ("Subscription", "gateway-nobody-subscription", None, 3),
        ("ApiPolicy", "gateway-policy", None, 3),
    ],
)
def test_a_gateways_resource_leads_to_its_key(make: Make, type_: str, name: str, path: str | None, line: int) -> None:
    resource = Resource(
        urn=f"urn:pulumi:dev::p::azure-llama:index:Gateway$azure-native:apimanagement:{type_}::{name}",
        type=f"azure-native:apimanagement:{type_}",
        name=name,
        props={},
    )
    assert Places(make(config=CONFIG)).of(resource, path).line == line
