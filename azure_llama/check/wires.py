"""From a property of a resource to the settings that decide it."""

from __future__ import annotations

from functools import cache
from itertools import takewhile

from azure_llama.settings import DeploymentSettings, ManagedSettings, ServerlessSettings, WorkspaceSettings
from azure_llama.settings.wire import ANY, EACH, filled, options

_ROOTS = (ServerlessSettings, ManagedSettings, DeploymentSettings, WorkspaceSettings)
"""The settings of a resource; those of the workspace are also those of all that is around it."""
_Path = tuple[str, ...]


def setting_of(resource: str, path: str) -> _Path:
    """The keys, from the resource's settings down, of the setting that decides a property; empty when none does.

    Args:
        resource: Required. The type of azure-native, without its prefix.
        path: Required. The property: `properties.requestSettings.requestTimeout`.
    """
    table = _table().get(resource, {})
    asked = tuple(path.split("."))
    for length in range(len(asked), -1, -1):
        above, rest = asked[:length], asked[length:]
        for wire, keys in table.items():
            if len(wire) == length and (entries := _entries(wire, above)) is not None:
                return _plain((*filled(keys, entries), *rest))
        below = [keys for wire, keys in table.items() if above and wire[:length] == above]
        common = [step[0] for step in takewhile(lambda step: len(set(step)) == 1, zip(*below, strict=False))]
        if common:
            return _plain(common)
    return ()


@cache
def _table() -> dict[str, dict[_Path, _Path]]:
    """The keys of the first setting that decides each property, by type of resource."""
    table: dict[str, dict[_Path, _Path]] = {}
    own = {root.wire_resource for root in _ROOTS}
    for root in _ROOTS:
        for option in options(root):
            for wire in option.wires:
                if wire.resource == root.wire_resource or wire.resource not in own:
                    path = tuple(wire.path.split(".")) if wire.path else ()
                    table.setdefault(wire.resource or "", {}).setdefault(path, option.keys)
    return table


def _entries(wire: _Path, path: _Path) -> _Path | None:
    """The names in the place of each `ANY`; None when the path is another one."""
    if any(part not in (ANY, name) for part, name in zip(wire, path, strict=True)):
        return None
    return tuple(name for part, name in zip(wire, path, strict=True) if part == ANY)


def _plain(keys: _Path | list[str]) -> _Path:
    """The keys up to the first that is not a certain one."""
    end = next((index for index, key in enumerate(keys) if key in (ANY, EACH)), len(keys))
    return tuple(keys[:end])
