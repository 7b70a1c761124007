"""Azure AI Content Safety, for callers of managed endpoints, which have no content filter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pulumi import ComponentResource, Output, Resource, ResourceOptions
from pulumi_azure_native import cognitiveservices

from azure_llama.catalog import roles
from azure_llama_components import in_place
from azure_llama_components.outputs import returned

CALLERS_ROLE = "Cognitive Services User"
"""The built-in role that lets somebody call the account with an Entra token."""

FIXED = in_place.Fixed(
    what="Content Safety account",
    properties={"name": in_place.at("properties", "customSubDomainName"), "kind": in_place.at("kind")},
    why="an account keeps its address",
    recipe="Give the account another name (workspace.names.contentSafety): it is then made before the old one goes.",
)
"""What is not changed in place."""


@dataclass(frozen=True, kw_only=True)
class ContentSafetyArgs:
    """Arguments of a Content Safety account.

    Attributes:
        name: Required. 2-64 letters, digits and dashes; part of its URL, unique in the world, and taken for 48 hours
            after its deletion.
        subscription_id: Required. Where it is.
        resource_group_name: Required. Where it is.
        location: Required. ARM name of the region.
        entra: Optional. Whether callers need an Entra token; with False the account has keys, too.
        public_network_access: Optional. `Enabled` or `Disabled`.
        depends_on: Optional. What has to be there first, such as the resource group.
        tags: Optional. On the account.
    """

    name: str
    subscription_id: str
    resource_group_name: str
    location: str
    entra: bool = True
    public_network_access: str = "Enabled"
    depends_on: Sequence[Resource] = ()
    tags: Mapping[str, str] = field(default_factory=dict)


class ContentSafety(ComponentResource):
    """An Azure AI Content Safety account.

    Attributes:
        arm_id: ARM id of the account, as a plain value.
        resource: The account itself.
        outputs: id, name, endpoint (URL), role and roleId (what callers need, as the built-in role's name and GUID).
    """

    def __init__(self, name: str, args: ContentSafetyArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("azure-llama:index:ContentSafety", name, {}, opts)
        group = f"/subscriptions/{args.subscription_id}/resourceGroups/{args.resource_group_name}"
        self.arm_id = f"{group}/providers/Microsoft.CognitiveServices/accounts/{args.name}"
        self.resource = cognitiveservices.Account(
            name,
            account_name=args.name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            tags=dict(args.tags),
            kind="ContentSafety",
            sku=cognitiveservices.SkuArgs(name="S0"),
            identity=cognitiveservices.IdentityArgs(type=cognitiveservices.ResourceIdentityType.SYSTEM_ASSIGNED),
            properties=cognitiveservices.AccountPropertiesArgs(
                # Entra tokens are taken at a name of the account's own only.
                custom_sub_domain_name=args.name,
                disable_local_auth=args.entra,
                public_network_access=args.public_network_access,
            ),
            opts=ResourceOptions(
                parent=self,
                depends_on=list(args.depends_on),
                delete_before_replace=False,
                hooks=FIXED.hook(f"{name}-keeps-its-name"),
            ),
        )
        endpoint: Output[str | None] = self.resource.properties.apply(lambda known: returned(known.endpoint))
        role = roles.find_role(CALLERS_ROLE)
        assert role is not None  # a test looks it up
        self.outputs: dict[str, Any] = {
            "id": self.resource.id,
            "name": args.name,
            "endpoint": endpoint,
            "role": role.name,
            "roleId": role.id,
        }
        self.register_outputs(self.outputs)
