"""What changed between two sets of inputs, and what Azure changed behind the program's back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pulumi.runtime.proto.provider_pb2 import DiffResponse, PropertyDiff

from azure_llama_sandbox.provider.naming import CREATE_BEFORE_DELETE
from azure_llama_sandbox.provider.resource_type import ResourceType
from azure_llama_sandbox.provider.values import same, same_location

_STEP = re.compile(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.\[\]]+)')
"""One step of a property path: `["quoted"]`, `[0]`, `[*]` or `plain`."""
_PLAIN = re.compile(r"[A-Za-z_$][\w$-]*")
_ADD, _UPDATE, _DELETE = PropertyDiff.Kind.ADD, PropertyDiff.Kind.UPDATE, PropertyDiff.Kind.DELETE
_REPLACING = {
    _ADD: PropertyDiff.Kind.ADD_REPLACE,
    _UPDATE: PropertyDiff.Kind.UPDATE_REPLACE,
    _DELETE: PropertyDiff.Kind.DELETE_REPLACE,
}


def diff(
    row: ResourceType,
    old: Mapping[str, Any],
    state: Mapping[str, Any],
    new: Mapping[str, Any],
    ignored: Iterable[str] = (),
) -> DiffResponse:
    """What an update from the old inputs to the new ones would do to the resource.

    Args:
        row: Required. Its type.
        old: Required. Inputs of the last deployment.
        state: Required. Outputs of the last deployment; an input that is new but says what Azure has is no reason to
            replace anything.
        new: Required. Inputs of the program now.
        ignored: Optional. Property paths of `ignore_changes`. An update's inputs come with them applied; a refresh
            leaves them to the provider.
    """
    unseen = [_steps(path) for path in ignored]
    changes = {
        path: change
        for path, change in _changes({"azureApiVersion": state.get("azureApiVersion"), **old}, new)
        if not any(_within(_steps(path), above) for above in unseen)
    }
    details: dict[str, PropertyDiff] = {}
    replaces = set()
    for path, (root, kind) in changes.items():
        has_it = kind == _ADD and root not in old and same(state.get(root), new[root])
        if root in row.replaced_by and not has_it:
            kind = _REPLACING[kind]
            replaces.add(root)
        details[path] = PropertyDiff(kind=kind, inputDiff=True)
    return DiffResponse(
        changes=DiffResponse.DIFF_SOME if changes else DiffResponse.DIFF_NONE,
        diffs=sorted({root for root, _ in changes.values()}),
        replaces=sorted(replaces),
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
            elif not _equal(name, old[name], value):
                kept[name] = drifted(base[name], old[name], value) if name in base else value
        return kept
    if isinstance(base, list) and isinstance(old, list) and isinstance(new, list):
        return [
            drifted(base[index], old[index], item)
            if index < min(len(base), len(old)) and not same(old[index], item)
            # An item that did not change in Azure stays as the program wrote it.
            else base[index]
            if index < min(len(base), len(old))
            else item
            for index, item in enumerate(new)
        ]
    return new


def covers(present: Any, wanted: Any) -> bool:
    """Whether all that is wanted is present, whatever else there is."""
    if isinstance(wanted, Mapping) and isinstance(present, Mapping):
        return all(
            name in present and (_equal(name, present[name], value) or covers(present[name], value))
            for name, value in wanted.items()
        )
    if isinstance(wanted, list) and isinstance(present, list):
        return len(wanted) == len(present) and all(map(covers, present, wanted))
    return same(present, wanted)


def _steps(path: str) -> list[str]:
    return [json.loads(f'"{quoted}"') if quoted else index or plain for quoted, index, plain in _STEP.findall(path)]


def _within(path: list[str], above: list[str]) -> bool:
    return len(path) >= len(above) and all(wanted in ("*", step) for step, wanted in zip(path, above, strict=False))


def _equal(name: str, old: Any, new: Any) -> bool:
    return same_location(old, new) if name == "location" else same(old, new)


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, Any]]]:
    for root in sorted((old.keys() | new.keys()) - {CREATE_BEFORE_DELETE}):
        before, after = old.get(root), new.get(root)
        if not _equal(root, before, after):
            for path, kind in _details(root, before, after):
                yield path, (root, kind)


def _details(path: str, old: Any, new: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in sorted(old.keys() | new.keys()):
            step = f".{name}" if _PLAIN.fullmatch(name) else f"[{json.dumps(name)}]"
            yield from _details(path + step, old.get(name), new.get(name))
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            before = old[index] if index < len(old) else None
            after = new[index] if index < len(new) else None
            yield from _details(f"{path}[{index}]", before, after)
    elif not same(old, new):
        yield path, _ADD if old is None else _DELETE if new is None else _UPDATE
