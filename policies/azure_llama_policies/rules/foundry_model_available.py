"""`foundry-model-available`: Azure offers a deployment's model version with its SKU in the region of its account."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama.catalog import Catalog
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.foundry import SKU, VERSION, DeployedModel, missing, model_of, region_of, sku_of
from azure_llama_policies.resources import NotSeenError, Resource, Stack
from azure_llama_policies.rule import Context, Finding, Refused, Severity, StackRule, Violation
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import each_of


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    """One violation for each deployment that Azure does not offer."""
    yield from each_of(stack.of(types.FOUNDRY_DEPLOYMENT), lambda each: _judge(each, stack, context.catalog))


def _judge(deployment: Resource, stack: Stack, catalog: Catalog) -> Iterator[Violation]:
    if deployment.value(SKU) is None:
        yield Violation(f"{called(deployment)}: 'sku.name' is not set, and Azure requires it; set the SKU", SKU)
        return
    model, sku = model_of(deployment), sku_of(deployment, catalog)
    offer = catalog.foundry.offer(model.format, model.name, model.version, sku)
    if offer is None:
        raise missing(model, catalog)
    if not offer.regions:
        yield Violation(
            f"{called(deployment)}: {model} is not available with SKU {sku} in any region (source {offer.source}); "
            f"{_otherwise(model, catalog)}",
            SKU,
        )
        return
    region = region_of(deployment, stack, catalog)
    if region not in offer.regions:
        yield Violation(
            f"{called(deployment)}: {model} is not available with SKU {sku} in {region} (source {offer.source}); "
            f"create the account in another region, such as {_some(offer.regions - offer.disputed)}",
            VERSION,
        )
    elif region in offer.disputed:
        raise NotSeenError(
            f"sources disagree whether {model} is available with SKU {sku} in {region}; check it with "
            "`azure-llama preflight`",
            VERSION,
        )


def _otherwise(model: DeployedModel, catalog: Catalog) -> str:
    skus = catalog.foundry.offered_skus(model.format, model.name, model.version)
    return f"set sku.name to {' or '.join(skus)}" if skus else "deploy another model"


def _some(regions: frozenset[str], most: int = 5) -> str:
    names = sorted(regions)
    more = f" ({len(names)} regions)" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"


RULE = StackRule(
    id="foundry-model-available",
    title="A Foundry deployment's model is available with its SKU in its region.",
    what="The model, version and SKU of each deployment and the region of its account, against the catalogue's tables.",
    why="Azure offers each version of a model with few SKUs and in some regions only. It refuses other deployments "
    "with DeploymentModelNotSupported or InvalidResourceProperties, after the account has been created.",
    fix="Choose a SKU, a version or a region that the message names.",
    severity=Severity.HIGH,
    sources=("foundry-regions-2026-07", "foundry-direct-2026-10", "foundry-partners-2026-07", "foundry-types-2026-05"),
    types=frozenset({types.FOUNDRY_DEPLOYMENT}),
    reads=frozenset({types.COGNITIVE_ACCOUNT}),
    azure=Refused(("InvalidResourceProperties", "DeploymentModelNotSupported")),
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:foundry:
  contoso-llama:
    deployments:
      chat:
        model: Llama-3.3-70B-Instruct
        modelVersion: "5"
        sku: DataZoneStandard             # violated: no region has Llama with this SKU
        capacity: 100
""",
        compliant="""\
azure-llama:foundry:
  contoso-llama:
    deployments:
      chat:
        model: Llama-3.3-70B-Instruct
        modelVersion: "5"
        sku: GlobalStandard
        capacity: 100
""",
    ),
    notes="Unknown is not a pass: [not-seen](not-seen.md) reports a model or version that the catalogue does not have, "
    "a region on which sources disagree, and a deployment whose account is outside the stack. Add rows to "
    "`llama-catalog.yaml` for models of other publishers.\n\n"
    "Availability is not permission: a subscription may lack access to a model, and Azure sells "
    "Llama-4-Scout-17B-16E-Instruct through Azure Marketplace. `azure-llama preflight` checks both with your identity.",
)
