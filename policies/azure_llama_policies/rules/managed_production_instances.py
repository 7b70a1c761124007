"""`managed-production-instances`: a production deployment has enough instances to lose one."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.managed import Instances
from azure_llama_policies.resources import NotApplicableError, Resource, Stack
from azure_llama_policies.rule import Accepted, Context, Finding, Level, Severity, StackRule, Violation
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import each_of


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    """One violation for each production deployment with too few instances."""
    instances = Instances(stack)
    yield from each_of(stack.of(types.ONLINE_DEPLOYMENT), lambda deployment: _judge(deployment, instances, context))


def _judge(deployment: Resource, instances: Instances, context: Context) -> Iterator[Violation]:
    tag, least = context.config["tag"], context.config["minimum"]
    value = deployment.value(f"tags.{tag}")
    if str(value).casefold() not in [each.casefold() for each in context.config["values"]]:
        raise NotApplicableError(f"its tag '{tag}' does not say production")
    fewest = instances.of(deployment)[0]
    if fewest < least:
        yield Violation(
            f"{called(deployment)}: production ({tag}: {value}) runs on {fewest} instances at the least, and Azure "
            f"advises {least:g}; set instances, or the minimum of autoscale",
            "sku.capacity",
        )


RULE = StackRule(
    id="managed-production-instances",
    title="A managed deployment in production has at least three instances.",
    what="The instances of each managed deployment whose tag says production; with autoscale, its minimum.",
    why="One instance is gone during each upgrade of its machine and after each fault of it. Microsoft advises three "
    "for production.",
    fix="Set instances: 3 or more, or autoscale with that minimum.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    sources=("vm-sku-list-2025-10",),
    types=frozenset({types.ONLINE_DEPLOYMENT}),
    reads=frozenset({types.AUTOSCALE_SETTING}),
    config={
        "tag": {
            "type": "string",
            "minLength": 1,
            "default": "environment",
            "description": "The tag that says what a deployment is for.",
        },
        "values": {
            "type": "array",
            "items": {"type": "string"},
            "default": ["prod", "production"],
            "description": "Its values that mean production.",
        },
        "minimum": {
            "type": "integer",
            "minimum": 1,
            "default": 3,
            "description": "The fewest instances of a production deployment.",
        },
    },
    azure=Accepted.OPERATION,
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:tags: {environment: prod}
azure-llama:managed:
  llama-8b:
    deployments:
      blue:
        model: Meta-Llama-3.1-8B-Instruct
        vmSize: Standard_NC24ads_A100_v4
        instances: 1                      # violated
""",
        compliant="""\
azure-llama:tags: {environment: prod}
azure-llama:managed:
  llama-8b:
    deployments:
      blue:
        model: Meta-Llama-3.1-8B-Instruct
        vmSize: Standard_NC24ads_A100_v4
        instances: 3
""",
    ),
)
