"""`workspace-identity-storage`: a workspace reads its storage with its identity."""

from __future__ import annotations

from azure_llama_policies import frameworks
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.expect import Setting
from azure_llama_policies.rule import Accepted, Level, ResourceRule, Severity
from azure_llama_policies.workspaces import of_a_hub

RULE = ResourceRule(
    id="workspace-identity-storage",
    title="A workspace reads its storage with identities, not with the account's keys.",
    what="How each hub and each workspace of its own signs in to the datastores of its storage account.",
    why="With keys, everybody in the workspace has the whole account, and the keys cannot be turned off.",
    fix="Set systemDatastoresAuthMode: Identity.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    sources=("ml-identity-2025-06", "azure-native-3.29"),
    types=frozenset({types.WORKSPACE}),
    frameworks=frameworks.IDENTITY,
    azure=Accepted.SECURITY,
    check=Setting(
        "systemDatastoresAuthMode",
        ("Identity", "UserDelegationSAS"),
        "set systemDatastoresAuthMode: Identity",
        absent="AccessKey",
        unless=of_a_hub,
    ),
    example=Example(
        noncompliant="""\
azure-llama:workspace:
  name: llama-dev
  systemDatastoresAuthMode: AccessKey     # violated; it is also the default
""",
        compliant="""\
azure-llama:workspace:
  name: llama-dev
  systemDatastoresAuthMode: Identity
""",
    ),
)
