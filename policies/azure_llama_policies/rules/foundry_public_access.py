"""`foundry-public-access`: a Foundry account is not reachable from all public networks."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama_policies import frameworks
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.expect import expect, same
from azure_llama_policies.foundry import only_foundry
from azure_llama_policies.resources import Resource
from azure_llama_policies.rule import Accepted, Context, Level, ResourceRule, Severity, Violation
from azure_llama_policies.unseen import naming

_DISABLED = ("Disabled",)
_DENY = "Deny"
_ACCESS = "properties.publicNetworkAccess"
_DEFAULT_ACTION = "properties.networkAcls.defaultAction"


def check(account: Resource, _context: Context) -> Iterator[Violation]:
    """One violation when every address reaches the account."""
    with naming(account):
        only_foundry(account)
        access = account.value(_ACCESS)
        if not same(access, _DISABLED[0]) and same(account.value(_DEFAULT_ACTION), _DENY):
            return
    remedy = "set Disabled and add a private endpoint, or allow only your addresses (network.ipRanges)"
    yield from expect(account, _ACCESS, _DISABLED, remedy, absent="Enabled")


RULE = ResourceRule(
    id="foundry-public-access",
    title="A Foundry account is not open to the whole internet.",
    what="The public network access of each Foundry account, and the default action of its network rules.",
    why="Every address on the internet reaches the account; only its authentication protects it.",
    fix="Set network.publicNetworkAccess: Disabled with a private endpoint, or list the callers' addresses in "
    "network.ipRanges.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    sources=("azure-policy-2026-04", "psrule", "checkov", "azure-native-3.29"),
    types=frozenset({types.COGNITIVE_ACCOUNT}),
    mirrors=("037eea7a-bd0a-46c5-9a66-03aea78705d3", "AZR-000280", "CKV_AZURE_134"),
    frameworks=frameworks.NETWORK,
    azure=Accepted.SECURITY,
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:foundry:
  contoso-llama:
    network:
      publicNetworkAccess: Enabled        # violated; it is also the default
    deployments:
      chat: {model: Llama-3.3-70B-Instruct, modelVersion: "5", capacity: 100}
""",
        compliant="""\
azure-llama:foundry:
  contoso-llama:
    network:
      ipRanges: [203.0.113.0/24]
    deployments:
      chat: {model: Llama-3.3-70B-Instruct, modelVersion: "5", capacity: 100}
""",
    ),
    notes="PSRule and checkov require publicNetworkAccess: Disabled. Like Azure Policy, this rule also accepts network "
    "rules that deny by default. Accounts of other kinds, such as ContentSafety, are not judged.",
)
