"""The Azure ML workspace of a stack, and what it stands on."""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi import ComponentResource, Input, Output, Resource, ResourceOptions
from pulumi_azure_native import authorization, operationalinsights, resources
from pulumi_azure_native import machinelearningservices as ml

from azure_llama.settings.naming import StackNames, stack_names
from azure_llama_components import dependencies, in_place
from azure_llama_components.azure_calls import ask
from azure_llama_components.compute_instance import ComputeInstance, ComputeInstanceArgs
from azure_llama_components.diagnostics import diagnose
from azure_llama_components.fixed import keeps
from azure_llama_components.foundation import Foundation, lay
from azure_llama_components.identity import UserAssignedIdentity, give_data, give_roles, workspace_identity
from azure_llama_components.network import managed_network, outbound_rules
from azure_llama_components.placement import Placement
from azure_llama_components.private_endpoint import PrivateEndpoint, PrivateEndpointArgs
from azure_llama_components.workspace_args import WORKSPACE, ExistingWorkspaceArgs, WorkspaceArgs

FIXED = {
    "kind": in_place.at("kind"),
    "hub": in_place.at("hubResourceId"),
    "names.storageAccount": in_place.at("storageAccount"),
    "names.keyVault": in_place.at("keyVault"),
    "encryption": in_place.at("encryption", "keyVaultProperties", "keyVaultArmId"),
}
"""What Azure does not change of a workspace, by the names that the stack's YAML has for it."""
ONCE = {"network.isolationMode": in_place.at("managedNetwork", "isolationMode")}
"""What Azure does not take back."""
RECIPE = "Give the workspace another name too: a new one is then made before this one is deleted."
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
        super().__init__("azure-llama:index:Workspace", name, {}, opts)
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
            self.resource = self._make(name, args, place, client.tenant_id)
            self.depends_on.insert(0, self.resource)
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

    def _make(self, name: str, args: WorkspaceArgs, place: Placement, tenant_id: str) -> ml.Workspace:
        """The workspace to put endpoints into, and what it stands on unless a hub that exists has all that."""
        if args.hub_id is not None:
            logs = self._logs(name, args, place) if args.diagnostics else None
            return self._project(name, args, place, logs, hub_id=args.hub_id)
        logs = self._logs(name, args, place)
        foundation = lay(name, args, place, self.names, tenant_id=tenant_id, logs=logs)
        self.key_vault_id, self.key_vault = foundation.key_vault_id, foundation.key_vault
        self.holds_data |= foundation.holds_data
        if args.kind == "Project":
            hub = self._outer(f"{name}-hub", self.names.hub, "Hub", name, args, place, foundation, logs)
            return self._project(name, args, place, logs, hub_id=hub.id, foundation=foundation)
        logical = f"{name}-hub" if args.kind == "Hub" else f"{name}-workspace"
        return self._outer(logical, self.name, args.kind, name, args, place, foundation, logs)

    def _logs(self, name: str, args: WorkspaceArgs, place: Placement) -> operationalinsights.Workspace:
        logs = dependencies.log_analytics(f"{name}-logs", self.names.log_analytics, place, log_days=args.log_days)
        self.log_analytics_id = logs.id
        self.holds_data["logs"] = place.id(dependencies.LOG_ANALYTICS, self.names.log_analytics)
        return logs

    def _outer(
        self,
        logical: str,
        workspace_name: str,
        kind: str,
        name: str,
        args: WorkspaceArgs,
        place: Placement,
        foundation: Foundation,
        logs: operationalinsights.Workspace,
    ) -> ml.Workspace:
        """The workspace that has all the rest: a hub, or a Default workspace. Projects share what it has."""
        described = kind != "Hub" or args.kind == "Hub"
        workspace = self._workspace(
            logical,
            workspace_name,
            args,
            place,
            kind,
            foundation.identity,
            foundation.needed,
            storage_account=foundation.storage_id,
            key_vault=foundation.key_vault_id,
            application_insights=foundation.application_insights_id,
            container_registry=foundation.container_registry_id,
            encryption=foundation.encryption,
            managed_network=managed_network(args.network),
            # Without it Azure makes the network with the first compute, and refuses endpoints until then.
            provision_network_now=True if args.network.isolated else None,
            description=args.description if described else None,
            friendly_name=args.friendly_name if described else None,
        )
        self._settle(logical, workspace_name, args, place, workspace, logs, foundation)
        after = outbound_rules(logical, workspace_name, place, args.network.outbound_rules, workspace)
        if args.network.private_endpoint is not None:
            # After the rules: both change the workspace, which takes one change at a time.
            after.append(
                PrivateEndpoint(
                    f"{name}-endpoint",
                    PrivateEndpointArgs(
                        name=f"pe-{workspace_name}",
                        resource_group_name=self.resource_group_name,
                        location=self.location,
                        target_id=workspace.id,
                        subnet=args.network.private_endpoint,
                        virtual_network_name=self.names.virtual_network,
                        tags=args.tags,
                    ),
                    ResourceOptions(parent=self, depends_on=[place.group, workspace, *after]),
                )
            )
        self.depends_on += after
        for instance_name, instance in args.compute_instances.items():
            ComputeInstance(
                f"{name}-{instance_name}",
                ComputeInstanceArgs(
                    name=instance_name,
                    resource_group_name=self.resource_group_name,
                    workspace_name=workspace_name,
                    location=self.location,
                    tags=args.tags,
                    **vars(instance),
                ),
                ResourceOptions(parent=self, depends_on=[workspace, *after]),
            )
        return workspace

    def _project(
        self,
        name: str,
        args: WorkspaceArgs,
        place: Placement,
        logs: operationalinsights.Workspace | None,
        *,
        hub_id: Input[str],
        foundation: Foundation | None = None,
    ) -> ml.Workspace:
        project = self._workspace(
            f"{name}-project",
            self.name,
            args,
            place,
            "Project",
            foundation.identity if foundation else None,
            self.depends_on,
            hub_resource_id=hub_id,
            description=args.description,
            friendly_name=args.friendly_name,
        )
        self._settle(f"{name}-project", self.name, args, place, project, logs, foundation)
        return project

    def _workspace(
        self,
        logical: str,
        workspace_name: str,
        args: WorkspaceArgs,
        place: Placement,
        kind: str,
        identity: UserAssignedIdentity | None,
        after: list[Resource],
        **more: Any,
    ) -> ml.Workspace:
        return ml.Workspace(
            logical,
            workspace_name=workspace_name,
            resource_group_name=self.resource_group_name,
            location=self.location,
            tags=dict(args.tags),
            kind=kind,
            identity=workspace_identity(identity),
            primary_user_assigned_identity=identity.id if identity else None,
            public_network_access=args.network.public_network_access,
            system_datastores_auth_mode=None if args.data_access == "AccessKey" else args.data_access,
            # Azure keeps the list of a hub's projects, and answers it among what could be set.
            opts=place.options(
                *after,
                ignore_changes=["associatedWorkspaces"],
                hooks=keeps(logical, "workspace", FIXED, RECIPE, once=ONCE),
            ),
            **more,
        )

    def _settle(
        self,
        logical: str,
        workspace_name: str,
        args: WorkspaceArgs,
        place: Placement,
        workspace: ml.Workspace,
        logs: operationalinsights.Workspace | None,
        foundation: Foundation | None,
    ) -> None:
        """What a workspace needs once it is there: its identity's roles, and its diagnostic settings."""
        id_ = place.id(WORKSPACE, workspace_name)
        if foundation is not None and foundation.identity is not None:
            before = len(foundation.identity.roles)
            give_roles(logical, place, foundation.identity, {"workspace": (id_, workspace)})
            self.depends_on += foundation.identity.roles[before:]
        elif foundation is not None and args.data_access == "Identity":
            self.depends_on += give_data(
                logical, place, workspace, workspace_id=id_, account=foundation.account, opts=place.options(workspace)
            )
        if args.diagnostics and logs is not None:
            diagnose(f"{logical}-diagnostics", target=id_, log_analytics=logs.id, opts=place.options(workspace))
