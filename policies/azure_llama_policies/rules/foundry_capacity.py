"""`foundry-capacity`: a Foundry deployment has a capacity that Azure accepts."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama.catalog.foundry import FoundryCapacity
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.foundry import CAPACITY, capacity_of, model_of, sku_of
from azure_llama_policies.resources import NotSeenError, Resource
from azure_llama_policies.rule import Context, Refused, ResourceRule, Severity, Violation
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import naming


def check(deployment: Resource, context: Context) -> Iterator[Violation]:
    """One violation when the capacity is too small, too large, or not a multiple of the step."""
    catalog = context.catalog
    with naming(deployment):
        model, sku = model_of(deployment), sku_of(deployment, catalog)
        takes = catalog.foundry.capacity(model.format, model.name, model.version, sku)
        if takes is None:
            raise NotSeenError(f"what capacity {model} takes with SKU {sku} is not in the catalogue", CAPACITY)
        capacity = capacity_of(deployment, takes)
    if problem := _problem(capacity, takes):
        rule, remedy = problem
        yield Violation(
            f"{called(deployment)}: capacity is {capacity}, and with SKU {sku} {model} takes {rule} "
            f"(source {takes.source}); set {remedy}",
            CAPACITY,
        )


def _problem(capacity: int, takes: FoundryCapacity) -> tuple[str, str] | None:
    """What the capacity must be, and what to set; None when it is that."""
    step, low = takes.step or 1, takes.minimum or 1
    if takes.maximum is not None and capacity > takes.maximum:
        return f"at most {takes.maximum}", f"{takes.maximum} or less"
    if capacity < low:
        return f"at least {low}", f"{low} or more"
    if capacity % step:
        below = capacity - capacity % step
        return f"a multiple of {step}", f"{below} or {below + step}"
    return None


RULE = ResourceRule(
    id="foundry-capacity",
    title="A Foundry deployment has a capacity that Azure accepts.",
    what="The capacity of each deployment, against the minimum, step and maximum of its model version and SKU.",
    why="Provisioned throughput (PTU) of Llama starts at 100 units and grows in steps of 100. Some versions take a "
    "capacity of 1 only. Azure refuses other values after the account has been created.",
    fix="Set the capacity that the message names.",
    severity=Severity.HIGH,
    sources=("foundry-ptu-2026-07", "azure-cli-recordings-2025-10", "foundry-quota-2026-07"),
    types=frozenset({types.FOUNDRY_DEPLOYMENT}),
    azure=Refused(("InvalidCapacity",), assumed=True),
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:foundry:
  contoso-llama:
    deployments:
      chat:
        model: Llama-3.3-70B-Instruct
        modelVersion: "9"
        sku: GlobalProvisionedManaged
        capacity: 150                     # violated: not a multiple of 100
""",
        compliant="""\
azure-llama:foundry:
  contoso-llama:
    deployments:
      chat:
        model: Llama-3.3-70B-Instruct
        modelVersion: "9"
        sku: GlobalProvisionedManaged
        capacity: 200
""",
    ),
    notes="The maximum is that of the model. The quota of a subscription is usually smaller; `azure-llama preflight` "
    "checks it.",
)
