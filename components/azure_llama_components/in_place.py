"""Immutable properties: the preview rejects a change and suggests an alternative.

Each kind of resource has one table of them, a `Fixed`, whose `hook` goes into the resource's options.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi import Output, ResourceHook, ResourceHookArgs, ResourceHookBinding, ResourceHookOptions
from pulumi.output import Unknown


@dataclass(frozen=True, kw_only=True)
class Property:
    """One property among a resource's inputs.

    Attributes:
        path: Required. The keys that lead to it, by their wire names; a number is a place in a list.
        default: Optional. What Azure takes when the property is absent. An import writes it out, the program leaves it
            out, and the two count as equal.
        may_be_set: Optional. Whether it may be set and changed, and only cannot go back to the default.
        inherited: Optional. Whether Azure takes the value of another resource when the property is absent, and answers
            it: leaving it out is then no change.
    """

    path: tuple[str | int, ...]
    default: Any = None
    may_be_set: bool = False
    inherited: bool = False

    def value(self, inputs: Any) -> Any:
        """The property's value; the default where it is absent."""
        value = inputs
        for step in self.path:
            if isinstance(value, Mapping):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                value = None
        return self.default if value is None else value

    def refuses(self, old: Any, new: Any) -> bool:
        """Whether the change of its value is refused."""
        if self.inherited and new is None:
            return False
        return not _equal(old, new) and (not self.may_be_set or _equal(new, self.default))


def at(*path: str | int, default: Any = None, may_be_set: bool = False, inherited: bool = False) -> Property:
    """The property at a path."""
    return Property(path=path, default=default, may_be_set=may_be_set, inherited=inherited)


@dataclass(frozen=True, kw_only=True)
class Fixed:
    """The immutable properties of one kind of resource.

    Attributes:
        what: Required. The resource, as a sentence calls it.
        properties: Required. By the names that the stack's YAML has for them.
        recipe: Required. What to do instead, as sentences.
        why: Optional. Why a change is refused.
    """

    what: str
    properties: Mapping[str, Property]
    recipe: str
    why: str = "Azure does not change that once it exists"

    def hook(self, name: str, stated: Mapping[str, Any] | None = None) -> ResourceHookBinding:
        """The check of every update of a resource, in previews too.

        Args:
            name: Required. Name of the hook: unique in the stack.
            stated: Optional. Plain values that stand for new values that a preview does not know yet, by property.
        """

        async def check(change: ResourceHookArgs) -> None:
            await self.check_opened(change, stated)

        return ResourceHookBinding(before_update=[ResourceHook(name, check, ResourceHookOptions(on_dry_run=True))])

    async def check_opened(self, change: ResourceHookArgs, stated: Mapping[str, Any] | None = None) -> None:
        """`check` of inputs as the SDK passes them: a property next to a secret is an output."""
        old, new = await _opened(change.old_inputs), await _opened(change.new_inputs)
        opened = ResourceHookArgs(change.urn, change.id, change.name, change.type, old_inputs=old, new_inputs=new)
        self.check(opened, stated)

    def check(self, change: ResourceHookArgs, stated: Mapping[str, Any] | None = None) -> None:
        """Refuse an update that changes one of the properties.

        Raises:
            ValueError: states the change, why it is refused, and what to do instead.
        """
        changes = self.changes(change, stated)
        if self.refuses(changes, change):
            raise ValueError(
                f"{self.what} {change.name!r}: {' and '.join(changes.values())}: {self.why}. {self.recipe}"
            )

    def changes(self, change: ResourceHookArgs, stated: Mapping[str, Any] | None = None) -> dict[str, str]:
        """The properties that an update changes, each with a text about the change."""
        changes = {}
        for label, fixed in self.properties.items():
            old, new = fixed.value(change.old_inputs), fixed.value(change.new_inputs)
            if isinstance(new, Unknown):
                new = (stated or {}).get(label, new)
            if fixed.refuses(old, new):
                changes[label] = f"{label} {_shown(old)} to {_shown(new)}"
        return changes

    def refuses(self, changes: Mapping[str, str], _: ResourceHookArgs) -> bool:
        """Whether these changes are refused: any one is."""
        return bool(changes)


@dataclass(frozen=True, kw_only=True)
class Separate(Fixed):
    """Properties of which one does not change together with the others.

    Attributes:
        alone: Required. The one.
        unless: Optional. Properties whose change makes another resource, of which all others may change too.
    """

    alone: str
    unless: tuple[Property, ...] = ()

    def refuses(self, changes: Mapping[str, str], change: ResourceHookArgs) -> bool:
        """Whether that one is among the changes, and not alone."""
        old, new = change.old_inputs, change.new_inputs
        replaced = any(each.refuses(each.value(old), each.value(new)) for each in self.unless)
        return not replaced and self.alone in changes and len(changes) > 1


async def _opened(value: Any) -> Any:
    if isinstance(value, Output):
        return await _opened(await value.future(with_unknowns=True))
    if isinstance(value, Mapping):
        return {key: await _opened(item) for key, item in value.items()}
    if isinstance(value, list):
        return [await _opened(item) for item in value]
    return value


def _equal(old: Any, new: Any) -> bool:
    """Whether two values are the same to Azure, which ignores the letter case of ARM ids."""
    if isinstance(old, str) and isinstance(new, str) and old[:1] == new[:1] == "/":
        return old.lower() == new.lower()
    return not isinstance(new, Unknown) and bool(old == new)


def _shown(value: Any) -> str:
    """A value as YAML has it: the engine has no integers, and does not know yet what is to be created."""
    if isinstance(value, Unknown):
        return "another"
    return repr(int(value) if isinstance(value, float) and value.is_integer() else value)
