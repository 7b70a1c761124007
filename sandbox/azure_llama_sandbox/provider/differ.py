"""Differences between two sets of inputs, and changes made in Azure outside the program."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pulumi.runtime.proto.provider_pb2 import DiffResponse, PropertyDiff

from azure_llama_sandbox.provider.naming import CREATE_BEFORE_DELETE
from azure_llama_sandbox.provider.resource_type import ResourceType
from azure_llama_sandbox.provider.shapes import Shape
from azure_llama_sandbox.provider.values import same, same_location

_Kind = PropertyDiff.Kind
_REPLACING = {
    _Kind.ADD: _Kind.ADD_REPLACE,
    _Kind.UPDATE: _Kind.UPDATE_REPLACE,
    _Kind.DELETE: _Kind.DELETE_REPLACE,
}


def diff(row: ResourceType, old: Mapping[str, Any], state: Mapping[str, Any], new: Mapping[str, Any]) -> DiffResponse:
    """The effect of an update from the old inputs to the new ones.

    `ignore_changes` does not matter here: azure-native never reads it. The engine applies it to the inputs of an
    update, but not to those of a refresh.

    Args:
        row: Required. Its type.
        old: Required. Inputs of the last deployment.
        state: Required. Outputs of the last deployment; an input that is new but says what Azure has is no reason to
            replace anything.
        new: Required. Inputs of the program now.
    """
    before = {"azureApiVersion": state.get("azureApiVersion"), **old}
    before = {name: value for name, value in before.items() if value is not None}
    details: dict[str, PropertyDiff] = {}
    roots, replaces = set(), []
    for path, kind in _object(row.shape, before, new, ""):
        root = path.partition(".")[0].partition("[")[0]
        added = new.get(path) if kind == _Kind.ADD else None
        replacing = root in row.replaced_by and (path == root or (kind == _Kind.UPDATE and "[" not in path))
        if replacing and (added is None or not same(state.get(path), added)):
            kind = _REPLACING[kind]
            replaces.append(path)
        counts = added is None or path not in row.schema_defaults or not same(row.schema_defaults[path], added)
        if counts:
            roots.add(root)
        details[path] = PropertyDiff(kind=kind, inputDiff=counts)
    return DiffResponse(
        changes=DiffResponse.DIFF_SOME if roots else DiffResponse.DIFF_NONE,
        diffs=sorted(roots),
        replaces=replaces,
        deleteBeforeReplace=bool(replaces) and not old.get(CREATE_BEFORE_DELETE),
        detailedDiff=details,
        hasDetailedDiff=True,
    )


def drifted(base: Any, old: Any, new: Any) -> Any:
    """The inputs with what changed in Azure: where the new state differs from the old one, the new value.

    What the service fills in by itself was in the old state already, and so stays out of the inputs.

    Args:
        base: Required. The inputs, or a part of them.
        old: Required. What they were in Azure when the engine last looked.
        new: Required. What they are in Azure now.
    """
    if isinstance(base, Mapping) and isinstance(old, Mapping) and isinstance(new, Mapping):
        kept = {name: value for name, value in base.items() if name in new or name not in old}
        for name, value in new.items():
            if name not in old:
                kept[name] = value
            elif not same(old[name], value):
                kept[name] = drifted(base[name], old[name], value) if name in base else value
        return kept
    if isinstance(base, list) and isinstance(old, list) and isinstance(new, list):
        both = min(len(base), len(old))
        return [drifted(base[index], old[index], item) if index < both else item for index, item in enumerate(new)]
    return new


_Changes = Iterator[tuple[str, Any]]


def _object(shape: Shape | None, old: Mapping[str, Any], new: Mapping[str, Any], prefix: str) -> _Changes:
    for name in sorted(old.keys() | new.keys()):
        path = f"{prefix}{name}"
        if name.startswith("__") or (name in old and name in new and _respelled(path, old[name], new[name])):
            continue
        if name not in old or name not in new:
            yield path, _Kind.ADD if name in new else _Kind.DELETE
        else:
            p = shape.properties.get(name) if shape else None
            yield from _value(p.shape if p else None, old[name], new[name], path)


def _respelled(path: str, old: Any, new: Any) -> bool:
    """Whether two values of a property at the top mean the same to Azure."""
    if path == "location":
        return same_location(old, new)
    return (
        path == "resourceGroupName"
        and isinstance(old, str)
        and isinstance(new, str)
        and old.casefold() == new.casefold()
    )


def _value(shape: Shape | None, old: Any, new: Any, path: str) -> _Changes:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _object(shape, old, new, f"{path}.")
    elif isinstance(old, list) and isinstance(new, list):
        keys = shape.identifiers if shape else ()
        before, after = _keyed(old, keys), _keyed(new, keys)
        for key, (index, item) in after.items():
            if key in before:
                yield from _value(shape, before[key][1], item, f"{path}[{index}]")
            else:
                yield f"{path}[{index}]", _Kind.ADD
        for key, (index, _) in before.items():
            if key not in after:
                yield f"{path}[{index}]", _Kind.DELETE
    elif not same(old, new):
        yield path, _Kind.UPDATE


def _keyed(items: list[Any], keys: tuple[str, ...]) -> dict[str, tuple[int, Any]]:
    """The items of a list with their positions: by their identifiers, else by position."""
    if not keys:
        return {str(index): (index, item) for index, item in enumerate(items)}
    objects = ((index, item) for index, item in enumerate(items) if isinstance(item, Mapping))
    return {
        json.dumps([item.get(key) for key in keys], sort_keys=True, default=repr): (index, item)
        for index, item in objects
    }
