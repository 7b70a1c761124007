"""`managed-public-access`: a managed endpoint is not on the public network."""

from __future__ import annotations

from azure_llama_policies import frameworks
from azure_llama_policies.example import Example
from azure_llama_policies.managed import ENDPOINT_TYPES, EndpointSetting
from azure_llama_policies.rule import Accepted, Level, Severity, StackRule

RULE = StackRule(
    id="managed-public-access",
    title="A managed endpoint does not allow public network access.",
    what="The public network access of each managed endpoint, in its resource or in the ARM template that states it.",
    why="Anybody on the internet reaches the endpoint's address; only its auth stands between.",
    fix="Set publicNetworkAccess: Disabled, and give the workspace a private endpoint.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    sources=("online-yaml", "azure-native-3.29"),
    types=ENDPOINT_TYPES,
    frameworks=frameworks.NETWORK,
    azure=Accepted.SECURITY,
    check=EndpointSetting(
        "properties.publicNetworkAccess",
        ("Disabled",),
        "set publicNetworkAccess: Disabled; callers then come through the workspace's private endpoint",
        absent="Enabled",
    ),
    example=Example(
        noncompliant="""\
azure-llama:managed:
  llama-8b:
    publicNetworkAccess: Enabled          # violated; it is also the default
    deployments:
      blue: {model: Meta-Llama-3.1-8B-Instruct, vmSize: Standard_NC24ads_A100_v4}
""",
        compliant="""\
azure-llama:managed:
  llama-8b:
    publicNetworkAccess: Disabled
    deployments:
      blue: {model: Meta-Llama-3.1-8B-Instruct, vmSize: Standard_NC24ads_A100_v4}
""",
    ),
)
