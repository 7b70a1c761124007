"""The types of single values that several parts of the settings have."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, WithJsonSchema

from azure_llama.settings import checks, ids

_WORKSPACES = "Microsoft.MachineLearningServices/workspaces"
_IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"

Guid = Annotated[str, AfterValidator(checks.guid)]
WorkspaceId = Annotated[str, AfterValidator(ids.arm_id(_WORKSPACES, "an Azure ML workspace", in_subscription=True))]
"""A workspace of any region."""
OwnWorkspaceId = Annotated[
    str,
    AfterValidator(ids.arm_id(_WORKSPACES, "an Azure ML workspace", in_region=True, in_subscription=True)),
]
IdentityId = Annotated[str, AfterValidator(ids.arm_id(_IDENTITIES, "a user-assigned identity"))]
OwnIdentityId = Annotated[
    str, AfterValidator(ids.arm_id(_IDENTITIES, "a user-assigned identity", in_subscription=True))
]
VaultId = Annotated[str, AfterValidator(ids.arm_id("Microsoft.KeyVault/vaults", "a key vault"))]
_SECURE = {
    "type": "object",
    "properties": {"secure": {"type": "string"}},
    "required": ["secure"],
    "additionalProperties": False,
}
Secret = Annotated[str, WithJsonSchema({"anyOf": [{"type": "string"}, _SECURE]})]
"""A string that may be a secret in the stack's file, as `pulumi config set --secret --path` writes it."""
Access = Literal["Enabled", "Disabled"]
TagName = Annotated[str, AfterValidator(checks.tag_name)]
TagValue = Annotated[str, AfterValidator(checks.tag_value)]
