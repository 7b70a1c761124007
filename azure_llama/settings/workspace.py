"""The workspace, and the resources that it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from azure_llama.catalog import names
from azure_llama.catalog.arm_ids import ArmId, parse_arm_id
from azure_llama.settings import checks, ids
from azure_llama.settings.base import InvalidValueError, StrictModel, in_each, relation
from azure_llama.settings.compute import COMPUTE, ComputeInstanceSettings, ComputeName
from azure_llama.settings.network import NetworkSettings
from azure_llama.settings.problems import Violation, below, show
from azure_llama.settings.values import OwnIdentityId, OwnWorkspaceId, VaultId
from azure_llama.settings.wire import KEY_VAULT, STORAGE_ACCOUNT, decides

WorkspaceName = Annotated[str, AfterValidator(checks.named(names.WORKSPACE))]
ResourceGroupName = Annotated[str, AfterValidator(checks.named(names.RESOURCE_GROUP))]
HubId = Annotated[
    str, AfterValidator(ids.arm_id("Microsoft.MachineLearningServices/workspaces", "a hub", in_region=True))
]
LogDays = Annotated[int, AfterValidator(checks.between(30, 730, "the days that Log Analytics keeps logs"))]
SoftDeleteDays = Annotated[int, AfterValidator(checks.between(7, 90, "the days that Azure keeps a deleted vault"))]

_key = checks.matching(
    r"https://[a-zA-Z0-9-]+\.[a-z0-9.-]+/keys/[A-Za-z0-9-]{1,127}/[0-9a-f]{32}",
    "is not the identifier of a key's version",
    "write it as https://<vault>.vault.azure.net/keys/<name>/<version>",
)
_LOGS = "operationalinsights:Workspace"
_REGISTRY = "containerregistry:Registry"
WORKSPACE_NAME = "the workspace's name, such as 'llama-dev'"
_OF_THE_HUB = frozenset(
    {
        *("network", "encryption", "identity", "systemDatastoresAuthMode", "containerRegistry", "softDeleteDays"),
        *("imageBuildCompute", "purgeProtection", "computeInstances"),
    }
)
"""What a project takes from its hub."""


class NamesSettings(StrictModel):
    """Names to use instead of those that are derived from the workspace's.

    Attributes:
        hub: Optional. The hub of a project; `<workspace>-hub` when not set.
        storage_account: Optional. Globally unique; `st<workspace><digits>` when not set.
        key_vault: Optional. Globally unique, for days after its deletion too; `kv-<workspace>-<digits>` when not set.
        log_analytics: Optional. `log-<workspace>` when not set.
        application_insights: Optional. `appi-<workspace>` when not set.
        container_registry: Optional. Globally unique; `cr<workspace><digits>` when not set.
        virtual_network: Optional. `vnet-<workspace>` when not set.
        identity: Optional. The user-assigned identity; `id-<workspace>` when not set.
        content_safety: Optional. Globally unique, since it is part of the account's address;
            `cs-<workspace>-<digits>` when not set.
    """

    hub: WorkspaceName | None = None
    storage_account: Annotated[
        Annotated[str, AfterValidator(checks.named(names.STORAGE_ACCOUNT))] | None,
        decides("accountName", STORAGE_ACCOUNT),
    ] = None
    key_vault: Annotated[
        Annotated[str, AfterValidator(checks.named(names.KEY_VAULT))] | None, decides("vaultName", KEY_VAULT)
    ] = None
    log_analytics: Annotated[
        Annotated[str, AfterValidator(checks.named(names.LOG_ANALYTICS))] | None, decides("workspaceName", _LOGS)
    ] = None
    application_insights: Annotated[str, AfterValidator(checks.named(names.APPLICATION_INSIGHTS))] | None = None
    container_registry: Annotated[
        Annotated[str, AfterValidator(checks.named(names.CONTAINER_REGISTRY))] | None,
        decides("registryName", _REGISTRY),
    ] = None
    virtual_network: Annotated[str, AfterValidator(checks.named(names.VIRTUAL_NETWORK))] | None = None
    identity: Annotated[str, AfterValidator(checks.named(names.USER_ASSIGNED_IDENTITY))] | None = None
    content_safety: Annotated[str, AfterValidator(checks.named(names.COGNITIVE_ACCOUNT))] | None = None


class EncryptionSettings(StrictModel):
    """A customer-managed key for the workspace's data. Azure takes it when the workspace is created, never later.

    Attributes:
        create: Conditional. Creates a key in the workspace's own vault, which is then protected from purging. Requires
            a user-assigned identity. Required unless the other two are set.
        key_vault_id: Conditional. ARM id of the vault of a key that exists; with `key_identifier`.
        key_identifier: Conditional. `https://<vault>.vault.azure.net/keys/<name>/<version>`; with `key_vault_id`.
    """

    create: bool = False
    key_vault_id: VaultId | None = None
    key_identifier: Annotated[str, AfterValidator(_key), ids.Refers("a key", "key")] | None = None

    @relation
    def _is_one_key(self) -> Iterator[Violation]:
        pair = ("keyVaultId", "keyIdentifier")
        keys = [key for key in pair if key in self.set_keys()]
        if self.create:
            for key in keys:
                rule = "cannot be combined with create: true, and names a key that exists"
                yield Violation(rule, "remove one of them", at=(key,), shown="")
        elif not keys:
            yield Violation("names no key", "set create: true, or keyVaultId and keyIdentifier", shown="")
        elif len(keys) == 1:
            other = next(key for key in pair if key not in keys)
            yield Violation("is missing", f"set it: {keys[0]} requires it", at=(other,), shown="")


class IdentitySettings(StrictModel):
    """The identity with which the workspace reaches its storage account, vault and registry.

    Attributes:
        type: Optional. `UserAssigned` gets the roles that Microsoft lists for a workspace's identity.
        id: Optional. ARM id of a user-assigned identity that exists, in the stack's subscription; otherwise the stack
            creates one.
    """

    type: Literal["SystemAssigned", "UserAssigned"] = "SystemAssigned"
    id: OwnIdentityId | None = None

    @relation
    def _id_is_of_a_user_assigned_identity(self) -> Iterator[Violation]:
        if "id" in self.set_keys() and self.type == "SystemAssigned":
            yield Violation("requires type: UserAssigned", "set type: UserAssigned", at=("id",), shown="")


class WorkspaceSettings(StrictModel):
    """The Azure ML workspace of the stack.

    Attributes:
        name: Conditional. 3 to 33 letters, digits, dashes and underscores. A deleted workspace keeps its name for 14
            days. Required unless `id` is set.
        id: Optional. ARM id of a workspace that exists, in the stack's subscription: endpoints are placed in it, and
            nothing else of it is read or changed. It cannot be combined with another key.
        kind: Optional. `Project` (a hub and a project in it, which serverless endpoints require today), `Default` (a
            workspace without a hub) or `Hub` (a hub alone: no endpoints).
        hub: Optional. For a project: ARM id of a hub that exists. It has storage account, vault, network, key, identity
            and registry, so their keys cannot be set.
        resource_group: Optional. Name of the resource group; `rg-<workspace>-<region>` when not set.
        names: Optional. Names of the other resources.
        description: Optional. A description for people.
        friendly_name: Optional. The name that studio shows.
        network: Optional. Who reaches the workspace, and what its machines reach.
        encryption: Optional. A key of your own; Microsoft's when not set. Azure takes it when the workspace is created,
            never later.
        identity: Optional. The identity with which the workspace reaches storage account, vault and registry.
        system_datastores_auth_mode: Optional. `AccessKey`, or `Identity`: the storage account's keys are then off, and
            the workspace's identity has the roles for its data.
        container_registry: Optional. Whether the workspace has a registry from the start. Azure creates one when the
            first image is built. It accepts no password.
        image_build_compute: Optional. Name of a compute cluster of the hub or Default workspace that builds images.
            Azure needs one where the registry is private. The cluster need not exist yet.
        diagnostics: Optional. Whether logs and metrics of workspace, vault, storage account, blob service, registry and
            managed endpoints go to the stack's Log Analytics.
        log_days: Optional. Days that logs are kept.
        soft_delete_days: Optional. Days that a deleted key vault can be restored, and keeps its name.
        purge_protection: Optional. Whether nobody can delete the vault permanently before those days have passed. Azure
            does not take it back.
        lock: Optional. A lock on the resources that hold data: storage account, vault, Log Analytics, registry.
        compute_instances: Optional. Development machines by name: 3 to 24 letters, digits and dashes, beginning with a
            letter, not ending with a dash and digits.
    """

    wire_resource: ClassVar[str] = "machinelearningservices:Workspace"

    name: Annotated[WorkspaceName | None, decides("workspaceName")] = Field(default=None, description=WORKSPACE_NAME)
    id: OwnWorkspaceId | None = None
    kind: Annotated[Literal["Project", "Default", "Hub"], decides("kind")] = "Project"
    hub: Annotated[HubId | None, decides("hubResourceId")] = None
    resource_group: Annotated[
        ResourceGroupName | None, decides("resourceGroupName"), decides("resourceGroupName", "resources:ResourceGroup")
    ] = None
    names: NamesSettings = NamesSettings()
    description: Annotated[str | None, decides("description")] = None
    friendly_name: Annotated[str | None, decides("friendlyName")] = None
    network: NetworkSettings = NetworkSettings()
    encryption: Annotated[EncryptionSettings | None, decides("encryption")] = None
    identity: Annotated[IdentitySettings, decides("identity")] = IdentitySettings()
    system_datastores_auth_mode: Annotated[
        Literal["AccessKey", "Identity"],
        decides("systemDatastoresAuthMode"),
        decides("allowSharedKeyAccess", STORAGE_ACCOUNT),
    ] = "AccessKey"
    container_registry: Annotated[bool, decides("", _REGISTRY)] = False
    image_build_compute: Annotated[ComputeName | None, decides("imageBuildCompute")] = None
    diagnostics: Annotated[bool, decides("", "monitor:DiagnosticSetting")] = True
    log_days: Annotated[LogDays, decides("retentionInDays", _LOGS)] = 30
    soft_delete_days: Annotated[
        SoftDeleteDays,
        decides("properties.softDeleteRetentionInDays", KEY_VAULT),
        decides("properties.enableSoftDelete", KEY_VAULT),
    ] = 7
    purge_protection: Annotated[bool, decides("properties.enablePurgeProtection", KEY_VAULT)] = False
    lock: Annotated[Literal["None", "CanNotDelete", "ReadOnly"], decides("", "authorization:ManagementLockByScope")] = (
        "None"
    )
    compute_instances: Annotated[
        dict[ComputeName, ComputeInstanceSettings], decides("computeName", COMPUTE), decides("properties", COMPUTE)
    ] = Field(default_factory=dict)

    @relation
    def _id_goes_alone(self) -> Iterator[Violation]:
        keys = self.set_keys()
        if "id" in keys:
            for key in sorted(keys - {"id"}):
                rule = "cannot be combined with id: the stack does not change a workspace that exists"
                yield Violation(rule, "remove it, or remove id", at=(key,), shown="")
        elif "name" not in keys:
            remedy = f"set {WORKSPACE_NAME}, or id: the ARM id of one that exists"
            yield Violation("is missing", remedy, at=("name",), shown="")

    @relation
    def _hub_is_of_a_project(self) -> Iterator[Violation]:
        keys = self.set_keys()
        if "hub" not in keys or "id" in keys:
            return
        for key in sorted(keys & _OF_THE_HUB):
            rule = "cannot be combined with hub: the stack does not change a hub that exists"
            yield Violation(rule, "remove it, or remove hub", at=(key,), shown="")
        if self.kind != "Project":
            rule = f"requires kind: Project, and kind is {show(self.kind)}"
            yield Violation(rule, "remove one of them", at=("hub",), shown="")

    @relation
    def _names_are_of_created_resources(self) -> Iterator[Violation]:
        for key in sorted(self.names.set_keys() & _CREATES.keys()):
            with suppress(InvalidValueError):
                if not _CREATES[key](self):
                    rule = "is the name of a resource that this stack does not create"
                    yield Violation(rule, "remove it", at=("names", key))

    @relation
    def _hub_has_another_name(self) -> Iterator[Violation]:
        hub, own = self.names.hub, self.name
        if hub is not None and own is not None and hub.casefold() == own.casefold():
            rule = "is also the name of the project, and both are workspaces of one resource group"
            yield Violation(rule, f"rename it, for example to {f'{own}-hub'!r}", at=("names", "hub"))

    @relation
    def _new_key_needs_a_user_assigned_identity(self) -> Iterator[Violation]:
        if self.encryption is not None and self.encryption.create and self.identity.type != "UserAssigned":
            rule = "requires a user-assigned identity, which can get access to the key before the workspace exists"
            yield Violation(rule, "set identity: {type: UserAssigned} beside encryption", at=("encryption", "create"))

    @relation
    def _private_instances_need_a_managed_network(self) -> Iterator[Violation]:
        def check(instance: ComputeInstanceSettings) -> Iterator[Violation]:
            if not instance.public_ip:
                rule = "is false, and an instance without a public address requires a managed network"
                remedy = "set network: {isolationMode: AllowInternetOutbound} for the workspace, or publicIp: true here"
                yield Violation(rule, remedy, at=("publicIp",), shown="")

        if self.network.isolation_mode == "Disabled":
            yield from in_each("computeInstances", self.compute_instances, check)

    @relation
    def _names_of_instances(self) -> Iterator[Violation]:
        yield from below(("computeInstances",), checks.same_but_for_case(self.compute_instances, "compute"))

    @property
    def existing(self) -> ArmId | None:
        """The parts of `id`; None for a workspace of the stack's own."""
        return None if self.id is None else parse_arm_id(self.id)

    @property
    def called(self) -> str:
        """The workspace's name, its own or that in `id`."""
        return self.name or (self.existing.name if self.existing else "")


def _creates_network(workspace: WorkspaceSettings) -> bool:
    endpoint = workspace.network.private_endpoint
    return endpoint is not None and "addressSpace" in endpoint.set_keys()


def _creates_hub_resources(workspace: WorkspaceSettings) -> bool:
    return workspace.hub is None


_CREATES: dict[str, Callable[[WorkspaceSettings], bool]] = {
    "hub": lambda workspace: workspace.kind == "Project" and workspace.hub is None,
    "storageAccount": _creates_hub_resources,
    "keyVault": _creates_hub_resources,
    "applicationInsights": _creates_hub_resources,
    "containerRegistry": lambda workspace: workspace.container_registry,
    "virtualNetwork": _creates_network,
    "identity": lambda workspace: workspace.identity.type == "UserAssigned" and workspace.identity.id is None,
}
"""Whether a workspace has a resource that the stack creates, by its key in `names`; the others are always created."""
