"""Reading serverless endpoints, for the rules about them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from azure_llama_policies import resource_types as types
from azure_llama_policies.rule import NotSeenError, Resource, Stack

MODEL_ID = "properties.modelSettings.modelId"
"""The model of a serverless endpoint."""

SUBSCRIBED_MODEL_ID = "properties.modelId"
"""The model of a marketplace subscription."""

_WORKSPACE_ID = re.compile(
    r"/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/[^/]+/workspaces/([^/]+)/", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Workspace:
    """The workspace of an endpoint.

    Attributes:
        group: The resource group.
        name: The workspace.
        subscription: The subscription; None when nothing names it.
    """

    group: str
    name: str
    subscription: str | None

    @property
    def key(self) -> tuple[str, str]:
        """Equal for one workspace within a subscription: ARM does not mind letter case."""
        return self.group.casefold(), self.name.casefold()

    def shares_subscription(self, other: Workspace) -> bool:
        """Whether both may be in one subscription: one that nothing names may be any."""
        return None in (self.subscription, other.subscription) or self.subscription == other.subscription


def workspace_of(endpoint: Resource, stack: Stack) -> Workspace:
    """The workspace of an endpoint.

    A name that comes from the workspace's or resource group's own output is unknown in a first preview; it is then
    read from the resource that it comes from, which knows the name it asked for.

    Raises:
        NotSeenError: neither its values, nor what they come from, nor its ARM id tell.
    """
    try:
        group = _name(endpoint, "resourceGroupName", types.RESOURCE_GROUP, stack)
        name = _name(endpoint, "workspaceName", types.WORKSPACE, stack)
    except NotSeenError:
        match = _WORKSPACE_ID.match(endpoint.arm_id) if endpoint.arm_id else None
        if match is None:
            raise
        return Workspace(match[2], match[3], match[1])
    return Workspace(group, name, endpoint.subscription)


def _name(endpoint: Resource, path: str, owner_type: str, stack: Stack) -> str:
    try:
        return endpoint.text(path)
    except NotSeenError:
        origins = endpoint.dependencies.get(path, ())
        owner = stack.get(origins[0]) if len(origins) == 1 else None
        if owner is None or owner.type != owner_type:
            raise
        return owner.text(path)
