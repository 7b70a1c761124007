"""Map entries of a deployment that Azure lets you add, but not change or remove.

Azure keeps entries of its own in the same map, and a refresh brings them into the state of the resource. So the entries
that the program states are an input of the component too, and the hook of its update compares those.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from pulumi import ResourceHook, ResourceHookArgs, ResourceHookBinding, ResourceHookOptions

from azure_llama.catalog.serving import BASE

if TYPE_CHECKING:
    from azure_llama_components.managed_deployment import ManagedDeploymentArgs

INPUT: Final = "deploymentProperties"
"""The component's input: the entries by deployment; absent when no deployment has any."""
MAP: Final = "properties.properties"
_AZURES: Final = ("AzureAsyncOperationUri",)
"""Entries that Azure keeps in a deployment's map, and changes."""


def entries_of(args: ManagedDeploymentArgs) -> dict[str, str]:
    """The entries that a deployment is created with."""
    base = args.served.base
    return {**args.properties, **({BASE: base.name} if base else {})}


def entries_input(running: Mapping[str, ManagedDeploymentArgs]) -> dict[str, Any]:
    """The component's inputs about the entries of its deployments."""
    stated = {name: entries for name, args in running.items() if (entries := entries_of(args))}
    return {INPUT: stated} if stated else {}


def ignored(entries: Mapping[str, str]) -> list[str]:
    """The `ignore_changes` paths of the map: the engine accepts an entry's path only where there is a map."""
    return [f'{MAP}["{name}"]' for name in _AZURES] if entries else [MAP]


def entries_hook(name: str, running: Collection[str]) -> ResourceHookBinding:
    """The check of every update of the component, in previews too.

    Args:
        name: Required. Name of the hook: unique in the stack.
        running: Required. Names of the deployments that the program states: all others may lose their entries.
    """

    async def check(change: ResourceHookArgs) -> None:
        refuse(change.name, change.old_inputs, change.new_inputs, running)

    return ResourceHookBinding(before_update=[ResourceHook(name, check, ResourceHookOptions(on_dry_run=True))])


def refuse(endpoint: str, old: Any, new: Any, running: Collection[str]) -> None:
    """Refuse an update that changes or removes an entry of a deployment that stays.

    Raises:
        ValueError: states each entry, why its change is refused, and what to do instead.
    """
    before, after = (dict((inputs or {}).get(INPUT) or {}) for inputs in (old, new))
    changes = [
        change
        for name, entries in before.items()
        if name in running
        for change in _changes(name, entries, after.get(name) or {})
    ]
    if changes:
        raise ValueError(
            f"endpoint {endpoint!r}: {' and '.join(changes)}: Azure takes new entries of a deployment's properties, and"
            " never changes or removes one. Restore them; or add a deployment under a new name, move the traffic to it,"
            " then remove this one."
        )


def _changes(deployment: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for name, value in before.items():
        where = f"deployments.{deployment}." + ("base" if name == BASE else f"properties.{name}")
        if name not in after:
            yield f"{where} {value!r} is removed"
        elif after[name] != value:
            yield f"{where} {value!r} to {after[name]!r}"
