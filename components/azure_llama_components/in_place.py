"""Changes that Azure would make in place, or not at all, and that would take something down either way: refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from pulumi import Output, ResourceHook, ResourceHookArgs, ResourceHookBinding, ResourceHookOptions
from pulumi.output import Unknown

Read = Callable[[Mapping[str, Any]], Any]
"""Reads one property of a resource's inputs, by their wire names."""


def at(*path: str) -> Read:
    """A property below others; None where there is none."""

    def read(inputs: Mapping[str, Any]) -> Any:
        value: Any = inputs
        for part in path:
            value = value.get(part) if isinstance(value, Mapping) else None
        return value

    return read


def changed(change: ResourceHookArgs, fixed: Mapping[str, Read]) -> list[str]:
    """The properties that a change is about, each as `name old to new`."""
    old, new = (dict(inputs or {}) for inputs in (change.old_inputs, change.new_inputs))
    pairs = ((label, read(old), read(new)) for label, read in fixed.items())
    return [f"{label} {_shown(before)} to {_shown(after)}" for label, before, after in pairs if before != after]


def _shown(value: Any) -> str:
    """A value as YAML has it: the engine has no whole numbers, and knows nothing yet of what is to be made."""
    if isinstance(value, Unknown):
        return "another"
    return repr(int(value) if isinstance(value, float) and value.is_integer() else value)


def refused(what: str, changes: Iterable[str], why: str, recipe: str) -> ValueError:
    """The refusal, as one sentence for each: what was asked for, why it is not done, what to do."""
    return ValueError(f"{what}: {' and '.join(changes)}: {why}. {recipe}")


def opening(check: Callable[[ResourceHookArgs], None]) -> Callable[[ResourceHookArgs], Awaitable[None]]:
    """The check, of inputs in which nothing is hidden: beside a secret the SDK hands over a property as an output."""

    async def look(change: ResourceHookArgs) -> None:
        old, new = await _opened(change.old_inputs), await _opened(change.new_inputs)
        check(ResourceHookArgs(change.urn, change.id, change.name, change.type, old_inputs=old, new_inputs=new))

    return look


def before_update(name: str, check: Callable[[ResourceHookArgs], None]) -> ResourceHookBinding:
    """A check of every update of a resource, in previews, too."""
    return ResourceHookBinding(before_update=[ResourceHook(name, opening(check), ResourceHookOptions(on_dry_run=True))])


async def _opened(value: Any) -> Any:
    if isinstance(value, Output):
        return await _opened(await value.future(with_unknowns=True))
    if isinstance(value, Mapping):
        return {key: await _opened(each) for key, each in value.items()}
    return value
