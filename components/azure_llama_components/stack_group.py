"""The resource group of a stack without a workspace."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi import ComponentResource, Output, Resource, ResourceOptions
from pulumi_azure_native import authorization, resources

from azure_llama.settings.naming import stack_group_name
from azure_llama_components.azure_calls import ask
from azure_llama_components.workspace import Workspace


class StackGroup(ComponentResource):
    """The resource group of a stack without a workspace, with the attributes of `Workspace` that others read.

    Attributes:
        name, location, resource_group_name, subscription_id: plain values, so that policies can read them in a preview.
        depends_on: The resource group, which its name does not say to wait for.
        key_vault_id, key_vault, log_analytics_id: None: those are parts of a workspace.
        holds_data: Nothing.
        outputs: None.
    """

    def __init__(
        self,
        name: str,
        *,
        location: str,
        resource_group: str | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__("azure-llama:index:StackGroup", name, {})
        client = ask(
            f"stack {pulumi.get_stack()!r}: get the identity that deploys",
            lambda: authorization.get_client_config(pulumi.InvokeOptions(parent=self)),
        )
        self.subscription_id: str = client.subscription_id
        self.location = location
        self.resource_group_name = resource_group or stack_group_name(
            pulumi.get_project(), pulumi.get_stack(), location
        )
        self.name = self.resource_group_name
        self.group = resources.ResourceGroup(
            f"{name}-group",
            resource_group_name=self.resource_group_name,
            location=location,
            tags=dict(tags or {}),
            opts=ResourceOptions(parent=self, delete_before_replace=False),
        )
        self.depends_on: list[Resource] = [self.group]
        self.key_vault_id: Output[str] | None = None
        self.key_vault: Resource | None = None
        self.log_analytics_id: Output[str] | None = None
        self.holds_data: dict[str, str] = {}
        self.outputs = None
        self.register_outputs({})


Home = Workspace | StackGroup
"""Where the endpoints of a stack are."""


def workspace_of(home: Home) -> Workspace:
    """The workspace, for resources that require one: the settings reject a stack without it."""
    assert isinstance(home, Workspace), "the settings let through a stack without a workspace"
    return home
