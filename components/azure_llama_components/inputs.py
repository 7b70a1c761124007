"""Converts the JSON of a resource to the input classes of azure-native, which add the provider's defaults."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from pulumi import Output

_Inputs = TypeVar("_Inputs")


def inputs(kind: Callable[..., _Inputs], stated: Mapping[str, Any]) -> _Inputs:
    """An input class with its values, and with those that are below them.

    Args:
        kind: Required. The class.
        stated: Required. The values by the names that ARM has for them.

    Raises:
        TypeError: azure-native has no such property.
    """
    values = {_snake(name): value for name, value in stated.items()}
    below = _kinds(kind)
    return kind(**{name: _value(value, *below.get(name, (None, False))) for name, value in values.items()})


def _value(value: Any, kind: type | None, many: bool) -> Any:
    if kind is None or not isinstance(value, Mapping):
        return value
    return {name: inputs(kind, entry) for name, entry in value.items()} if many else inputs(kind, value)


@cache
def _kinds(kind: Callable[..., object]) -> dict[str, tuple[type, bool]]:
    """The input class of each property that has one, and whether the property is a map of them."""
    kinds = {}
    # `pulumi.Input` refers to `Output[T]` by name.
    for name, hint in get_type_hints(vars(kind)["__init__"], localns={"Output": Output, "T": Any}).items():
        found = next(_input_classes(hint), None)
        if found is not None:
            kinds[name] = found
    return kinds


def _input_classes(hint: Any, many: bool = False) -> Iterator[tuple[type, bool]]:
    if isinstance(hint, type) and hint.__name__.endswith("Args") and hint.__module__.startswith("pulumi_azure_native"):
        yield hint, many
    for part in get_args(hint):
        yield from _input_classes(part, many or get_origin(hint) is Mapping)


def _snake(name: str) -> str:
    return re.sub("([A-Z])", r"_\1", name).lower()
