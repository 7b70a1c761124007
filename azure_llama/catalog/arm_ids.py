"""Ids of resources in Azure Resource Manager (ARM)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FORM = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)/providers/(?P<space>[^/]+)/(?P<rest>.+)",
    re.IGNORECASE,
)
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class ArmId:
    """`/subscriptions/<guid>/resourceGroups/<name>/providers/<namespace>/<type>/<name>[/<type>/<name> ...]`.

    Attributes:
        subscription: GUID of the subscription.
        resource_group: Name of the resource group.
        type: Namespace and types: `Microsoft.Network/virtualNetworks/subnets`.
        names: The name of each type, outermost first.
    """

    subscription: str
    resource_group: str
    type: str
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        """The resource's own name."""
        return self.names[-1]

    def is_a(self, type_: str) -> bool:
        """Whether it is of a type: ARM does not look at letter case."""
        return self.type.casefold() == type_.casefold()

    def __str__(self) -> str:
        space, *types = self.type.split("/")
        steps = "/".join(f"{kind}/{name}" for kind, name in zip(types, self.names, strict=True))
        return f"/subscriptions/{self.subscription}/resourceGroups/{self.resource_group}/providers/{space}/{steps}"


def parse_arm_id(text: str) -> ArmId | None:
    """The parts of the id of a resource in a resource group; None when the text is not one."""
    match = _FORM.fullmatch(text)
    if match is None or not is_guid(match["subscription"]):
        return None
    steps = match["rest"].split("/")
    if len(steps) % 2 or not all(steps):
        return None
    type_ = "/".join((match["space"], *steps[::2]))
    return ArmId(match["subscription"], match["group"], type_, tuple(steps[1::2]))


def is_guid(text: str) -> bool:
    """Whether a text is a GUID, in any letter case."""
    return _GUID.fullmatch(text) is not None
