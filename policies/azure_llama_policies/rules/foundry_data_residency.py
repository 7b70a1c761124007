"""`foundry-data-residency`: prompts of a Foundry deployment are processed in an allowed geography."""

from __future__ import annotations

from collections.abc import Iterator, Set

from azure_llama.catalog import Catalog
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.foundry import SKU, model_of, region_of, sku_of
from azure_llama_policies.resources import NotApplicableError, NotSeenError, Resource, Stack
from azure_llama_policies.rule import Accepted, Context, Finding, Severity, StackRule, Violation
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import each_of

_GLOBAL = "global"


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    """One violation for each deployment that is processed elsewhere."""
    allowed = {name.casefold() for name in context.config["geographies"]}
    yield from each_of(stack.of(types.FOUNDRY_DEPLOYMENT), lambda each: _judge(each, stack, context, allowed))


def _judge(deployment: Resource, stack: Stack, context: Context, allowed: Set[str]) -> Iterator[Violation]:
    if not allowed or _GLOBAL in allowed:
        raise NotApplicableError("every geography is allowed; the setting 'geographies' restricts them")
    catalog, sku = context.catalog, sku_of(deployment, context.catalog)
    places = _places(deployment, sku, stack, catalog)
    if allowed.isdisjoint(each.casefold() for each in places):
        where = "anywhere in the world" if _GLOBAL in places else f"in {places[0]}"
        yield Violation(
            f"{called(deployment)}: SKU {sku} processes prompts {where}, and only "
            f"{', '.join(context.config['geographies'])} is allowed; {_otherwise(deployment, stack, catalog, allowed)}",
            SKU,
        )


def _places(deployment: Resource, sku: str, stack: Stack, catalog: Catalog) -> tuple[str, ...]:
    """The names of the geography in which a SKU processes prompts, the widest first.

    Raises:
        NotSeenError: the catalogue does not have the SKU or the region, or the region is unknown.
    """
    row = catalog.foundry.skus.get(sku)
    if row is None:
        raise NotSeenError(f"where SKU {sku} processes prompts is not in the catalogue", SKU)
    if row.processing == _GLOBAL:
        return (_GLOBAL,)
    name = region_of(deployment, stack, catalog)
    region = catalog.find_region(name)
    if region is None:
        raise NotSeenError(f"the catalogue does not have region '{name}'", "accountName")
    # Azure has two data zones, each within one group of geographies.
    return (region.geography_group,) if row.processing == "data zone" else (region.geography_group, region.geography)


def _otherwise(deployment: Resource, stack: Stack, catalog: Catalog, allowed: Set[str]) -> str:
    """What to do instead, as the end of a sentence."""
    elsewhere = "choose a region of an allowed geography, and a model that has a regional or data zone SKU there"
    try:
        model, region = model_of(deployment), region_of(deployment, stack, catalog)
    except NotSeenError:
        return elsewhere
    skus = (
        sku
        for sku in catalog.foundry.offered_skus(model.format, model.name, model.version)
        if (offer := catalog.foundry.offer(model.format, model.name, model.version, sku))
        and region in offer.regions
        and not allowed.isdisjoint(each.casefold() for each in _places(deployment, sku, stack, catalog))
    )
    sku = next(skus, None)
    return elsewhere if sku is None else f"set sku.name to {sku}"


RULE = StackRule(
    id="foundry-data-residency",
    title="A Foundry deployment processes prompts in an allowed geography.",
    what="The SKU of each deployment and the region of its account, against the geographies in the rule's settings.",
    why="A global SKU processes prompts and answers in any region of Azure that serves the model, wherever the account "
    "is. A data zone SKU stays within the US or the EU, and a regional SKU within the region.",
    fix="Choose a SKU with a narrower geography, or another region for the account.",
    severity=Severity.HIGH,
    sources=("foundry-types-2026-05", "foundry-regions-2026-07"),
    types=frozenset({types.FOUNDRY_DEPLOYMENT}),
    reads=frozenset({types.COGNITIVE_ACCOUNT}),
    config={
        "geographies": {
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "default": [],
            "description": "Where prompts may be processed: groups of geographies (`US`, `Europe`), geographies "
            "(`Sweden`), or `global`. Everywhere when empty.",
        }
    },
    azure=Accepted.SAFETY,
    check=check,
    example=Example(
        noncompliant="""\
azure-native:location: swedencentral
azure-llama:foundry:
  contoso-llama:
    deployments:
      chat:
        model: Llama-3.3-70B-Instruct
        modelVersion: "9"
        sku: GlobalStandard               # violated: processed anywhere in the world
        capacity: 100
""",
        compliant="""\
azure-native:location: swedencentral
azure-llama:foundry:
  contoso-llama:
    deployments:
      chat:
        model: Llama-3.3-70B-Instruct
        modelVersion: "9"
        sku: DataZoneProvisionedManaged
        capacity: 100
""",
        settings={"geographies": ["Europe"]},
    ),
    notes="It judges nothing until its setting `geographies` names some; then it is mandatory. A data zone is wider "
    "than a geography: `Sweden` does not allow it, `Europe` does. With every SKU Azure stores data in the geography of "
    "the account. Llama is available with global SKUs and, as provisioned throughput, with data zone SKUs.",
)
