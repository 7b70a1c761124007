"""Parses ARM paths, in any letter case."""

from __future__ import annotations

from dataclasses import dataclass, replace

RESOURCES = "Microsoft.Resources"


@dataclass(frozen=True, slots=True)
class ArmId:
    """A resource, or (with one type more than names) a collection of resources or an action on one.

    Subscriptions and resource groups are resources of Microsoft.Resources whose ids have no `providers` part; their
    types are those of Azure's access control (`Microsoft.Resources/subscriptions/resourceGroups`).

    Attributes:
        scope: Required. The id that `/providers/` follows; empty for subscriptions and groups themselves.
        namespace: Required. `Microsoft.MachineLearningServices`.
        types: Required. `("workspaces", "serverlessEndpoints")`; at least one.
        names: Required. One for each type, or one fewer.
    """

    scope: str
    namespace: str
    types: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def type(self) -> str:
        """`Microsoft.MachineLearningServices/workspaces/serverlessEndpoints`."""
        return "/".join((self.namespace, *self.types))

    @property
    def names_resource(self) -> bool:
        """Whether it is one resource rather than a collection or an action."""
        return len(self.names) == len(self.types)

    @property
    def name(self) -> str:
        """The resource's own name; of a collection, its parent's."""
        return self.names[-1] if self.names else ""

    @property
    def text(self) -> str:
        """The id as a path."""
        segments = [part for pair in zip(self.types, self.names, strict=False) for part in pair]
        if not self.names_resource:
            segments.append(self.types[-1])
        plain = self.namespace == RESOURCES and self.types[0].lower() == "subscriptions"
        return "/".join(("", *segments) if plain else (self.scope, "providers", self.namespace, *segments))

    @property
    def parent(self) -> ArmId | None:
        """The parent resource; None at the top level."""
        if len(self.types) == 1:
            return None
        return replace(self, types=self.types[:-1], names=self.names[: len(self.types) - 1])

    @property
    def subscription(self) -> str | None:
        """The subscription's id."""
        return _after("subscriptions", self.text, 1)

    @property
    def group(self) -> str | None:
        """The resource group's name."""
        return _after("resourcegroups", self.text, 3)

    @property
    def group_id(self) -> str | None:
        """The resource group's own id."""
        return f"/subscriptions/{self.subscription}/resourceGroups/{self.group}" if self.group else None

    def child(self, type_: str, name: str) -> ArmId:
        """A resource below this one."""
        return replace(self, types=(*self.types, type_), names=(*self.names, name))


def _after(keyword: str, text: str, position: int) -> str | None:
    parts = text.split("/")
    found = len(parts) > position + 1 and parts[position].lower() == keyword
    return parts[position + 1] if found and parts[position + 1] else None


def parse(path: str) -> ArmId | None:
    """The resource that a request's path names; None when it is not an ARM path.

    The deployment operations of a group are also asked for under the old path without `providers`.
    """
    parts = [part for part in path.split("/") if part]
    lower = [part.lower() for part in parts]
    if len(parts) > 4 and lower[0] == "subscriptions" and lower[2] == "resourcegroups" and lower[4] == "deployments":
        parts[4:4] = ["providers", RESOURCES]
        lower[4:4] = ["providers", RESOURCES.lower()]
    if "providers" not in lower:
        return ArmId("", RESOURCES, tuple(parts[0::2]), tuple(parts[1::2])) if parts else None
    split = len(lower) - 1 - lower[::-1].index("providers")
    scope, rest = "".join(f"/{part}" for part in parts[:split]), parts[split + 1 :]
    if len(rest) == 2 and rest[1].lower() in ("register", "unregister"):
        return ArmId(scope, RESOURCES, ("providers", rest[1]), (rest[0],))
    if len(rest) < 2:
        return ArmId(scope, RESOURCES, ("providers",), tuple(rest))
    return ArmId(scope, rest[0], tuple(rest[1::2]), tuple(rest[2::2]))
