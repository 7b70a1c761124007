"""`vault-purge-protection`: a key vault has purge protection."""

from __future__ import annotations

from azure_llama_policies import frameworks
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.expect import Setting
from azure_llama_policies.rule import Accepted, Level, ResourceRule, Severity

RULE = ResourceRule(
    id="vault-purge-protection",
    title="A key vault has purge protection.",
    what="The purge protection of each key vault.",
    why="Whoever may purge can destroy a deleted vault, and the keys that data is encrypted with, permanently.",
    fix="Set purgeProtection: true. It cannot be undone, and the vault's name stays taken for the days of soft delete.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    sources=("azure-policy-2026-04", "psrule", "checkov", "trivy"),
    types=frozenset({types.VAULT}),
    mirrors=("0b60c0b2-2dc2-4e1c-b5c9-abbed971de53", "AZR-000125", "CKV_AZURE_110", "AZU-0016"),
    frameworks=frameworks.KEY_STORE,
    azure=Accepted.SECURITY,
    check=Setting("properties.enablePurgeProtection", (True,), "set purgeProtection: true", absent=False),
    example=Example(
        noncompliant="""\
azure-llama:workspace:
  name: llama-dev
  purgeProtection: false                  # violated; it is also the default, so that a test leaves nothing behind
""",
        compliant="""\
azure-llama:workspace:
  name: llama-dev
  purgeProtection: true
""",
    ),
    notes="Azure does not take `false`: leave it unset instead. A workspace with a key of its own needs it on.",
)
