"""Rows of Microsoft.Resources."""

from __future__ import annotations

from azure_llama_sandbox.provider.resource_type import ResourceType
from azure_llama_sandbox.provider.resource_types.common import READ_ONLY
from azure_llama_sandbox.provider.shapes import shape
from azure_llama_sandbox.provider.validation import Limit

ROWS = (
    ResourceType(
        pulumi_type="resources:ResourceGroup",
        path="/subscriptions/{subscriptionId}/resourcegroups/{resourceGroupName}",
        api_version="2024-03-01",
        shape=shape(f"resourceGroupName!+ location! managedBy tags:map properties- {READ_ONLY}"),
        limits={"resourceGroupName": Limit(pattern=r"^[-\w\._\(\)]{1,90}$")},
    ),
    ResourceType(
        pulumi_type="resources:Deployment",
        path="/subscriptions/{subscriptionId}/resourcegroups/{resourceGroupName}"
        "/providers/Microsoft.Resources/deployments/{deploymentName}",
        api_version="2024-03-01",
        shape=shape(f"""
            resourceGroupName!+ deploymentName!+ location tags:map {READ_ONLY}
            properties!{{
                mode! template+:any parameters:map expressionEvaluationOptions+:map
                debugSetting{{detailLevel}} onErrorDeployment{{type deploymentName provisioningState-}}
                parametersLink{{uri! contentVersion}} templateLink{{uri id relativePath queryString contentVersion}}
                correlationId- dependencies- duration- error- outputResources- outputs- providers- provisioningState-
                templateHash- timestamp- validatedResources-
            }}"""),
        default_location=False,
        limits={"deploymentName": Limit(pattern=r"^[-\w\._\(\)]{1,64}$")},
    ),
)
