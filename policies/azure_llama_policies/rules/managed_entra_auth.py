"""`managed-entra-auth`: callers of a managed endpoint sign in with Entra ID."""

from __future__ import annotations

from azure_llama_policies import frameworks
from azure_llama_policies.example import Example
from azure_llama_policies.managed import ENDPOINT_TYPES, EndpointSetting
from azure_llama_policies.rule import Accepted, Level, Severity, StackRule

RULE = StackRule(
    id="managed-entra-auth",
    title="Callers of a managed endpoint sign in with Entra ID.",
    what="The auth mode of each managed endpoint, in its resource or in the ARM template that states it.",
    why="Whoever has a key may call, from anywhere, until somebody changes it; an Entra token is a person's or a "
    "machine's own, and ends within the hour.",
    fix="Set auth: AADToken, and give the callers the role to score.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    sources=("online-auth-2023-12",),
    types=ENDPOINT_TYPES,
    frameworks=frameworks.IDENTITY,
    azure=Accepted.SECURITY,
    check=EndpointSetting("properties.authMode", ("AADToken",), "set auth: AADToken, so that no key can be copied"),
    example=Example(
        noncompliant="""\
azure-llama:managed:
  llama-8b:
    auth: Key                             # violated
    deployments:
      blue: {model: Meta-Llama-3.1-8B-Instruct, vmSize: Standard_NC24ads_A100_v4}
""",
        compliant="""\
azure-llama:managed:
  llama-8b:
    auth: AADToken
    deployments:
      blue: {model: Meta-Llama-3.1-8B-Instruct, vmSize: Standard_NC24ads_A100_v4}
""",
    ),
)
