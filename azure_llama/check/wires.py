"""Maps a property of a resource to the settings that set it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from azure_llama.settings.base import StrictModel
from azure_llama.settings.wire import ANY, EACH, filled, options

_Path = tuple[str, ...]


class Wires:
    """The settings by the properties that they decide.

    Args:
        roots: Required. Settings that have a type of resource of their own. Their fields also decide properties of
            resources around it, unless another one of these classes has that type.
    """

    def __init__(self, roots: Iterable[type[StrictModel]]) -> None:
        roots = list(roots)
        self._tables: dict[str | None, dict[_Path, _Path]] = {}
        own = {root.wire_resource for root in roots}
        for root in roots:
            for option in options(root):
                for wire in option.wires:
                    if wire.resource == root.wire_resource or wire.resource not in own:
                        path = tuple(wire.path.split(".")) if wire.path else ()
                        self._tables.setdefault(wire.resource, {}).setdefault(path, option.keys)

    def setting_of(self, resource: str, path: str) -> _Path:
        """The keys, from the root's down, of the setting that decides a property; empty when none does.

        Args:
            resource: Required. The type of azure-native, without its prefix.
            path: Required. The property: `properties.requestSettings.requestTimeout`.
        """
        table = self._tables.get(resource, {})
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


def _entries(wire: _Path, path: _Path) -> _Path | None:
    """The names in the place of each `ANY`; None when the path is another one."""
    if any(part not in (ANY, name) for part, name in zip(wire, path, strict=True)):
        return None
    return tuple(name for part, name in zip(wire, path, strict=True) if part == ANY)


def _plain(keys: _Path | list[str]) -> _Path:
    """The keys up to the first that is not a certain one."""
    end = next((index for index, key in enumerate(keys) if key in (ANY, EACH)), len(keys))
    return tuple(keys[:end])
