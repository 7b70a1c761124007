"""`foundry-deployments`: a Foundry account has no more deployments than Azure allows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from azure_llama.catalog.limits import DEPLOYMENTS_PER_ACCOUNT
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.foundry import account_of
from azure_llama_policies.resources import NotSeenError, Resource, Stack
from azure_llama_policies.rule import Context, Finding, Refused, Severity, StackRule, Violation
from azure_llama_policies.subjects import azure_name, called
from azure_llama_policies.unseen import unseen_of


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    """One violation for each deployment beyond the limit of its account."""
    deployments: dict[str, list[Resource]] = defaultdict(list)
    for deployment in stack.of(types.FOUNDRY_DEPLOYMENT):
        try:
            account = account_of(deployment, stack)
            name = azure_name(account) if account else deployment.text("accountName")
        except NotSeenError as unseen:
            yield deployment, unseen_of(deployment, unseen)
        else:
            deployments[name.casefold()].append(deployment)
    most = context.config["maximum"]
    for name, found in deployments.items():
        for deployment in found[most:]:
            yield (
                deployment,
                Violation(
                    f"{called(deployment)}: account '{name}' has {len(found)} deployments, and {most} is the limit; "
                    f"remove {len(found) - most}, or move them to another account",
                ),
            )


RULE = StackRule(
    id="foundry-deployments",
    title="A Foundry account has no more deployments than Azure allows.",
    what="The number of deployments of each Foundry account.",
    why="Azure refuses more than 32 deployments on an account, after it has created the others.",
    fix="Remove deployments, or move some to another account.",
    severity=Severity.HIGH,
    sources=DEPLOYMENTS_PER_ACCOUNT.sources,
    types=frozenset({types.FOUNDRY_DEPLOYMENT}),
    reads=frozenset({types.COGNITIVE_ACCOUNT}),
    config={
        "maximum": {
            "type": "integer",
            "minimum": 1,
            "maximum": DEPLOYMENTS_PER_ACCOUNT.high,
            "default": DEPLOYMENTS_PER_ACCOUNT.high,
            "description": "The most deployments of an account. Azure's own limit is the default.",
        }
    },
    azure=Refused(("QuotaExceeded",), assumed=True),
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:foundry:
  contoso-llama:
    deployments:                          # violated: two, and the setting maximum is 1
      chat: {model: Llama-3.3-70B-Instruct, modelVersion: "5", capacity: 100}
      drafts: {model: Llama-3.3-70B-Instruct, modelVersion: "5", capacity: 100}
""",
        compliant="""\
azure-llama:foundry:
  contoso-llama:
    deployments:
      chat: {model: Llama-3.3-70B-Instruct, modelVersion: "5", capacity: 100}
""",
        settings={"maximum": 1},
    ),
    notes="Deployments outside the stack count too for Azure; a rule does not see them.",
)
