"""A Microsoft Foundry account with its deployments: models of any publisher, without VMs or a workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pulumi
from pulumi import Input, InvokeOutputOptions, Output, Resource, ResourceOptions
from pulumi_azure_native import cognitiveservices, managedidentity

from azure_llama.catalog.arm_ids import parse_arm_id
from azure_llama.catalog.kinds import FOUNDRY
from azure_llama.documents.unknown import same_subscription
from azure_llama.settings.foundry import FoundrySettings
from azure_llama.settings.wire import body
from azure_llama_components import in_place
from azure_llama_components.azure_calls import answered
from azure_llama_components.diagnostics import diagnose
from azure_llama_components.encryption import EncryptionArgs
from azure_llama_components.endpoint import EndpointComponent
from azure_llama_components.foundry_children import Children, FilterArgs, FoundryDeploymentArgs
from azure_llama_components.inputs import inputs
from azure_llama_components.network import SubnetArgs
from azure_llama_components.outputs import returned
from azure_llama_components.placement import waits_for
from azure_llama_components.private_endpoint import PrivateEndpoint, PrivateEndpointArgs
from azure_llama_components.private_zones import PrivateZones
from azure_llama_components.routes import AUTH_HEADER, foundry_base_url
from azure_llama_components.stack_group import Home

ZONES = (
    "privatelink.cognitiveservices.azure.com",
    "privatelink.openai.azure.com",
    "privatelink.services.ai.azure.com",
)
"""The private DNS zones of an account: one for each of its three host names."""
GROUP = "account"
"""The part of an account that a private endpoint leads to: all of it."""
FIXED = in_place.Fixed(
    what="Foundry account",
    properties={"name": in_place.at("properties", "customSubDomainName"), "kind": in_place.at("kind")},
    why="an account keeps its address",
    recipe="Add an account with another name, move its callers, then remove this one.",
)


@dataclass(frozen=True, kw_only=True)
class FoundryNetworkArgs:
    """Who reaches an account.

    Attributes:
        public_network_access: Optional. `Disabled`: it answers only through private endpoints.
        ip_ranges: Optional. IPv4 addresses and ranges that reach it over the public network; all do when empty.
        private_endpoint: Optional. An address of the account in a virtual network.
    """

    public_network_access: Literal["Enabled", "Disabled"] = "Enabled"
    ip_ranges: tuple[str, ...] = ()
    private_endpoint: SubnetArgs | None = None


@dataclass(frozen=True, kw_only=True)
class FoundryAccountArgs:
    """Arguments of a Foundry account.

    Attributes:
        name: Required. Its name and its sub-domain: 2-63 lower-case letters, digits and dashes; unique in the world,
            and taken for 48 hours after its deletion.
        home: Required. Where it is: a workspace, for its resource group, or the resource group of the stack.
        deployments: Required. By name.
        id: Optional. ARM id of an account that exists: then only `deployments` and `filters` are made.
        sub_domain: Optional. Of an account that exists; its name when None.
        auth: Optional. What callers send. With `AADToken` it has no keys.
        project: Optional. Name of a project in it.
        network: Optional. Who reaches it.
        encryption: Optional. A key that exists, which takes a user-assigned identity; Microsoft's when None.
        identity_id: Optional. ARM id of a user-assigned identity; a system-assigned one when None.
        filters: Optional. Content filters of its own, by name.
        log_analytics_id: Optional. Where its logs and metrics go; nowhere when None.
        zones: Conditional. The stack's DNS zones of accounts; required for a private endpoint without existing zones.
        tags: Optional. On the account, its project, its deployments and its private endpoint.
    """

    name: str
    home: Home
    deployments: Mapping[str, FoundryDeploymentArgs]
    id: str | None = None
    sub_domain: str | None = None
    auth: Literal["AADToken", "Key"] = "AADToken"
    project: str | None = None
    network: FoundryNetworkArgs = field(default_factory=FoundryNetworkArgs)
    encryption: EncryptionArgs | None = None
    identity_id: str | None = None
    filters: Mapping[str, FilterArgs] = field(default_factory=dict)
    log_analytics_id: Input[str] | None = None
    zones: PrivateZones | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


class FoundryAccount(EndpointComponent):
    """A Foundry account, what is in it, and its keys.

    Azure takes one write at a time for an account: everything in it is created, and deleted, one after the other; the
    private endpoint is created last, since the account takes no child while it is connected.

    Attributes:
        arm_id: ARM id of the account, as a plain value.
        resource: The account itself; None when it existed already.
        deployments: The deployments, by name.
        keys: primary and secondary, as one secret; None where `auth` is `AADToken`, and of an account that existed.
        outputs: Of each deployment, by its name: an entry of the stack's output `endpoints`.

    Raises:
        pulumi.RunError: an account that exists is not in the stack's subscription.
    """

    caller_role = FOUNDRY.caller_role

    def __init__(self, name: str, args: FoundryAccountArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("azure-llama:index:FoundryAccount", name, {}, opts)
        home = args.home
        self._name, self._group = _placed(args)
        group = f"/subscriptions/{home.subscription_id}/resourceGroups/{self._group}"
        self.arm_id = FOUNDRY.arm_id(group, "", self._name)
        self.resource = None if args.id else self._account(name, args, [*home.depends_on, *waits_for(opts)])
        own = [self.resource] if self.resource else []
        children = Children(name, self._name, self._group, parent=self, after=own)
        filters = {key: children.filter(key, each) for key, each in args.filters.items()}
        self.deployments = {key: children.deployment(key, each, args.tags) for key, each in args.deployments.items()}
        if args.project:
            children.project(args.project, home.location, args.tags)
        self._connect(name, args, [*own, *children.made])
        if self.resource and args.log_analytics_id is not None:
            diagnose(
                f"{name}-diagnostics",
                target=self.arm_id,
                log_analytics=args.log_analytics_id,
                opts=ResourceOptions(parent=self, depends_on=own, delete_before_replace=False),
            )
        self.keys = self._keys(args, self.resource) if self.resource and args.auth == "Key" else None
        self.outputs = {key: self._entry(key, each, args) for key, each in args.deployments.items()}
        self.register_outputs(
            {"endpoints": self.outputs, "filters": list(filters), **({"keys": self.keys} if self.keys else {})}
        )

    def entries(self, name: str) -> dict[str, dict[str, Any]]:
        """One for each deployment: `ACCOUNT/DEPLOYMENT`."""
        return {f"{name}/{deployment}": entry for deployment, entry in self.outputs.items()}

    def _account(self, name: str, args: FoundryAccountArgs, after: list[Any]) -> cognitiveservices.Account:
        stated = body(FoundrySettings, args)["properties"]
        identity = cognitiveservices.ResourceIdentityType
        return cognitiveservices.Account(
            name,
            account_name=args.name,
            resource_group_name=self._group,
            location=args.home.location,
            tags=dict(args.tags),
            kind="AIServices",
            sku=cognitiveservices.SkuArgs(name="S0"),
            identity=cognitiveservices.IdentityArgs(
                type=identity.USER_ASSIGNED if args.identity_id else identity.SYSTEM_ASSIGNED,
                user_assigned_identities=[args.identity_id] if args.identity_id else None,
            ),
            properties=inputs(
                cognitiveservices.AccountPropertiesArgs,
                {
                    **stated,
                    # Entra tokens, private endpoints and the addresses of clients all take a sub-domain.
                    "customSubDomainName": args.name,
                    "allowProjectManagement": True,
                    **_network_rules(args.network),
                    **_encryption(args, self),
                },
            ),
            opts=ResourceOptions(
                parent=self,
                depends_on=after,
                delete_before_replace=False,
                hooks=FIXED.hook(f"{name}-keeps-its-name"),
            ),
        )

    def _connect(self, name: str, args: FoundryAccountArgs, after: list[Resource]) -> None:
        """The private endpoint, after everything else in the account."""
        subnet = args.network.private_endpoint
        if subnet is None or self.resource is None:
            return
        PrivateEndpoint(
            f"{name}-endpoint",
            PrivateEndpointArgs(
                name=f"pe-{args.name}",
                resource_group_name=self._group,
                location=args.home.location,
                target_id=self.resource.id,
                subnet=subnet,
                virtual_network_name=f"vnet-{args.name}",
                tags=args.tags,
                group=GROUP,
                zones=args.zones,
            ),
            ResourceOptions(parent=self, depends_on=[*args.home.depends_on, *after]),
        )

    def _keys(self, args: FoundryAccountArgs, account: cognitiveservices.Account) -> Output[dict[str, str | None]]:
        # In the preview of a change of the account its state is unknown: it may not have keys before the change.
        settled = account.properties.apply(lambda known: returned(known.provisioning_state))
        # Secret before anything is read of it: azure-native marks nothing of a `list*` result.
        listed: Output[cognitiveservices.ListAccountKeysResult] = Output.secret(
            answered(
                f"Foundry account {args.name!r}: list its keys",
                cognitiveservices.list_account_keys_output(
                    account_name=settled.apply(lambda _: args.name),
                    resource_group_name=self._group,
                    opts=InvokeOutputOptions(parent=self, depends_on=[account]),
                ),
                after=account,
            )
        )
        return listed.apply(lambda keys: {"primary": keys.key1, "secondary": keys.key2})

    def _entry(self, name: str, deployment: FoundryDeploymentArgs, args: FoundryAccountArgs) -> dict[str, Any]:
        base = foundry_base_url(args.sub_domain or self._name)
        return {
            "kind": FOUNDRY.name,
            # Of the deployment, so that it is there only once the deployment is.
            "uri": self.deployments[name].id.apply(lambda _: base),
            "chatUrl": f"{base}/chat/completions",
            "completionsUrl": None,
            "openaiBaseUrl": f"{base}/",
            "publisher": deployment.format,
            "model": deployment.model,
            "modelVersion": deployment.model_version,
            "sku": deployment.sku,
            "capacity": deployment.capacity,
            "auth": None if args.id else args.auth,
            "modelName": name,
            "authHeader": AUTH_HEADER,
            "deploymentHeader": None,
            "contentSafety": True,
            "scope": FOUNDRY.scope,
        }


def _placed(args: FoundryAccountArgs) -> tuple[str, str]:
    """Name and resource group of the account.

    Raises:
        pulumi.RunError: one that exists is in another subscription, where no child of it could be made.
    """
    if args.id is None:
        return args.name, args.home.resource_group_name
    known = parse_arm_id(args.id)
    if known is None or not same_subscription(known.subscription, args.home.subscription_id):
        raise pulumi.RunError(
            f"The Foundry account {args.id} is not in the stack's subscription, {args.home.subscription_id}: name an"
            " account of it, or set azure-native:subscriptionId."
        )
    return known.name, known.resource_group


def _network_rules(network: FoundryNetworkArgs) -> dict[str, Any]:
    if not network.ip_ranges:
        return {}
    rules = [cognitiveservices.IpRuleArgs(value=each) for each in network.ip_ranges]
    return {"networkAcls": cognitiveservices.NetworkRuleSetArgs(default_action="Deny", ip_rules=rules)}


def _encryption(args: FoundryAccountArgs, parent: Resource) -> dict[str, Any]:
    if args.encryption is None:
        return {}
    assert args.encryption.key_identifier, "the settings let through a key that does not exist"
    assert args.identity_id, "the settings let through a key without an identity"
    vault, _, name, version = args.encryption.key_identifier.removeprefix("https://").split("/")
    identity = parse_arm_id(args.identity_id)
    assert identity is not None
    client = answered(
        f"Foundry account {args.name!r}: read its identity {identity.name}",
        managedidentity.get_user_assigned_identity_output(
            resource_name=identity.name,
            resource_group_name=identity.resource_group,
            opts=InvokeOutputOptions(parent=parent),
        ),
    )
    return {
        "encryption": cognitiveservices.EncryptionArgs(
            key_source="Microsoft.KeyVault",
            key_vault_properties=cognitiveservices.KeyVaultPropertiesArgs(
                key_vault_uri=f"https://{vault}/",
                key_name=name,
                key_version=version,
                identity_client_id=client.apply(lambda known: known.client_id),
            ),
        )
    }
