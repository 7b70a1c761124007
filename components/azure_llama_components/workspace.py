"""The Azure ML workspace of a stack, and its dependencies."""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi import ComponentResource, Output, Resource, ResourceHookBinding, ResourceOptions
from pulumi_azure_native import authorization, resources
from pulumi_azure_native import machinelearningservices as ml

from azure_llama.settings.naming import StackNames, stack_names
from azure_llama_components import dependencies
from azure_llama_components.azure_calls import ask
from azure_llama_components.build import Build
from azure_llama_components.compute_removal import INSTANCES, removal_hook
from azure_llama_components.foundation import create_foundation
from azure_llama_components.placement import Placement
from azure_llama_components.workspace_args import WORKSPACE, ExistingWorkspaceArgs, WorkspaceArgs
from azure_llama_components.workspace_resources import create_workspace

STUDIO = "https://ml.azure.com/"


class Workspace(ComponentResource):
    """A workspace with its resource group, storage account, key vault, Log Analytics and Application Insights; or one
    that exists already, of which nothing is made, read or changed.

    Nothing here is ever deleted to make room for its successor: a change that needs another resource makes that first,
    and one that needs another resource *under the same name* fails before the old one is touched.

    Attributes:
        name, location, resource_group_name, subscription_id: plain values, so that policies can read them in a preview.
        id: ARM id of the workspace, a plain value too: it does not say that the workspace is there, `depends_on` does.
        names: What the stack's resources are called, those among them that others make.
        resource: The workspace itself; None when it existed already.
        depends_on: What has to be there before endpoints in the workspace; empty when it existed already.
        key_vault_id: ARM id of the vault for secrets; None when the stack did not make one.
        key_vault: That vault itself.
        log_analytics_id: ARM id of the Log Analytics workspace; None when the stack did not make one.
        holds_data: ARM ids of what is worth a lock, by what it is; see `Locks`.
        studio_url: The workspace in Azure Machine Learning studio.
        outputs: id, name, region, studioUrl.

    Raises:
        pulumi.RunError: a workspace or identity that exists is not in the stack's subscription.
    """

    def __init__(
        self, name: str, args: WorkspaceArgs | ExistingWorkspaceArgs, opts: ResourceOptions | None = None
    ) -> None:
        inputs, hooks = self._instances(name, args)
        super().__init__(
            "azure-llama:index:Workspace", name, inputs, ResourceOptions.merge(opts, ResourceOptions(hooks=hooks))
        )
        client = ask(
            f"workspace {name!r}: get the identity that deploys",
            lambda: authorization.get_client_config(pulumi.InvokeOptions(parent=self)),
        )
        self.subscription_id = client.subscription_id
        self.location = args.location
        self.names = self._named(args)
        self.name, self.resource_group_name = self.names.workspace, self.names.resource_group
        self.resource: ml.Workspace | None = None
        self.depends_on: list[Resource] = []
        self.key_vault_id: Output[str] | None = None
        self.key_vault: Resource | None = None
        self.log_analytics_id: Output[str] | None = None
        self.holds_data: dict[str, str] = {}
        if isinstance(args, WorkspaceArgs):
            place = self._place(name, args)
            self.id = place.id(WORKSPACE, self.name)
            self.resource = self._create(name, args, place, client.tenant_id)
        else:
            self.id = args.id
        id_: Output[str] = self.resource.id if self.resource else Output.from_input(self.id)
        self.studio_url = id_.apply(lambda known: f"{STUDIO}?wsid={known}&tid={client.tenant_id}")
        self.outputs: dict[str, Any] = {
            "id": id_,
            "name": self.name,
            "region": self.location,
            "studioUrl": self.studio_url,
        }
        self.register_outputs(self.outputs)

    def _instances(
        self, name: str, args: WorkspaceArgs | ExistingWorkspaceArgs
    ) -> tuple[dict[str, Any], ResourceHookBinding | None]:
        """The names of the compute instances, as the component's inputs, and the hook that deletes removed ones."""
        if not isinstance(args, WorkspaceArgs) or args.hub_id is not None:
            return {}, None

        def workspace_id() -> str:
            outer = self.names.hub if args.kind == "Project" else self.names.workspace
            return f"{self.id.rpartition('/')[0]}/{outer}"

        instances = sorted(args.compute_instances)
        return {INSTANCES: instances} if instances else {}, removal_hook(f"{name}-removes-instances", workspace_id)

    def _named(self, args: WorkspaceArgs | ExistingWorkspaceArgs) -> StackNames:
        if isinstance(args, WorkspaceArgs):
            workspace, group = args.name, args.resource_group
        else:
            workspace, group = args.within(self.subscription_id)
        return stack_names(
            workspace,
            location=args.location,
            project=pulumi.get_project(),
            stack=pulumi.get_stack(),
            subscription_id=self.subscription_id,
            resource_group=group,
            overrides=args.names,
        )

    def _place(self, name: str, args: WorkspaceArgs) -> Placement:
        group = resources.ResourceGroup(
            f"{name}-group",
            resource_group_name=self.resource_group_name,
            location=self.location,
            tags=dict(args.tags),
            opts=ResourceOptions(parent=self, delete_before_replace=False),
        )
        return Placement(
            subscription_id=self.subscription_id,
            resource_group_name=self.resource_group_name,
            location=self.location,
            tags=args.tags,
            parent=self,
            group=group,
        )

    def _create(self, name: str, args: WorkspaceArgs, place: Placement, tenant_id: str) -> ml.Workspace:
        """The workspace to put endpoints into, and what it needs unless a hub that exists has all that."""
        logs = None
        if args.hub_id is None or args.diagnostics:
            logs_name = self.names.log_analytics
            logs = dependencies.log_analytics(f"{name}-logs", logs_name, place, log_days=args.log_days)
            self.log_analytics_id = logs.id
            self.holds_data["logs"] = place.id(dependencies.LOG_ANALYTICS, logs_name)
        build = Build(name=name, args=args, place=place, names=self.names, tenant_id=tenant_id, logs=logs)
        foundation = None
        if args.hub_id is None:
            foundation = create_foundation(build)
            self.key_vault_id, self.key_vault = foundation.key_vault_id, foundation.key_vault
            self.holds_data |= foundation.holds_data
        created = create_workspace(build, foundation)
        self.depends_on = [created.resource, *created.ready]
        return created.resource
