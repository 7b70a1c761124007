"""`gateway-region`: a gateway's region has the SKU of its service."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama.catalog.gateways import SKUS
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.resources import NotSeenError, Resource
from azure_llama_policies.rule import Context, Level, Refused, ResourceRule, Severity, Violation
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import naming

SKU = "sku.name"


def check(service: Resource, context: Context) -> Iterator[Violation]:
    """One violation when the region is not among those that have the SKU."""
    with naming(service):
        given, location = service.text(SKU), service.text("location")
        sku = next((each for name, each in SKUS.items() if name.casefold() == given.casefold()), None)
        if sku is None:
            raise NotSeenError(f"the regions of SKU {given!r} are not in the catalogue", SKU)
    found = context.catalog.find_region(location)
    region = found.name if found else location
    if not sku.is_in(region):
        yield Violation(
            f"{called(service)}: {region} is not among the regions that have SKU {sku.name} (source {sku.source}); set "
            "another region, or the SKU Developer or Premium",
            "location",
        )


RULE = ResourceRule(
    id="gateway-region",
    title="The SKU of a gateway's service is available in its region.",
    what="The region of each API Management service, against the regions that Microsoft lists for its SKU.",
    why="Azure refuses a SKU in a region that does not have it. The v2 SKUs are in a part of the regions only.",
    fix="Choose another region for the gateway's stack, or another SKU. The regions of the members do not matter.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    sources=("apim-regions-2025-11",),
    types=frozenset({types.API_MANAGEMENT}),
    azure=Refused(("InvalidParameters",), assumed=True),
    check=check,
    example=Example(
        noncompliant="""\
azure-native:location: polandcentral      # violated
azure-llama:gateway:
  name: contoso-models
  publisherName: Contoso
  publisherEmail: ai@contoso.com
  models:
    llama-33-70b: {members: {eastus2: {endpoint: contoso, stack: organization/llama/eastus2}}}
  teams: {search: {tokensPerMinute: 20000}}
""",
        compliant="""\
azure-native:location: westeurope
azure-llama:gateway:
  name: contoso-models
  publisherName: Contoso
  publisherEmail: ai@contoso.com
  models:
    llama-33-70b: {members: {eastus2: {endpoint: contoso, stack: organization/llama/eastus2}}}
  teams: {search: {tokensPerMinute: 20000}}
""",
    ),
    notes="The list is of 2025-11-11 and grows. The rule is advisory for that reason.",
)
