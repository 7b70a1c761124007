"""`registry-admin-user`: the admin user of a container registry is disabled."""

from __future__ import annotations

from azure_llama_policies import frameworks
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.expect import Setting
from azure_llama_policies.rule import Accepted, Level, ResourceRule, Severity

RULE = ResourceRule(
    id="registry-admin-user",
    title="A container registry has no admin user.",
    what="Whether each container registry has its admin user on.",
    why="The admin user is one password for pushing and pulling everything, shared by whoever has it.",
    fix="Set adminUserEnabled: false; identities pull with the role AcrPull.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    sources=("azure-policy-2026-04",),
    types=frozenset({types.REGISTRY}),
    mirrors=("dc921057-6b28-4fbe-9b83-f7bec05db6c2", "CKV_AZURE_137"),
    frameworks=frameworks.IDENTITY,
    azure=Accepted.SECURITY,
    check=Setting("adminUserEnabled", (False,), "set adminUserEnabled: false", absent=False),
    example=Example(
        noncompliant="""\
from pulumi_azure_native import containerregistry

containerregistry.Registry(
    "registry",
    resource_group_name="rg-llama",
    sku={"name": "Premium"},
    admin_user_enabled=True,              # violated
)
""",
        compliant="""\
from pulumi_azure_native import containerregistry

containerregistry.Registry(
    "registry",
    resource_group_name="rg-llama",
    sku={"name": "Premium"},
    admin_user_enabled=False,
)
""",
    ),
)
