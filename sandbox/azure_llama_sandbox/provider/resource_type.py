"""The definition of a resource type: one row of the table in `resource_types`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from azure_llama_sandbox.provider import arm_ids
from azure_llama_sandbox.provider.shapes import Shape
from azure_llama_sandbox.provider.validation import Limit
from azure_llama_sandbox.provider.values import UNKNOWN

ENVELOPE = frozenset(
    {
        *("id", "name", "type", "location", "tags", "identity", "kind", "sku", "plan", "zones"),
        *("managedBy", "etag", "eTag", "extendedLocation", "systemData"),
    }
)
"""Top-level members of an ARM body; what else the SDK has at the top lies in `properties` on the wire."""


class Autoname(StrEnum):
    """The automatic naming of azure-native for a name that the program omits."""

    RANDOM = "random"
    """The resource's Pulumi name and 8 hexadecimal digits."""
    COPY = "copy"
    """The resource's Pulumi name."""
    UUID = "uuid"
    """A random GUID."""


@dataclass(frozen=True)
class ResourceType:
    """One resource type of azure-native.

    Attributes:
        pulumi_type: Required. Module and type, e.g. `machinelearningservices:Workspace`.
        path: Required. Template of the ARM id; its last parameter is the resource's name.
        api_version: Required. The one that azure-native 3.29.0 sends.
        shape: Required. Inputs and outputs.
        autoname: Optional.
        create_only: Optional. Inputs, beside those of the path, whose change replaces the resource.
        default_location: Optional. A missing `location` comes from the configuration, else from the resource group.
        inner: Optional. Inputs with the name of an envelope member that this type has in `properties` all the same.
        limits: Optional. Lengths, ranges and patterns of inputs, by path.
        shared: Optional. Paths in the ARM body of lists that other resources may own: empty when created, as Azure has
            them when updated, unless the program gives them.
        defaults: Optional. What an input is set back to when the program drops it.
        schema_defaults: Optional. Defaults of inputs at the top in Azure's API description: adding one is no change.
        in_vault: Optional. Collection of the vault's own host from which it is deleted, and recovered when created.
    """

    pulumi_type: str
    path: str
    api_version: str
    shape: Shape
    autoname: Autoname = Autoname.RANDOM
    create_only: frozenset[str] = frozenset({"location"})
    default_location: bool = True
    inner: frozenset[str] = frozenset()
    limits: Mapping[str, Limit] = field(default_factory=dict)
    shared: tuple[tuple[str, ...], ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    schema_defaults: Mapping[str, Any] = field(default_factory=dict)
    in_vault: str = ""

    @property
    def path_inputs(self) -> tuple[str, ...]:
        """Inputs that name the resource; a change of one replaces it."""
        return tuple(name for name in arm_ids.parameters(self.path) if name != "subscriptionId")

    @property
    def name_input(self) -> str:
        """The input that is the resource's own name."""
        return self.path_inputs[-1]

    @property
    def takes_location(self) -> bool:
        """Whether a missing location is filled in."""
        return self.default_location and "location" in self.shape.properties

    @property
    def replaced_by(self) -> frozenset[str]:
        """All inputs whose change replaces the resource."""
        return self.create_only.union(self.path_inputs)

    @property
    def shared_inputs(self) -> tuple[tuple[str, ...], ...]:
        """Where the program has what `shared` names."""
        flat = "properties" not in self.shape.properties
        return tuple(path[1:] if flat else path for path in self.shared)

    def id(self, inputs: Mapping[str, Any], subscription: str) -> str:
        """The ARM id that the inputs name.

        Raises:
            ValueError: a part of it is missing.
        """
        return arm_ids.fill(self.path, {"subscriptionId": subscription, **inputs})

    def body(self, inputs: Mapping[str, Any], previous: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The body of the PUT for these inputs, without the values in its path.

        Args:
            inputs: Required. The program's.
            previous: Optional. Those of the last deployment; see `Shape.body`.
        """
        own = {name: value for name, value in inputs.items() if name not in self.path_inputs}
        body = self.wire_shape.body(own, previous)
        return {name: value for name, value in body.items() if name not in ("id", "name", "type")}

    def outputs(self, response: Mapping[str, Any]) -> dict[str, Any]:
        """The state of the resource that ARM answered with."""
        return self.wire_shape.outputs(response) | {"azureApiVersion": self.api_version}

    def preview(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The state of the resource before it is deployed, `UNKNOWN`s in it."""
        return self.shape.preview(inputs) | {"azureApiVersion": inputs.get("azureApiVersion", UNKNOWN)}

    def inputs_of(self, resource_id: str, outputs: Mapping[str, Any]) -> dict[str, Any]:
        """The inputs that azure-native imports for a resource that exists: empty objects and lists are left out.

        Raises:
            ValueError: the id is not one of this type.
        """
        named = {
            name: value for name, value in arm_ids.parse(self.path, resource_id).items() if name in self.path_inputs
        }
        return (_without_empty(self.shape.inputs(outputs)) or {}) | named

    @cached_property
    def wire_shape(self) -> Shape:
        """The shape with every property where ARM has it: what the SDK has at the top lies in `properties`."""
        if "properties" in self.shape.properties:
            return self.shape
        return Shape(
            {
                name: p if name in ENVELOPE - self.inner else replace(p, wire=("properties", *p.wire))
                for name, p in self.shape.properties.items()
            }
        )


def _without_empty(value: Any) -> Any:
    """The value without empty objects and lists in it; None for one that is empty then."""
    if isinstance(value, Mapping):
        kept = {name: _without_empty(item) for name, item in value.items()}
        return {name: item for name, item in kept.items() if item is not None} or None
    if isinstance(value, list):
        return [item for item in map(_without_empty, value) if item is not None] or None
    return value
