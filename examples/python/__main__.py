"""A Python program with the whole stack as one component, and an id that comes from another resource."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import managedidentity, resources

from azure_llama_components import LlamaStack

group = resources.ResourceGroup("callers", resource_group_name="rg-llama-callers", location="eastus2")
application = managedidentity.UserAssignedIdentity(
    "application", resource_name_="id-llama-application", resource_group_name=group.name, location="eastus2"
)
llama = LlamaStack(
    "llama",
    {
        "location": "eastus2",
        "workspace": {"name": "llama-python"},
        "managed": {
            "python-8b": {
                "auth": "AADToken",
                "deployments": {
                    "blue": {
                        "model": "Meta-Llama-3.1-8B-Instruct",
                        "vmSize": "Standard_NC24ads_A100_v4",
                        "traffic": 100,
                    }
                },
            }
        },
        "access": {
            "callers": {"application": {"principalId": application.principal_id, "principalType": "ServicePrincipal"}}
        },
    },
)
pulumi.export("endpoints", llama.endpoints)
