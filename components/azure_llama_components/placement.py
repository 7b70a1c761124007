"""The placement of a workspace's resource: group, location and tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict, cast

from pulumi import Input, Resource, ResourceHookBinding, ResourceOptions


class Tracked(TypedDict):
    """The common arguments of all tracked resources of a group."""

    resource_group_name: str
    location: str
    tags: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Subscription, resource group and region of a workspace, and what all resources in it have in common.

    Attributes:
        subscription_id: The Azure subscription.
        resource_group_name: A plain value, so that policies can read it in a preview.
        location: ARM name of the region.
        tags: On every resource that takes some.
        parent: The component that they belong to.
        group: The resource group, which they have to wait for: its name does not say so.
    """

    subscription_id: str
    resource_group_name: str
    location: str
    tags: Mapping[str, str]
    parent: Resource
    group: Resource

    @property
    def group_id(self) -> str:
        """ARM id of the resource group."""
        return f"/subscriptions/{self.subscription_id}/resourceGroups/{self.resource_group_name}"

    @property
    def tracked(self) -> Tracked:
        """Group, region and tags, as arguments of a tracked resource."""
        return {
            "resource_group_name": self.resource_group_name,
            "location": self.location,
            "tags": dict(self.tags),
        }

    def id(self, type_: str, *names: str) -> str:
        """ARM id of a resource in the group, as a plain value.

        Args:
            type_: Required. `Microsoft.Network/virtualNetworks/subnets`.
            names: Required. The name of each type, outermost first.
        """
        space, *kinds = type_.split("/")
        steps = "/".join(f"{kind}/{name}" for kind, name in zip(kinds, names, strict=True))
        return f"{self.group_id}/providers/{space}/{steps}"

    def options(
        self,
        *depends_on: Resource,
        ignore_changes: Sequence[str] = (),
        hooks: ResourceHookBinding | None = None,
        deleted_with: Resource | None = None,
    ) -> ResourceOptions:
        """The options of a resource: it is never deleted to make room for its successor."""
        return ResourceOptions(
            parent=self.parent,
            depends_on=[self.group, *depends_on],
            delete_before_replace=False,
            ignore_changes=list(ignore_changes) or None,
            hooks=hooks,
            deleted_with=deleted_with,
        )


def waits_for(opts: ResourceOptions | None) -> list[Input[Resource]]:
    """The `depends_on` of a component, which Pulumi does not pass to the component's children."""
    after = opts.depends_on if opts else None
    if after is None:
        return []
    return list(after) if isinstance(after, Sequence) else [cast(Input[Resource], after)]
