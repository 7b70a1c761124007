"""The Azure ML workspace of a stack, and what it stands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pulumi
from pulumi import ComponentResource, Output, ResourceOptions
from pulumi_azure_native import applicationinsights, authorization, keyvault, operationalinsights, resources, storage
from pulumi_azure_native import machinelearningservices as ml

from components import names

STUDIO = "https://ml.azure.com/"


@dataclass(frozen=True, kw_only=True)
class WorkspaceArgs:
    """What a workspace is made from.

    Attributes:
        name: Required. 3-33 letters, digits, dashes and underscores. A deleted workspace keeps its name for 14 days.
        location: Required. ARM name of the region, for the workspace and everything in it.
        kind: Optional. `Project` (a hub and a project in it, what serverless endpoints ask for today) or `Default` (a
            workspace of its own). Give another name with another kind: Azure does not turn one into the other.
        tags: Optional. On every resource.
        soft_delete_days: Optional. 7-90 days that a deleted key vault can be brought back and keeps its name.
        log_days: Optional. 30-730 days that logs are kept.
    """

    name: str
    location: str
    kind: Literal["Project", "Default"] = "Project"
    tags: Mapping[str, str] = field(default_factory=dict)
    soft_delete_days: int = 7
    log_days: int = 30


class Workspace(ComponentResource):
    """A workspace with its resource group, storage account, key vault, Log Analytics and Application Insights.

    Nothing here is ever deleted to make room for its successor: a change that needs another resource makes that first,
    and one that needs another resource *under the same name* fails before the old one is touched.

    Attributes:
        name, location, resource_group_name: plain values, so that policies can read them in a preview.
        resource: The workspace itself: what the endpoints in it depend on.
        studio_url: The workspace in Azure Machine Learning studio.
        outputs: id, name, region, studioUrl.
    """

    def __init__(self, name: str, args: WorkspaceArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("azure-llama:index:Workspace", name, {}, opts)
        client = authorization.get_client_config(pulumi.InvokeOptions(parent=self))
        self.name = args.name
        self.location = args.location
        self.resource_group_name = names.resource_group_name(args.name, args.location)
        suffix = names.unique_suffix(pulumi.get_project(), pulumi.get_stack(), client.subscription_id, args.location)
        self._tags = dict(args.tags)
        self._group = resources.ResourceGroup(
            f"{name}-group",
            resource_group_name=self.resource_group_name,
            location=args.location,
            tags=self._tags,
            opts=ResourceOptions(parent=self, delete_before_replace=False),
        )
        dependencies = {
            "storage_account": self._storage_account(name, names.storage_account_name(args.name, suffix)).id,
            "key_vault": self._key_vault(
                name, names.key_vault_name(args.name, suffix), client.tenant_id, args.soft_delete_days
            ).id,
            "application_insights": self._application_insights(name, args.log_days).id,
        }
        if args.kind == "Project":
            hub = self._workspace(f"{name}-hub", names.hub_name(args.name), kind="Hub", **dependencies)
            self.resource = self._workspace(f"{name}-project", args.name, kind="Project", hub_resource_id=hub.id)
        else:
            self.resource = self._workspace(f"{name}-workspace", args.name, kind="Default", **dependencies)
        self.studio_url = self.resource.id.apply(lambda id_: f"{STUDIO}?wsid={id_}&tid={client.tenant_id}")
        self.outputs: dict[str, Any] = {
            "id": self.resource.id,
            "name": self.name,
            "region": self.location,
            "studioUrl": self.studio_url,
        }
        self.register_outputs(self.outputs)

    def _in_group(self, ignore_changes: list[str] | None = None) -> ResourceOptions:
        return ResourceOptions(
            parent=self,
            # The group's name is passed as a plain value, so the order has to be said.
            depends_on=[self._group],
            delete_before_replace=False,
            ignore_changes=ignore_changes,
        )

    def _storage_account(self, name: str, account_name: str) -> storage.StorageAccount:
        return storage.StorageAccount(
            f"{name}-storage",
            account_name=account_name,
            resource_group_name=self.resource_group_name,
            location=self.location,
            tags=self._tags,
            kind=storage.Kind.STORAGE_V2,
            sku=storage.SkuArgs(name=storage.SkuName.STANDARD_LRS),
            minimum_tls_version=storage.MinimumTlsVersion.TLS1_2,
            enable_https_traffic_only=True,
            allow_blob_public_access=False,
            opts=self._in_group(),
        )

    def _key_vault(self, name: str, vault_name: str, tenant_id: str, soft_delete_days: int) -> keyvault.Vault:
        return keyvault.Vault(
            f"{name}-vault",
            vault_name=vault_name,
            resource_group_name=self.resource_group_name,
            location=self.location,
            tags=self._tags,
            # Purge protection stays unset: Azure does not take `false`, and `true` cannot be undone.
            properties=keyvault.VaultPropertiesArgs(
                tenant_id=tenant_id,
                sku=keyvault.SkuArgs(family=keyvault.SkuFamily.A, name=keyvault.SkuName.STANDARD),
                enable_rbac_authorization=True,
                enable_soft_delete=True,
                soft_delete_retention_in_days=soft_delete_days,
            ),
            opts=self._in_group(),
        )

    def _application_insights(self, name: str, log_days: int) -> applicationinsights.Component:
        logs = operationalinsights.Workspace(
            f"{name}-logs",
            workspace_name=names.log_analytics_name(self.name),
            resource_group_name=self.resource_group_name,
            location=self.location,
            tags=self._tags,
            sku=operationalinsights.WorkspaceSkuArgs(name=operationalinsights.WorkspaceSkuNameEnum.PER_GB2018),
            retention_in_days=log_days,
            opts=self._in_group(),
        )
        return applicationinsights.Component(
            f"{name}-insights",
            resource_name_=names.application_insights_name(self.name),
            resource_group_name=self.resource_group_name,
            location=self.location,
            tags=self._tags,
            kind="web",
            application_type=applicationinsights.ApplicationType.WEB,
            ingestion_mode=applicationinsights.IngestionMode.LOG_ANALYTICS,
            workspace_resource_id=logs.id,
            opts=self._in_group(),
        )

    def _workspace(
        self,
        name: str,
        workspace_name: str,
        *,
        kind: str,
        hub_resource_id: Output[str] | None = None,
        storage_account: Output[str] | None = None,
        key_vault: Output[str] | None = None,
        application_insights: Output[str] | None = None,
    ) -> ml.Workspace:
        return ml.Workspace(
            name,
            workspace_name=workspace_name,
            resource_group_name=self.resource_group_name,
            location=self.location,
            tags=self._tags,
            kind=kind,
            identity=ml.ManagedServiceIdentityArgs(type=ml.ManagedServiceIdentityType.SYSTEM_ASSIGNED),
            public_network_access=ml.PublicNetworkAccessType.ENABLED,
            hub_resource_id=hub_resource_id,
            storage_account=storage_account,
            key_vault=key_vault,
            application_insights=application_insights,
            # Azure keeps the list of a hub's projects, and answers it among what could be set.
            opts=self._in_group(ignore_changes=["associatedWorkspaces"]),
        )
