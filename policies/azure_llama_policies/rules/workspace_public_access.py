"""`workspace-public-access`: a workspace is not on the public network."""

from __future__ import annotations

from azure_llama_policies import frameworks
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.expect import Setting
from azure_llama_policies.rule import Accepted, Level, ResourceRule, Severity

RULE = ResourceRule(
    id="workspace-public-access",
    title="A workspace does not allow public network access.",
    what="The public network access of each workspace, hubs and projects included.",
    why="Anybody on the internet reaches the workspace's own address; only its access control stands between.",
    fix="Set publicNetworkAccess: Disabled, and give the workspace a private endpoint.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    sources=("azure-policy-2026-04", "psrule", "checkov"),
    types=frozenset({types.WORKSPACE}),
    mirrors=(
        "438c38d2-3772-465a-a9cc-7a6666a275ce",
        "a10ee784-7409-4941-b091-663697637c0f",
        "AZR-000406",
        "CKV_AZURE_144",
        "CKV2_AZURE_49",
    ),
    frameworks=frameworks.NETWORK,
    azure=Accepted.SECURITY,
    check=Setting(
        "publicNetworkAccess",
        ("Disabled",),
        "set publicNetworkAccess: Disabled",
        absent="Enabled",
    ),
    example=Example(
        noncompliant="""\
azure-llama:workspace:
  name: llama-dev
  network:
    publicNetworkAccess: Enabled          # violated; it is also the default
""",
        compliant="""\
azure-llama:workspace:
  name: llama-dev
  network:
    publicNetworkAccess: Disabled
""",
    ),
    notes="checkov's two rules disagree on a workspace that leaves it out; here that is a violation, since Azure then "
    "takes Enabled.",
)
