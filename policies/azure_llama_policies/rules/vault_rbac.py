"""`vault-rbac`: a key vault uses Azure role-based access control."""

from __future__ import annotations

from azure_llama_policies import frameworks
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example, key_vault
from azure_llama_policies.expect import Setting
from azure_llama_policies.rule import Accepted, Level, ResourceRule, Severity

RULE = ResourceRule(
    id="vault-rbac",
    title="A key vault uses Azure role-based access control.",
    what="The permission model of each key vault.",
    why="Access policies are the default of the provider: all or nothing for a vault, outside of the roles that people "
    "review, and open to whoever may write the vault.",
    fix="Set enableRbacAuthorization: true.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    sources=("azure-policy-2026-04", "azure-native-3.29"),
    types=frozenset({types.VAULT}),
    mirrors=("12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5",),
    frameworks=frameworks.KEY_STORE,
    azure=Accepted.SECURITY,
    check=Setting("properties.enableRbacAuthorization", (True,), "set enableRbacAuthorization: true", absent=False),
    example=Example(
        noncompliant=key_vault('"enable_rbac_authorization": False,  # violated; it is also the default'),
        compliant=key_vault('"enable_rbac_authorization": True,'),
    ),
)
