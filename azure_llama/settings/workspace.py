"""What a stack asks of its workspace and of what stands around it."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from azure_llama.catalog import names
from azure_llama.catalog.arm_ids import ArmId, parse_arm_id
from azure_llama.settings import azure_checks, checks
from azure_llama.settings import workspace_relations as relations
from azure_llama.settings.base import StrictModel, first

WorkspaceName = Annotated[str, AfterValidator(checks.named(names.WORKSPACE))]
ComputeName = Annotated[str, AfterValidator(checks.named(names.COMPUTE))]
ResourceGroupName = Annotated[str, AfterValidator(checks.named(names.RESOURCE_GROUP))]
_ML = "Microsoft.MachineLearningServices/workspaces"
WorkspaceId = Annotated[str, AfterValidator(azure_checks.arm_id(_ML, "a workspace"))]
HubId = Annotated[str, AfterValidator(azure_checks.arm_id(_ML, "a hub"))]
_SUBNET = "Microsoft.Network/virtualNetworks/subnets"
SubnetId = Annotated[str, AfterValidator(azure_checks.arm_id(_SUBNET, "a subnet"))]
DnsZoneId = Annotated[
    str, AfterValidator(azure_checks.arm_id("Microsoft.Network/privateDnsZones", "a private DNS zone"))
]
VaultId = Annotated[str, AfterValidator(azure_checks.arm_id("Microsoft.KeyVault/vaults", "a key vault"))]
_IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"
IdentityId = Annotated[str, AfterValidator(azure_checks.arm_id(_IDENTITY, "a user-assigned identity"))]
ResourceId = Annotated[str, AfterValidator(azure_checks.any_arm_id)]
KeyIdentifier = Annotated[str, AfterValidator(azure_checks.key_identifier)]
AddressSpace = Annotated[str, AfterValidator(azure_checks.address_space)]
Fqdn = Annotated[str, AfterValidator(azure_checks.fqdn)]
ServiceTag = Annotated[str, AfterValidator(azure_checks.service_tag)]
Ports = Annotated[str, AfterValidator(azure_checks.ports)]
Guid = Annotated[str, AfterValidator(azure_checks.guid)]
VirtualMachineSize = Annotated[str, AfterValidator(azure_checks.virtual_machine_size)]
IdleMinutes = Annotated[int, AfterValidator(checks.between(15, 4320, "the minutes that Azure lets an instance idle"))]
LogDays = Annotated[int, AfterValidator(checks.between(30, 730, "the days that Log Analytics keeps logs"))]
SoftDeleteDays = Annotated[int, AfterValidator(checks.between(7, 90, "the days that Azure keeps a deleted vault"))]
Access = Literal["Enabled", "Disabled"]


class NamesSettings(StrictModel):
    """Names to use instead of those that are derived from the workspace's.

    Attributes:
        hub: Optional. The hub of a project.
        storage_account: Optional. Unique in the world.
        key_vault: Optional. Unique in the world.
        log_analytics: Optional.
        application_insights: Optional.
        container_registry: Optional. Unique in the world.
        virtual_network: Optional.
        identity: Optional. The user-assigned identity.
        content_safety: Optional. Unique in the world: it is part of the account's address.
    """

    hub: WorkspaceName | None = None
    storage_account: Annotated[str, AfterValidator(checks.named(names.STORAGE_ACCOUNT))] | None = None
    key_vault: Annotated[str, AfterValidator(checks.named(names.KEY_VAULT))] | None = None
    log_analytics: Annotated[str, AfterValidator(checks.named(names.LOG_ANALYTICS))] | None = None
    application_insights: Annotated[str, AfterValidator(checks.named(names.APPLICATION_INSIGHTS))] | None = None
    container_registry: Annotated[str, AfterValidator(checks.named(names.CONTAINER_REGISTRY))] | None = None
    virtual_network: Annotated[str, AfterValidator(checks.named(names.VIRTUAL_NETWORK))] | None = None
    identity: Annotated[str, AfterValidator(checks.named(names.USER_ASSIGNED_IDENTITY))] | None = None
    content_safety: Annotated[str, AfterValidator(checks.named(names.COGNITIVE_ACCOUNT))] | None = None


class OutboundRuleSettings(StrictModel):
    """Something outside that the managed network may reach.

    Attributes:
        type: Required. `FQDN`, `PrivateEndpoint` or `ServiceTag`.
        destination: Conditional. The host name; required for `FQDN`.
        resource_id: Conditional. The resource to reach; required for `PrivateEndpoint`.
        subresource: Conditional. Its part, such as `blob`; required for `PrivateEndpoint`.
        service_tag: Conditional. A group of Azure's addresses; required for `ServiceTag`.
        protocol: Conditional. Required for `ServiceTag`.
        ports: Conditional. `443`, `80,443`, `8080-8090` or `*`; required for `ServiceTag`.
    """

    type: Literal["FQDN", "PrivateEndpoint", "ServiceTag"] = Field(description="FQDN, PrivateEndpoint or ServiceTag")
    destination: Fqdn | None = None
    resource_id: ResourceId | None = None
    subresource: str | None = None
    service_tag: ServiceTag | None = None
    protocol: Literal["TCP", "UDP", "ICMP", "*"] | None = None
    ports: Ports | None = None

    @model_validator(mode="after")
    def _related(self) -> Self:
        first(relations.outbound_rule(self.model_dump(by_alias=True, exclude_none=True)))
        return self


class PrivateEndpointSettings(StrictModel):
    """The workspace's address in a virtual network.

    Attributes:
        subnet_id: Conditional. The subnet for it; required unless `address_space`.
        address_space: Conditional. Private addresses for a virtual network of the stack's own, /27 or larger; required
            unless `subnet_id`.
        dns_zone_ids: Optional. Private DNS zones that exist, instead of the stack's own.
    """

    subnet_id: SubnetId | None = None
    address_space: AddressSpace | None = None
    dns_zone_ids: list[DnsZoneId] = Field(default_factory=list)

    @model_validator(mode="after")
    def _related(self) -> Self:
        first(relations.private_endpoint(self.model_dump(by_alias=True, exclude_none=True)))
        return self


class NetworkSettings(StrictModel):
    """Who reaches the workspace, and what its machines reach.

    Attributes:
        public_network_access: Optional. Whether the workspace answers outside private endpoints. `Disabled` also closes
            the storage account and the key vault, but for Azure's own trusted services.
        isolation_mode: Optional. What the machines may reach: `Disabled` (no managed network), `AllowInternetOutbound`
            or `AllowOnlyApprovedOutbound`. Azure does not go back to `Disabled`.
        firewall_sku: Optional. Of the firewall that host names need; only with `AllowOnlyApprovedOutbound`.
        outbound_rules: Optional. By name; only with a managed network.
        private_endpoint: Optional.
    """

    public_network_access: Access = "Enabled"
    isolation_mode: Literal["Disabled", "AllowInternetOutbound", "AllowOnlyApprovedOutbound"] = "Disabled"
    firewall_sku: Literal["Standard", "Basic"] | None = None
    outbound_rules: dict[Annotated[str, AfterValidator(checks.named(names.OUTBOUND_RULE))], OutboundRuleSettings] = (
        Field(default_factory=dict)
    )
    private_endpoint: PrivateEndpointSettings | None = None


class EncryptionSettings(StrictModel):
    """A key of one's own for the workspace's data. Azure takes it when the workspace is created, never later.

    Attributes:
        create: Conditional. A key in the workspace's own vault, which is then protected from purging; required unless
            the other two.
        key_vault_id: Conditional. The vault of a key that exists; with `key_identifier`.
        key_identifier: Conditional. The key's version, as a URL; with `key_vault_id`.
    """

    create: bool = False
    key_vault_id: VaultId | None = None
    key_identifier: KeyIdentifier | None = None

    @model_validator(mode="after")
    def _related(self) -> Self:
        first(relations.encryption(self.model_dump(by_alias=True, exclude_none=True)))
        return self


class IdentitySettings(StrictModel):
    """As whom the workspace reaches its storage account, vault and registry.

    Attributes:
        type: Optional. `SystemAssigned` or `UserAssigned`.
        id: Optional. A user-assigned identity that exists, instead of the stack's own.
    """

    type: Literal["SystemAssigned", "UserAssigned"] = "SystemAssigned"
    id: IdentityId | None = None

    @model_validator(mode="after")
    def _related(self) -> Self:
        first(relations.identity(self.model_dump(by_alias=True, exclude_none=True)))
        return self


class AssignedUserSettings(StrictModel):
    """Whose compute instance it is.

    Attributes:
        object_id: Required. The user's object id in Entra ID.
        tenant_id: Required. The directory.
    """

    object_id: Guid = Field(description="the user's object id in Entra ID")
    tenant_id: Guid = Field(description="the id of the user's directory")


class ComputeInstanceSettings(StrictModel):
    """A development machine in the workspace.

    Attributes:
        vm_size: Required. Any size of virtual machine that Azure ML has in the region.
        idle_minutes: Optional. 15 to 4320 minutes without work before it shuts down.
        assigned_user: Optional. Whose it is; who deploys the stack when None.
        public_ip: Optional. Whether it has a public address; without one it needs a managed network.
    """

    vm_size: VirtualMachineSize = Field(description="a size of virtual machine, such as 'Standard_DS3_v2'")
    idle_minutes: IdleMinutes = 60
    assigned_user: AssignedUserSettings | None = None
    public_ip: bool = False


class WorkspaceSettings(StrictModel):
    """The Azure ML workspace of the stack.

    Attributes:
        name: Conditional. 3 to 33 letters, digits, dashes and underscores; required unless `id`.
        id: Optional. A workspace that exists, by its ARM id: endpoints are placed in it, and nothing else of it is
            read or changed. No other key goes with it.
        kind: Optional. `Project` (a hub and a project in it, what serverless endpoints ask for today), `Default` (a
            workspace of its own) or `Hub` (a hub alone: no endpoints).
        hub: Optional. A hub that exists, by its ARM id; only for a project.
        resource_group: Optional. Name of the resource group; `rg-<workspace>-<region>` when None.
        names: Optional. Names of what the workspace stands on.
        description: Optional. For people.
        friendly_name: Optional. What studio calls it.
        network: Optional.
        encryption: Optional. A key of one's own; Microsoft's when None.
        identity: Optional.
        system_datastores_auth_mode: Optional. How the workspace reads its storage account: `AccessKey`, or `Identity`,
            which turns the account's keys off.
        container_registry: Optional. Whether the workspace has one from the start.
        diagnostics: Optional. Whether logs and metrics go to the stack's Log Analytics.
        log_days: Optional. 30 to 730 days that logs are kept.
        soft_delete_days: Optional. 7 to 90 days that a deleted key vault can be brought back and keeps its name.
        purge_protection: Optional. Whether nobody can delete the vault for good before; cannot be undone.
        lock: Optional. `CanNotDelete` or `ReadOnly` on the resources that hold data.
        compute_instances: Optional. Development machines by name.
    """

    name: WorkspaceName | None = Field(default=None, description=relations.NAME)
    id: WorkspaceId | None = None
    kind: Literal["Project", "Default", "Hub"] = "Project"
    hub: HubId | None = None
    resource_group: ResourceGroupName | None = None
    names: NamesSettings = NamesSettings()
    description: str | None = None
    friendly_name: str | None = None
    network: NetworkSettings = NetworkSettings()
    encryption: EncryptionSettings | None = None
    identity: IdentitySettings = IdentitySettings()
    system_datastores_auth_mode: Literal["AccessKey", "Identity"] = "AccessKey"
    container_registry: bool = False
    diagnostics: bool = True
    log_days: LogDays = 30
    soft_delete_days: SoftDeleteDays = 7
    purge_protection: bool = False
    lock: Literal["None", "CanNotDelete", "ReadOnly"] = "None"
    compute_instances: dict[ComputeName, ComputeInstanceSettings] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _related(self) -> Self:
        first(relations.workspace(self.model_dump(by_alias=True, exclude_unset=True)))
        return self

    @property
    def existing(self) -> ArmId | None:
        """The parts of `id`; None for a workspace of the stack's own."""
        return None if self.id is None else parse_arm_id(self.id)

    @property
    def called(self) -> str:
        """The workspace's name, its own or that in `id`."""
        return self.name or (self.existing.name if self.existing else "")
