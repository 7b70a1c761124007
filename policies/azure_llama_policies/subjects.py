"""How messages name a resource: its type and its name in Azure."""

from __future__ import annotations

from azure_llama_policies import resource_types as types
from azure_llama_policies.kinds import endpoint_resources
from azure_llama_policies.resources import NotSeenError, Resource

_SUBJECTS = {
    types.WORKSPACE: ("workspace", "workspaceName"),
    **{type_: (resource.noun, resource.name) for type_, resource in endpoint_resources()},
    types.COMPUTE: ("compute", "computeName"),
    types.RESOURCE_GROUP: ("resource group", "resourceGroupName"),
    types.TEMPLATE: ("ARM deployment", "deploymentName"),
    types.STORAGE_ACCOUNT: ("storage account", "accountName"),
    types.BLOB_CONTAINER: ("blob container", "containerName"),
    types.VAULT: ("key vault", "vaultName"),
    types.REGISTRY: ("container registry", "registryName"),
    types.COGNITIVE_ACCOUNT: ("AI services account", "accountName"),
    types.LOG_ANALYTICS: ("Log Analytics workspace", "workspaceName"),
    types.APPLICATION_INSIGHTS: ("Application Insights", "resourceName"),
    types.API_MANAGEMENT: ("API Management service", "serviceName"),
    types.BACKEND: ("backend", "backendId"),
    types.PRODUCT_POLICY: ("policy of product", "productId"),
    types.ROLE_DEFINITION: ("role", "roleName"),
}


def azure_name(resource: Resource) -> str:
    """The resource's name in Azure, or the one in the program as long as Azure's is not known."""
    try:
        return resource.text(_SUBJECTS[resource.type][1])
    except (KeyError, NotSeenError):
        return resource.name


def called(resource: Resource) -> str:
    """The resource's name in a sentence: `key vault 'kv-llama'`."""
    noun = _SUBJECTS[resource.type][0] if resource.type in _SUBJECTS else resource.type.rpartition(":")[2]
    return f"{noun} '{azure_name(resource)}'"
