"""`gateway-sku`: a gateway's service has circuit breakers and token limits."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama.catalog.gateways import SKUS, USABLE
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.resources import NotSeenError, Resource
from azure_llama_policies.rule import Context, Refused, ResourceRule, Severity, Violation
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import naming

SKU = "sku.name"


def check(service: Resource, _: Context) -> Iterator[Violation]:
    """One violation for a SKU that lacks something."""
    with naming(service):
        given = service.text(SKU)
        sku = next((each for name, each in SKUS.items() if name.casefold() == given.casefold()), None)
        if sku is None:
            raise NotSeenError(f"what SKU {given!r} has is not in the catalogue", SKU)
    if sku.missing is not None:
        yield Violation(
            f"{called(service)}: SKU {sku.name} {sku.missing} (source {sku.source}); set {' or '.join(USABLE)}", SKU
        )


RULE = ResourceRule(
    id="gateway-sku",
    title="A gateway of models has circuit breakers and token limits.",
    what="The SKU of each API Management service.",
    why="Azure refuses circuit breakers of backends and the policy llm-token-limit on a Consumption service, after it "
    "has created the service.",
    fix="Set a SKU that the message names.",
    severity=Severity.HIGH,
    sources=("apim-breakers-2024-01",),
    types=frozenset({types.API_MANAGEMENT}),
    azure=Refused(("ValidationError",), assumed=True),
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:gateway:
  name: contoso-models
  sku: Consumption                        # violated
  publisherName: Contoso
  publisherEmail: ai@contoso.com
  models:
    llama-33-70b: {members: {eastus2: {endpoint: contoso, stack: organization/llama/eastus2}}}
  teams: {search: {tokensPerMinute: 20000}}
""",
        compliant="""\
azure-llama:gateway:
  name: contoso-models
  sku: BasicV2
  publisherName: Contoso
  publisherEmail: ai@contoso.com
  models:
    llama-33-70b: {members: {eastus2: {endpoint: contoso, stack: organization/llama/eastus2}}}
  teams: {search: {tokensPerMinute: 20000}}
""",
        rejected_at="azure-llama:gateway.sku",
    ),
)
