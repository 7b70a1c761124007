"""`local-auth`: computes and AI services accept only Entra ID."""

from __future__ import annotations

from azure_llama_policies import foundry, frameworks
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.expect import Setting, same
from azure_llama_policies.resources import Resource
from azure_llama_policies.rule import Accepted, Level, ResourceRule, Severity


def _remedy(resource: Resource) -> str:
    """What to set: the option of a Foundry account, the property of other resources."""
    return "set auth: AADToken" if same(resource.props.get("kind"), foundry.KIND) else "set disableLocalAuth: true"


RULE = ResourceRule(
    id="local-auth",
    title="Compute instances and AI services accept Entra ID only.",
    what="Whether each compute and each AI services account has local authentication off.",
    why="Local keys and passwords are outside of conditional access, of reviews and of the audit log.",
    fix="Set auth: AADToken on a Foundry account, and disableLocalAuth: true on other accounts and on computes; "
    "callers sign in with Entra ID and a role.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    sources=("azure-policy-2026-04", "psrule", "checkov"),
    types=frozenset({types.COMPUTE, types.COGNITIVE_ACCOUNT}),
    mirrors=(
        "e96a9a5f-07ca-471b-9bc5-6a0f33cbd68f",
        "71ef260a-8f18-47b7-abcb-62d0673d94dc",
        "AZR-000404",
        "AZR-000282",
        "CKV_AZURE_142",
        "CKV_AZURE_236",
    ),
    frameworks=frameworks.IDENTITY,
    azure=Accepted.SECURITY,
    check=Setting("properties.disableLocalAuth", (True,), _remedy, absent=False),
    example=Example(
        noncompliant="""\
azure-llama:foundry:
  contoso-llama:
    auth: Key                             # violated
    deployments:
      chat: {model: Llama-3.3-70B-Instruct, modelVersion: "5", capacity: 100}
""",
        compliant="""\
azure-llama:foundry:
  contoso-llama:
    auth: AADToken
    deployments:
      chat: {model: Llama-3.3-70B-Instruct, modelVersion: "5", capacity: 100}
""",
    ),
    notes="Application Insights is not judged: deployments send their telemetry with its connection string.",
)
