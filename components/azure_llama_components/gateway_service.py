"""The API Management service of a gateway: created by the stack, or existing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypedDict

import pulumi
from pulumi import CustomTimeouts, InvokeOutputOptions, Output, Resource, ResourceOptions
from pulumi_azure_native import apimanagement

from azure_llama.catalog.arm_ids import parse_arm_id
from azure_llama.catalog.gateways import DOMAIN
from azure_llama.documents.unknown import same_subscription
from azure_llama.settings.gateway import GatewaySettings
from azure_llama.settings.wire import body
from azure_llama_components import in_place
from azure_llama_components.azure_calls import answered
from azure_llama_components.inputs import inputs
from azure_llama_components.outputs import returned
from azure_llama_components.stack_group import Home

FIXED = in_place.Fixed(
    what="API Management service",
    properties={"name": in_place.at("serviceName"), "location": in_place.at("location")},
    why="a service keeps its address and its region",
    recipe="Add a gateway with another name in a stack of its own, move its callers, then remove this one.",
)
"""What is not changed in place."""


@dataclass(frozen=True, kw_only=True)
class ServiceArgs:
    """Arguments of the service of a gateway.

    Attributes:
        name: Required. Its name: 1-50 letters, digits and dashes; part of its address, and taken for 48 hours after
            its deletion.
        publisher_name: Required. Your organization.
        publisher_email: Required. Where Azure sends notifications.
        sku: Optional. Its SKU.
        capacity: Optional. Units of the SKU.
        tags: Optional. On the service.
    """

    name: str
    publisher_name: str
    publisher_email: str
    sku: str = "StandardV2"
    capacity: int = 1
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ExistingServiceArgs:
    """A service that exists already, in the stack's subscription, with a system-assigned identity.

    Attributes:
        id: Required. Its ARM id.
    """

    id: str


class InService(TypedDict):
    """The common arguments of all resources in a service."""

    resource_group_name: str
    service_name: str


@dataclass(frozen=True, kw_only=True)
class Service:
    """The service, for its child resources.

    Attributes:
        arm_id: Its ARM id, as a plain value.
        name, resource_group_name, subscription_id: Plain values.
        principal_id: Object id of its identity.
        url: Its address.
        parent: The component of the gateway.
        resource: The service itself; None when it existed already.
        after: What has to exist before what is in it.
    """

    arm_id: str
    name: str
    resource_group_name: str
    subscription_id: str
    principal_id: Output[str]
    url: Output[str]
    parent: Resource
    resource: apimanagement.ApiManagementService | None
    after: Sequence[Resource] = ()

    @property
    def place(self) -> InService:
        """Group and service, as arguments of its child resources."""
        return {"resource_group_name": self.resource_group_name, "service_name": self.name}

    def options(self, *depends_on: Resource) -> ResourceOptions:
        """The options of the service's child resources, which are deleted with it."""
        return ResourceOptions(
            parent=self.parent,
            depends_on=[*self.after, *depends_on],
            deleted_with=self.resource,
            delete_before_replace=True,
        )

    def role_options(self, *depends_on: Resource) -> ResourceOptions:
        """The options of the roles of its identity."""
        return ResourceOptions(parent=self.parent, depends_on=[*self.after, *depends_on], delete_before_replace=False)


def create_service(logical: str, args: ServiceArgs, home: Home, parent: Resource) -> Service:
    """Create a service with a system-assigned identity."""
    stated = body(GatewaySettings, args)
    made = apimanagement.ApiManagementService(
        logical,
        service_name=args.name,
        resource_group_name=home.resource_group_name,
        location=home.location,
        tags=dict(args.tags),
        identity=apimanagement.ApiManagementServiceIdentityArgs(type="SystemAssigned"),
        sku=inputs(apimanagement.ApiManagementServiceSkuPropertiesArgs, stated["sku"]),
        publisher_name=stated["publisherName"],
        publisher_email=stated["publisherEmail"],
        opts=ResourceOptions(
            parent=parent,
            depends_on=list(home.depends_on),
            delete_before_replace=False,
            # The classic SKUs take most of an hour.
            custom_timeouts=CustomTimeouts(create="3h", update="3h", delete="3h"),
            hooks=FIXED.hook(f"{logical}-keeps-its-name"),
        ),
    )
    group = f"/subscriptions/{home.subscription_id}/resourceGroups/{home.resource_group_name}"
    return Service(
        arm_id=f"{group}/providers/Microsoft.ApiManagement/service/{args.name}",
        name=args.name,
        resource_group_name=home.resource_group_name,
        subscription_id=home.subscription_id,
        principal_id=made.identity.apply(lambda known: returned(known.principal_id if known else None) or ""),
        # Of the service, so that it is there only once the service is.
        url=made.id.apply(lambda _: f"https://{args.name.lower()}.{DOMAIN}"),
        parent=parent,
        resource=made,
        after=[made],
    )


def existing_service(args: ExistingServiceArgs, home: Home, parent: Resource) -> Service:
    """Read a service that exists.

    Raises:
        pulumi.RunError: it is in another subscription, or it has no system-assigned identity.
    """
    known = parse_arm_id(args.id)
    if known is None or not same_subscription(known.subscription, home.subscription_id):
        raise pulumi.RunError(
            f"The API Management service {args.id} is not in the stack's subscription, {home.subscription_id}: name a"
            " service of it, or set azure-native:subscriptionId."
        )
    read = answered(
        f"gateway: read the API Management service {known.name}",
        apimanagement.get_api_management_service_output(
            service_name=known.name,
            resource_group_name=known.resource_group,
            opts=InvokeOutputOptions(parent=parent),
        ),
    )

    def principal(service: apimanagement.GetApiManagementServiceResult) -> str:
        id_: str | None = service.identity.principal_id if service.identity else None
        if not id_:
            raise pulumi.RunError(
                f"The API Management service {known.name} has no system-assigned identity, which a gateway calls its"
                " members with: enable it."
            )
        return id_

    return Service(
        arm_id=str(known),
        name=known.name,
        resource_group_name=known.resource_group,
        subscription_id=home.subscription_id,
        principal_id=read.apply(principal),
        url=read.apply(lambda service: service.gateway_url),
        parent=parent,
        resource=None,
    )
