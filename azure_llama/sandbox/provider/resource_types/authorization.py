"""Rows of Microsoft.Authorization."""

from __future__ import annotations

from azure_llama.sandbox.provider.resource_type import Autoname, ResourceType
from azure_llama.sandbox.provider.resource_types.common import READ_ONLY
from azure_llama.sandbox.provider.shapes import shape

ROWS = (
    ResourceType(
        pulumi_type="authorization:RoleAssignment",
        path="/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
        api_version="2022-04-01",
        shape=shape(f"""
            scope! roleAssignmentName!+ principalId! roleDefinitionId! principalType condition conditionVersion
            delegatedManagedIdentityResourceId description {READ_ONLY}
            systemData- createdBy- createdOn- updatedBy- updatedOn-"""),
        autoname=Autoname.UUID,
        create_only=frozenset({"principalId"}),
    ),
    ResourceType(
        pulumi_type="authorization:RoleDefinition",
        path="/{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}",
        api_version="2022-05-01-preview",
        shape=shape(f"""
            scope!+ roleDefinitionId!+ roleName roleType=type description assignableScopes
            permissions[actions notActions dataActions notDataActions condition- conditionVersion-] {READ_ONLY}
            systemData- createdBy- createdOn- updatedBy- updatedOn-"""),
        autoname=Autoname.UUID,
        create_only=frozenset(),
    ),
)
