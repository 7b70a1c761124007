"""Maps each setting to the property of an Azure resource that it sets, and to its JSON.

An option is one row: a field of the settings with a `Wire`. The request bodies of the components, the places of `check`
and the reference tables of the documentation are derived from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from azure_llama.settings.base import StrictModel

ANY = "*"
"""Any key of a map, in the path of a property and in that of a setting."""
EACH = "[]"
"""Any entry of a list, in the path of a setting."""
STORAGE_ACCOUNT = "storage:StorageAccount"
KEY_VAULT = "keyvault:Vault"


def same(value: Any) -> Any:
    """The value as it is."""
    return value


def unless_empty(value: Any) -> Any:
    """A map or list; None, which leaves the property out, when it is empty."""
    return value or None


def enabled(value: bool) -> str:
    """`Enabled` or `Disabled`."""
    return "Enabled" if value else "Disabled"


def seconds(number: int) -> str:
    """A duration in ISO 8601: `PT180S`."""
    return f"PT{number}S"


@dataclass(frozen=True)
class Wire:
    """A property that a setting decides, as metadata of its field.

    Attributes:
        path: Required. The property, named as in the inputs of azure-native: `properties.instanceType`. Below a
            setting that has a path itself, relative to that path.
        encode: Optional. From the setting's value to JSON, or to None, which leaves the property out; None where the
            component builds the value.
        resource: Optional. The type of azure-native, without its prefix; that of the settings' class when None.
    """

    path: str
    encode: Callable[[Any], Any] | None = same
    resource: str | None = None


def decides(path: str, resource: str | None = None) -> Wire:
    """A property that the component builds, from this setting and from others."""
    return Wire(path, None, resource)


@dataclass(frozen=True)
class Option:
    """One setting, with all that leads to it.

    Attributes:
        keys: Its keys in YAML, from the class that was asked for down; `ANY` and `EACH` for those of maps and lists.
        names: The same, as attributes of Python.
        owner: The class that has the field.
        field: The field.
        section: The class of the settings below it; None where there are none.
        wires: The properties that it decides, each with its whole path and its type of resource.
    """

    keys: tuple[str, ...]
    names: tuple[str, ...]
    owner: type[StrictModel]
    field: FieldInfo
    section: type[StrictModel] | None
    wires: tuple[Wire, ...]


def options(settings: type[StrictModel]) -> Iterator[Option]:
    """All settings of a class, and of the classes below it, each before those below it."""
    return _options(settings, Option((), (), settings, FieldInfo(), settings, ()), "", settings.wire_resource)


def _options(settings: type[StrictModel], above: Option, prefix: str, resource: str | None) -> Iterator[Option]:
    for name, field in settings.model_fields.items():
        section, steps = _section(field.annotation)
        own = [wire for wire in field.metadata if isinstance(wire, Wire)]
        wires = tuple(
            replace(
                wire,
                path=wire.path if wire.resource else _joined(prefix, wire.path),
                resource=wire.resource or resource,
            )
            for wire in own
        )
        keys, names = (*above.keys, field.alias or name), (*above.names, name)
        option = Option(keys, names, settings, field, section, wires)
        yield option
        if section is not None:
            inside = replace(option, keys=(*keys, *steps), names=(*names, *steps))
            if section.wire_resource is not None:
                yield from _options(section, inside, "", section.wire_resource)
            else:
                here = [wire.path for wire in wires if wire.resource == resource]
                yield from _options(section, inside, here[0] if here else prefix, resource)


def _section(annotation: Any) -> tuple[type[StrictModel] | None, tuple[str, ...]]:
    """The class of the settings in a type, and the steps through maps and lists that lead to it."""
    if isinstance(annotation, type) and issubclass(annotation, StrictModel):
        return annotation, ()
    origin = get_origin(annotation)
    steps = {dict: (ANY,), list: (EACH,)}.get(origin, ())
    for part in get_args(annotation) if origin in (dict, list, Annotated, Union, UnionType) else ():
        section, below = _section(part)
        if section is not None:
            return section, (*steps, *below)
    return None, ()


def _joined(prefix: str, path: str) -> str:
    return ".".join(part for part in (prefix, path) if part)


def body(settings: type[StrictModel], values: object) -> dict[str, Any]:
    """The JSON of a resource.

    Args:
        settings: Required. The settings of the resource.
        values: Required. An object with an attribute for each of them; a component's arguments, for example.
    """
    stated: dict[str, Any] = {}
    for option in options(settings):
        for wire in option.wires if option.section is None else ():
            if wire.encode is None or wire.resource != settings.wire_resource:
                continue
            for entries, value in _values(values, option.names):
                encoded = None if value is None else wire.encode(value)
                if encoded is not None:
                    _put(stated, filled(wire.path.split("."), entries), encoded)
    return stated


def filled(path: list[str] | tuple[str, ...], entries: tuple[str, ...]) -> list[str]:
    """A path with the names of the entries instead of its first `ANY`s."""
    left = list(entries)
    return [left.pop(0) if part == ANY and left else part for part in path]


def _values(
    values: Any, names: tuple[str, ...], entries: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    if not names or values is None:
        yield entries, values
    elif names[0] == ANY:
        for entry, value in values.items():
            yield from _values(value, names[1:], (*entries, entry))
    else:
        yield from _values(getattr(values, names[0]), names[1:], entries)


def _put(stated: dict[str, Any], path: list[str], value: Any) -> None:
    first, *rest = path
    for key in list(stated) if first == ANY else [first]:
        if rest:
            _put(stated.setdefault(key, {}), rest, value)
        else:
            stated[key] = value
