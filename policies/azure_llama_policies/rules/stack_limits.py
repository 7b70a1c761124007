"""`stack-limits`: a stack stays within Azure's limits of a region and subscription."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from azure_llama.catalog import limits
from azure_llama.catalog.limits import Limit
from azure_llama_policies import foundry
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.resources import NotSeenError, Resource, Stack
from azure_llama_policies.rule import Context, Finding, Level, Refused, Severity, StackRule, Violation
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import unseen_of


@dataclass(frozen=True)
class Counted:
    """Something that Azure counts for a region and subscription.

    Attributes:
        config: Required. The setting with the limit.
        noun: Required. What is counted.
        limit: Required. Azure's limit.
        types: Required. The types of resource that count, each resource once.
        kind: Optional. The `kind` of those that count; all when empty.
    """

    config: str
    noun: str
    limit: Limit
    types: frozenset[str]
    kind: str = ""

    @property
    def schema(self) -> dict[str, Any]:
        """The setting."""
        raised = " Set what Azure has raised it to." if self.limit.raisable else ""
        return {
            "type": "integer",
            "minimum": 1,
            "default": self.limit.low,
            "description": f"The most {self.noun} of a region and subscription.{raised}",
        }


COUNTED = (
    Counted(
        "endpoints",
        "serverless and managed endpoints",
        limits.ENDPOINTS_PER_SUBSCRIPTION,
        frozenset({types.SERVERLESS_ENDPOINT, types.ONLINE_ENDPOINT}),
    ),
    Counted(
        "deployments",
        "deployments of managed endpoints",
        limits.DEPLOYMENTS_PER_SUBSCRIPTION,
        frozenset({types.ONLINE_DEPLOYMENT}),
    ),
    Counted(
        "computes",
        "compute instances and deployments of managed endpoints",
        limits.COMPUTES_PER_REGION,
        frozenset({types.ONLINE_DEPLOYMENT, types.COMPUTE}),
    ),
    Counted(
        "foundryAccounts",
        "Foundry accounts",
        limits.FOUNDRY_ACCOUNTS,
        frozenset({types.COGNITIVE_ACCOUNT}),
        foundry.KIND,
    ),
)
"""A row for each limit."""


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    """One violation for each resource beyond a limit."""
    for row in COUNTED:
        most = context.config[row.config]
        found: list[Resource] = []
        for resource in (each for type_ in sorted(row.types) for each in stack.of(type_)):
            try:
                if not row.kind or resource.text("kind") == row.kind:
                    found.append(resource)
            except NotSeenError as unseen:
                yield resource, unseen_of(resource, unseen)
        for resource in found[most:]:
            yield (
                resource,
                Violation(
                    f"{called(resource)}: the stack has {len(found)} {row.noun}, and a region and subscription have"
                    f" {most:g} at most; remove {len(found) - most:g}, use another region, or ask for a higher limit"
                ),
            )


RULE = StackRule(
    id="stack-limits",
    title="A stack stays within Azure's limits of a region and subscription.",
    what="The numbers of endpoints, deployments and computes of Azure ML, and of Foundry accounts.",
    why="Azure refuses what is beyond a limit after it has created the rest.",
    fix="Remove what is unused, use another region, or have the limit raised and set it in the rule's configuration.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    sources=tuple(dict.fromkeys(source for row in COUNTED for source in row.limit.sources)),
    types=frozenset().union(*(row.types for row in COUNTED)),
    config={row.config: row.schema for row in COUNTED},
    azure=Refused(("UserError", "QuotaExceeded"), assumed=True),
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:managed:
  llama-8b:
    deployments:                          # violated: two, and the setting deployments is 1
      blue: {model: Meta-Llama-3.1-8B-Instruct, vmSize: Standard_NC24ads_A100_v4, traffic: 100}
      green: {model: Meta-Llama-3.1-8B-Instruct, vmSize: Standard_NC24ads_A100_v4}
""",
        compliant="""\
azure-llama:managed:
  llama-8b:
    deployments:
      blue: {model: Meta-Llama-3.1-8B-Instruct, vmSize: Standard_NC24ads_A100_v4, traffic: 100}
""",
        settings={"deployments": 1},
    ),
    notes="Azure counts other stacks, too: `azure-llama preflight` asks for those.",
)
