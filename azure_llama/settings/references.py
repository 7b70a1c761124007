"""Finds the settings whose values are ids of resources outside the stack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

from pydantic import AfterValidator
from pydantic.fields import FieldInfo

from azure_llama.settings.base import StrictModel
from azure_llama.settings.ids import IdCheck, Refers
from azure_llama.settings.wire import ANY, EACH, Option, options


@dataclass(frozen=True)
class Reference:
    """A value that names something outside the stack.

    Attributes:
        place: Required. The keys that lead to it: `workspace.network.privateEndpoint.subnetId`.
        text: Required. The value.
        refers: Required. What it is the id of.
        owner: Required. The settings that have it.
    """

    place: str
    text: str
    refers: Refers
    owner: StrictModel


@cache
def referring(settings: type[StrictModel]) -> tuple[tuple[Option, Refers], ...]:
    """The options of a class, and of the classes below it, whose values are ids."""
    found = ((option, _refers(option.field)) for option in options(settings))
    return tuple((option, refers) for option, refers in found if refers is not None)


def references(settings: StrictModel) -> list[Reference]:
    """All values of settings that are ids, in the order of the settings."""
    return [
        Reference(".".join(keys), text, refers, owner)
        for option, refers in referring(type(settings))
        for keys, text, owner in _values(settings, option.names, option.keys, settings)
        if isinstance(text, str)
    ]


def _refers(field: FieldInfo) -> Refers | None:
    return next(_marks([field.annotation, *field.metadata]), None)


def _marks(parts: list[Any]) -> Iterator[Refers]:
    for part in parts:
        match part:
            case Refers():
                yield part
            case AfterValidator(func=IdCheck(refers=refers)):
                yield refers
            case _ if get_args(part) and not isinstance(part, type):
                yield from _marks(list(getattr(part, "__metadata__", ())) + list(get_args(part)))


def _values(
    value: Any, names: tuple[str, ...], keys: tuple[str, ...], owner: StrictModel
) -> Iterator[tuple[tuple[str, ...], Any, StrictModel]]:
    """The values at a path, each with its own keys and the settings that have it."""
    if value is None:
        return
    if not names:
        entries = enumerate(value) if isinstance(value, list) else ((None, value),)
        yield from ((() if index is None else (str(index),), entry, owner) for index, entry in entries)
        return
    here = value if isinstance(value, StrictModel) else owner
    if names[0] in (ANY, EACH):
        steps = value.items() if names[0] == ANY else enumerate(value)
    else:
        steps = [(keys[0], getattr(value, names[0]))]
    for key, inside in steps:
        for rest, found, owning in _values(inside, names[1:], keys[1:], here):
            yield (str(key), *rest), found, owning
