"""`workspace-network-isolation`: a workspace's computes and deployments are in a managed network."""

from __future__ import annotations

from azure_llama_policies import frameworks
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.expect import Setting
from azure_llama_policies.rule import Accepted, Level, ResourceRule, Severity
from azure_llama_policies.workspaces import of_a_hub

RULE = ResourceRule(
    id="workspace-network-isolation",
    title="A workspace isolates its network.",
    what="The isolation mode of the managed network of each hub and each workspace of its own.",
    why="Without it, deployments and computes reach any host of the internet, so what they read can leave.",
    fix="Set isolationMode: AllowOnlyApprovedOutbound with the outbound rules that the models need, or "
    "AllowInternetOutbound as a beginning.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    sources=("azure-policy-2026-04",),
    types=frozenset({types.WORKSPACE}),
    mirrors=("6ddb1705-c8cf-450e-aa4b-19ad6703c440",),
    frameworks=frameworks.NETWORK,
    azure=Accepted.SECURITY,
    check=Setting(
        "managedNetwork.isolationMode",
        ("AllowOnlyApprovedOutbound", "AllowInternetOutbound"),
        "set isolationMode: AllowOnlyApprovedOutbound",
        absent="Disabled",
        unless=of_a_hub,
    ),
    example=Example(
        noncompliant="""\
azure-llama:workspace:
  name: llama-dev
  network:
    isolationMode: Disabled               # violated; it is also the default
""",
        compliant="""\
azure-llama:workspace:
  name: llama-dev
  network:
    isolationMode: AllowOnlyApprovedOutbound
""",
    ),
    notes="The Azure Policy that it mirrors asks for approved outbound alone; here both isolated modes pass.",
)
