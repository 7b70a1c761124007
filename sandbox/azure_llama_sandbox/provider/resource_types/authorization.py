"""Rows of Microsoft.Authorization."""

from __future__ import annotations

from azure_llama_sandbox.provider.resource_type import Autoname, ResourceType
from azure_llama_sandbox.provider.resource_types.common import GROUP, READ_ONLY
from azure_llama_sandbox.provider.shapes import shape

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
        schema_defaults={"principalType": "User"},
    ),
    ResourceType(
        pulumi_type="authorization:RoleDefinition",
        path="/{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}",
        api_version="2022-05-01-preview",
        shape=shape(f"""
            scope!+ roleDefinitionId!+ roleName roleType=type description assignableScopes:list
            permissions[actions:list notActions:list dataActions:list notDataActions:list condition- conditionVersion-]
            {READ_ONLY}
            systemData- createdBy- createdOn- updatedBy- updatedOn-"""),
        autoname=Autoname.UUID,
        create_only=frozenset(),
    ),
    *(
        ResourceType(
            pulumi_type=f"authorization:ManagementLock{place}",
            path=f"{path}/providers/Microsoft.Authorization/locks/{{lockName}}",
            api_version="2020-05-01",
            shape=shape(f"{inputs} lockName!+ level! notes owners[applicationId] systemData- {READ_ONLY}"),
        )
        for place, path, inputs in (
            ("ByScope", "/{scope}", "scope!+"),
            ("AtResourceGroupLevel", GROUP, "resourceGroupName!+"),
            ("AtSubscriptionLevel", "/subscriptions/{subscriptionId}", ""),
        )
    ),
    ResourceType(
        pulumi_type="authorization:PolicyAssignment",
        path="/{scope}/providers/Microsoft.Authorization/policyAssignments/{policyAssignmentName}",
        api_version="2025-01-01",
        shape=shape(f"""
            scope! policyAssignmentName!+ identity{{type userAssignedIdentities# principalId- tenantId-}} location
            systemData- {READ_ONLY} assignmentType definitionVersion description displayName enforcementMode
            metadata:any
            nonComplianceMessages[message! policyDefinitionReferenceId] notScopes:list
            overrides[kind selectors[in:list kind notIn:list] value] parameters{{*}} policyDefinitionId
            resourceSelectors[name selectors[in:list kind notIn:list]]
            effectiveDefinitionVersion- instanceId- latestDefinitionVersion-"""),
        schema_defaults={"enforcementMode": "Default"},
    ),
)
