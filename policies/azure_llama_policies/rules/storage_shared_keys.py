"""`storage-shared-keys`: a storage account has no keys that open all of it."""

from __future__ import annotations

from azure_llama_policies import frameworks
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.expect import Setting
from azure_llama_policies.rule import Accepted, Level, ResourceRule, Severity

RULE = ResourceRule(
    id="storage-shared-keys",
    title="A storage account does not accept shared keys.",
    what="Whether each storage account takes requests that are signed with its keys.",
    why="A key opens the whole account to whoever has it, and says nothing of who that is.",
    fix="Set systemDatastoresAuthMode: Identity on the workspace, which turns the keys off.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    sources=("azure-policy-2026-04",),
    types=frozenset({types.STORAGE_ACCOUNT}),
    mirrors=("8c6a50c6-9ffd-4ae7-986f-5fa6111f9a54",),
    frameworks=frameworks.IDENTITY,
    azure=Accepted.SECURITY,
    check=Setting("allowSharedKeyAccess", (False,), "set allowSharedKeyAccess: false", absent=True),
    example=Example(
        noncompliant="""\
azure-llama:workspace:
  name: llama-dev
  systemDatastoresAuthMode: AccessKey     # violated: the keys must stay on for it
""",
        compliant="""\
azure-llama:workspace:
  name: llama-dev
  systemDatastoresAuthMode: Identity
""",
    ),
)
