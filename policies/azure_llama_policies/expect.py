"""The most frequent kind of rule: one property of a resource has one of a few values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from azure_llama_policies.resources import NotApplicableError, NotSeenError, Resource
from azure_llama_policies.rule import Context, Violation
from azure_llama_policies.subjects import called

Excuse = Callable[[Resource], str | None]
"""Why a rule has nothing to say of a resource; None when it has."""


def shown(value: Any) -> str:
    """A value as messages print it, in the spelling of ARM."""
    return str(value).lower() if isinstance(value, bool) else f"'{value}'" if isinstance(value, str) else str(value)


def same(value: Any, wanted: Any) -> bool:
    """Whether two values are one to ARM, which does not mind the letter case of its enumerations."""
    if isinstance(value, str) and isinstance(wanted, str):
        return value.casefold() == wanted.casefold()
    return type(value) is type(wanted) and bool(value == wanted)


def expect(
    resource: Resource, path: str, wanted: Sequence[Any], way_out: str, absent: Any = None, subject: str | None = None
) -> Iterator[Violation]:
    """One violation when a property has another value.

    Args:
        resource: Required. The resource.
        path: Required. The property.
        wanted: Required. The values that pass.
        way_out: Required. The end of the message: what to do.
        absent: Optional. What Azure takes when the property is left out; None when that is unknown.
        subject: Optional. What the message calls the resource, where that is not the resource itself.

    Raises:
        NotSeenError: it is not known yet, or left out with an unknown consequence.
    """
    who = subject or called(resource)
    try:
        given = resource.value(path)
    except NotSeenError as unseen:
        raise NotSeenError(f"{who}: {unseen}", unseen.path) from None
    if given is None and absent is None:
        raise NotSeenError(f"{who}: '{path}' is not set, and what Azure then takes is unknown; set it", path)
    value = absent if given is None else given
    if not any(same(value, each) for each in wanted):
        says = shown(value) if given is not None else f"not set, so Azure takes {shown(value)}"
        yield Violation(f"{who}: '{path}' is {says}; {way_out}", path)


@dataclass(frozen=True)
class Setting:
    """A rule's check of one property; see `expect`.

    Attributes:
        path: Required. The property.
        wanted: Required. The values that pass.
        way_out: Required. The end of the message: what to do; a function where that depends on the resource.
        absent: Optional. What Azure takes when the property is left out; None when that is unknown.
        unless: Optional. Why the rule has nothing to say of a resource.
    """

    path: str
    wanted: Sequence[Any]
    way_out: str | Callable[[Resource], str]
    absent: Any = None
    unless: Excuse | None = None

    def __call__(self, resource: Resource, _context: Context) -> Iterator[Violation]:
        reason = self.unless(resource) if self.unless else None
        if reason:
            raise NotApplicableError(reason)
        remedy = self.way_out if isinstance(self.way_out, str) else self.way_out(resource)
        yield from expect(resource, self.path, self.wanted, remedy, self.absent)
