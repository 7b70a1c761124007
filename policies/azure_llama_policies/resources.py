"""Resources as plain data, as rules read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final


class _Unknown(Enum):
    UNKNOWN = "unknown"


UNKNOWN: Final = _Unknown.UNKNOWN
"""A value that is known only after the deployment."""


class NotSeenError(Exception):
    """A rule cannot be evaluated: a required value is missing, unknown, or not in the catalogue.

    Attributes:
        path: Dotted path of the property that it is about; None when it is about none.
    """

    def __init__(self, message: str, path: str | None = None) -> None:
        super().__init__(message)
        self.path = path


class NotApplicableError(Exception):
    """A rule does not apply to a resource of its types. The message states the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A resource as rules see it.

    Attributes:
        urn: Its URN.
        type: Its type token without an API version: `azure-native:machinelearningservices:Workspace`.
        name: Its name in the program.
        props: What the program asked for, by wire name (camelCase), with `UNKNOWN` where it is not known yet; what
            Azure answered, for a resource that the program only reads. For the stack itself, its outputs.
        arm_id: Its ARM id; None as long as it has none.
        subscription: The subscription that its provider names; None when it names none.
        dependencies: Each property's URNs of the resources that its value comes from.
        depends_on: URNs of all resources that it depends on, through a property or not.
        api_version: The API version that its type token names; None when it names none.
        protect: Whether Pulumi refuses to delete it (`protect`).
        secrets: Dotted paths of the values that are secret; None when whoever shows the resource cannot tell.
    """

    urn: str
    type: str
    name: str
    props: Mapping[str, Any]
    arm_id: str | None = None
    subscription: str | None = None
    dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    depends_on: tuple[str, ...] = ()
    api_version: str | None = None
    protect: bool = False
    secrets: frozenset[str] | None = None

    def value(self, path: str) -> Any:
        """The value at a dotted path, such as `properties.traffic` or `permissions.0.actions`; None when it is missing.

        Unknown values may be inside of it.

        Raises:
            NotSeenError: it, or something that it is in, is not known yet.
        """
        value: Any = self.props
        for key in path.split("."):
            value = _item(value, key)
            if value is UNKNOWN:
                raise NotSeenError(f"'{path}' is not known before the deployment; give it as a plain value", path)
        return value

    def text(self, path: str) -> str:
        """The text at a dotted path.

        Raises:
            NotSeenError: it is absent, not known yet, or not a text.
        """
        value = self.value(path)
        if not isinstance(value, str) or not value:
            raise NotSeenError(f"'{path}' is not among the resource's values", path)
        return value

    def mapping(self, path: str) -> Mapping[str, Any]:
        """The map at a dotted path; an empty one when nothing is there.

        Raises:
            NotSeenError: it is not known yet, or something else than a map.
        """
        value = self.value(path)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise NotSeenError(f"'{path}' is not a map", path)
        return value


def _item(value: Any, key: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(key)
    if isinstance(value, list | tuple) and key.isdecimal() and int(key) < len(value):
        return value[int(key)]
    return None


class Stack:
    """All resources of a run, in the order of their URNs, so that a verdict does not hang on the engine's order."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._resources = {each.urn: each for each in sorted(resources, key=lambda each: each.urn)}
        self._of_type: dict[str, list[Resource]] = {}
        for each in self:
            self._of_type.setdefault(each.type, []).append(each)

    def __iter__(self) -> Iterator[Resource]:
        return iter(self._resources.values())

    def get(self, urn: str) -> Resource | None:
        """The resource of a URN; None when there is none, or none of a type that the rule reads."""
        return self._resources.get(urn)

    def of(self, *types: str) -> list[Resource]:
        """The resources of some types, one type after the other."""
        return [each for type_ in sorted(types) for each in self._of_type.get(type_, ())]
