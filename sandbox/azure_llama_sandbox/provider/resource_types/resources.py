"""Rows of Microsoft.Resources."""

from __future__ import annotations

from azure_llama_sandbox.provider.resource_type import ResourceType
from azure_llama_sandbox.provider.resource_types.common import READ_ONLY
from azure_llama_sandbox.provider.shapes import shape

ROWS = (
    ResourceType(
        pulumi_type="resources:ResourceGroup",
        path="/subscriptions/{subscriptionId}/resourcegroups/{resourceGroupName}",
        api_version="2024-03-01",
        shape=shape(f"resourceGroupName!+ location! managedBy tags properties- {READ_ONLY}"),
        patterns={"resourceGroupName": r"^[-\w\._\(\)]{1,90}$"},
    ),
    ResourceType(
        pulumi_type="resources:Deployment",
        path="/subscriptions/{subscriptionId}/resourcegroups/{resourceGroupName}"
        "/providers/Microsoft.Resources/deployments/{deploymentName}",
        api_version="2024-03-01",
        shape=shape(f"""
            resourceGroupName!+ deploymentName!+ location tags {READ_ONLY}
            properties!{{
                mode! template+ parameters expressionEvaluationOptions+
                debugSetting{{detailLevel}} onErrorDeployment{{type deploymentName provisioningState-}}
                parametersLink{{uri! contentVersion}} templateLink{{uri id relativePath queryString contentVersion}}
                correlationId- dependencies- duration- error- outputResources- outputs- providers- provisioningState-
                templateHash- timestamp- validatedResources-
            }}"""),
        default_location=False,
        patterns={"deploymentName": r"^[-\w\._\(\)]{1,64}$"},
    ),
)
