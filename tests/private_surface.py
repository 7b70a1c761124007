"""Compares the private parts of an SDK that the package uses with what they were when the code was written."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import version
from typing import Any


def describe(name: str) -> str:
    """What a `module:attribute` is: the signature of a function or class, the value of a constant, else its type.

    Of an `__init__` it is the private names in its body: the attributes that a subclass has to set in its place.
    """
    module, _, path = name.partition(":")
    value: Any = import_module(module)
    for part in path.split("."):
        if not hasattr(value, part):
            return "missing"
        value = getattr(value, part)
    if path.endswith(".__init__"):
        return " ".join(name for name in value.__code__.co_names if name.startswith("_"))
    if inspect.isclass(value) or inspect.isroutine(value):
        parameters = ", ".join(inspect.signature(value).parameters)
        return f"({parameters})"
    return str(value) if isinstance(value, str) else type(value).__name__


def check(distribution: str, written_for: str, module: str, surface: Mapping[str, str]) -> None:
    """Fail when an SDK's private parts are not what they were, and say which and where to adapt.

    Args:
        distribution: Required. Name of the SDK's distribution.
        written_for: Required. The version that the parts were read in.
        module: Required. The module of the package that uses them.
        surface: Required. `module:attribute` to its description.
    """
    now = {name: describe(name) for name in surface}
    changed = [f"  {name}: was {was}, is {now[name]}" for name, was in surface.items() if now[name] != was]
    assert not changed, (
        f"{module} uses private parts of {distribution} {written_for}; in {version(distribution)} they differ. Adapt"
        " the module, its WRITTEN_FOR and this test:\n" + "\n".join(changed)
    )
