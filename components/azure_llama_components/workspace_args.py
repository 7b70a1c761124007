"""Arguments of a workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pulumi

from azure_llama.catalog.arm_ids import parse_arm_id
from azure_llama.documents.unknown import same_subscription
from azure_llama_components.compute_instance import AssignedUser
from azure_llama_components.encryption import EncryptionArgs
from azure_llama_components.identity import IdentityArgs
from azure_llama_components.network import NetworkArgs

WORKSPACE = "Microsoft.MachineLearningServices/workspaces"


@dataclass(frozen=True, kw_only=True)
class InstanceArgs:
    """A compute instance of the workspace.

    Attributes:
        vm_size: Required. Any size of virtual machine that Azure ML has in the region.
        idle_minutes: Optional. 15-4320 minutes without work before it shuts down.
        assigned_user: Optional. Whose it is; who deploys the stack when None.
        public_ip: Optional. Whether it has a public address; without one the network has to be a managed one.
    """

    vm_size: str
    idle_minutes: int = 60
    assigned_user: AssignedUser | None = None
    public_ip: bool = False


@dataclass(frozen=True, kw_only=True)
class WorkspaceArgs:
    """A workspace of the stack's own.

    Attributes:
        name: Required. 3-33 letters, digits, dashes and underscores. A deleted workspace keeps its name for 14 days.
        location: Required. ARM name of the region, for the workspace and everything in it.
        kind: Optional. `Project` (a hub and a project in it, what serverless endpoints ask for today), `Default` (a
            workspace of its own) or `Hub` (a hub alone, without endpoints). Give another name with another kind: Azure
            does not turn one into the other.
        hub_id: Optional. For a project: ARM id of a hub that exists. Storage account, vault, network, key and identity
            are then that hub's, and the arguments for them have no effect here.
        resource_group: Optional. Name of the resource group; `rg-<workspace>-<region>` when None.
        names: Optional. Names of what the workspace stands on, by the attributes of
            `azure_llama.settings.naming.StackNames`.
        description: Optional. For people.
        friendly_name: Optional. What studio calls it.
        tags: Optional. On every resource.
        network: Optional. Who reaches it, and what its machines reach.
        encryption: Optional. A key of the customer's own; Microsoft's when None. Azure takes it at creation alone.
        identity: Optional. As whom it reaches what it stands on.
        data_access: Optional. How it reads its storage account: `AccessKey`, or `Identity`, which turns the account's
            keys off and gives the workspace's identity the roles for its data.
        container_registry: Optional. Whether it has a registry from the start.
        image_build_compute: Optional. Name of a compute cluster that builds images.
        diagnostics: Optional. Whether logs and metrics go to Log Analytics.
        soft_delete_days: Optional. 7-90 days that a deleted key vault can be brought back and keeps its name.
        purge_protection: Optional. Whether nobody can delete the vault permanently before. Azure does not take it back.
        log_days: Optional. 30-730 days that logs are kept.
        compute_instances: Optional. Development machines by name.
    """

    name: str
    location: str
    kind: Literal["Project", "Default", "Hub"] = "Project"
    hub_id: str | None = None
    resource_group: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    description: str | None = None
    friendly_name: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    network: NetworkArgs = field(default_factory=NetworkArgs)
    encryption: EncryptionArgs | None = None
    identity: IdentityArgs = field(default_factory=IdentityArgs)
    data_access: Literal["AccessKey", "Identity"] = "AccessKey"
    container_registry: bool = False
    image_build_compute: str | None = None
    diagnostics: bool = True
    soft_delete_days: int = 7
    purge_protection: bool = False
    log_days: int = 30
    compute_instances: Mapping[str, InstanceArgs] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ExistingWorkspaceArgs:
    """A workspace that exists already, which the stack leaves as it is: nothing of it is read or changed.

    Attributes:
        id: Required. Its ARM id, in the stack's subscription.
        location: Required. ARM name of its region.
        names: Optional. As for a workspace of the stack's own: for what the stack makes beside it.
    """

    id: str
    location: str
    names: Mapping[str, str] = field(default_factory=dict)

    def within(self, subscription_id: str) -> tuple[str, str]:
        """Name and resource group of the workspace.

        Raises:
            pulumi.RunError: it is not in the subscription, or the id is not one of a workspace.
        """
        known = parse_arm_id(self.id)
        if known is None or not known.is_a(WORKSPACE):
            raise pulumi.RunError(f"{self.id!r} is not the ARM id of a workspace.")
        if not same_subscription(known.subscription, subscription_id):
            # Endpoints are placed by names, and would go into another workspace of the same name, or into none.
            raise pulumi.RunError(
                f"The workspace {self.id} is in another subscription than the stack's, {subscription_id}: run"
                f" `pulumi config set azure-native:subscriptionId {known.subscription}`, or name another workspace."
            )
        return known.name, known.resource_group
