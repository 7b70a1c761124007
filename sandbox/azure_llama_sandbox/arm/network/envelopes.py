"""The base of the nested objects in bodies of Microsoft.Network (contract 2024-05-01)."""

from __future__ import annotations

from azure_llama_sandbox.arm.contract import ABSENT, Strict, Tags


class SubResource(Strict):
    """Another resource, by its ARM id."""

    id: str = ABSENT


class Part(SubResource):
    """A named object below a resource."""

    name: str = ABSENT


class Child(Part):
    """A resource below another, stated in its body."""

    type: str = ABSENT


class Embedded(SubResource):
    """A tracked resource, stated in the body of one that refers to it."""

    location: str = ABSENT
    tags: Tags = ABSENT
