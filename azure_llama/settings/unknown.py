"""Replaces unknown values by valid ones, so that the configuration is checked and the program runs.

Each unknown value has two stand-ins, one for each mark. A result that differs between them depends on the value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from azure_llama.catalog import Catalog
from azure_llama.catalog.gateways import USABLE
from azure_llama.documents.unknown import ALTERNATE, contains_mark, is_unknown
from azure_llama.settings.base import StrictModel
from azure_llama.settings.partial import bare, declared_type

_ARM_TYPES = (
    "Microsoft.MachineLearningServices/workspaces/unknown",
    "Microsoft.ManagedIdentity/userAssignedIdentities/unknown",
    "Microsoft.KeyVault/vaults/unknown",
    "Microsoft.Network/virtualNetworks/unknown/subnets/unknown",
    "Microsoft.Network/virtualNetworks/unknown",
    "Microsoft.ContainerRegistry/registries/unknown",
    "Microsoft.CognitiveServices/accounts/unknown",
    "Microsoft.OperationalInsights/workspaces/unknown",
    "Microsoft.ApiManagement/service/unknown",
    "Microsoft.Insights/components/unknown",
)
_TEXTS = (
    *("unknown1", "unknown2", "10.250.0.0/16", "10.251.0.0/16", "Standard_DS3_v2", "Standard_DS4_v2"),
    *("unknown/unknown/unknown1", "unknown/unknown/unknown2", "a@unknown1.com", "a@unknown2.com"),
    *("https://unknown1", "https://unknown2"),
    *("2026-11-01", "2026-12-01", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z", "08:00", "09:00"),
    *(
        "PT1S",
        "PT2S",
        "/unknown1",
        "/unknown2",
        "unknown/1.py",
        "unknown/2.py",
        "azureml:unknown:1",
        "azureml:unknown:2",
    ),
)
_NUMBERS = range(1000)


class NoStandInError(Exception):
    """An unknown value has no stand-in.

    Attributes:
        where: The keys that lead to it.
    """

    def __init__(self, where: tuple[str, ...]) -> None:
        self.where = where
        super().__init__(where)


def filled(declared: Any, value: Any, catalog: Catalog, where: tuple[str, ...] = ()) -> Any:
    """A value of a configuration with placeholders for its unknown parts.

    Args:
        declared: Required. The type that it must have.
        value: Required. The value, as the configuration has it.
        catalog: Required. The catalogue that values are checked against.
        where: Optional. The keys that lead to it.

    Raises:
        NoStandInError: no stand-in is valid for an unknown value.
    """
    type_ = bare(declared)
    if is_unknown(value):
        found = _stand_in(declared, value, catalog)
        if found is None:
            raise NoStandInError(where)
        return found[0]
    if isinstance(value, Mapping):
        inner = _fields(type_) if _is_model(type_) else None
        entry = get_args(type_)[1] if get_origin(type_) is dict else Any
        types = {key: inner.get(key, Any) if inner is not None else entry for key in value}
        return {key: filled(types[key], each, catalog, (*where, key)) for key, each in value.items()}
    if isinstance(value, list):
        entry = get_args(type_)[0] if get_origin(type_) is list else Any
        return [filled(entry, each, catalog, (*where, str(index))) for index, each in enumerate(value)]
    return value


def _is_model(type_: Any) -> bool:
    return isinstance(type_, type) and issubclass(type_, StrictModel)


def _fields(model: type[StrictModel]) -> dict[str, Any]:
    """The declared type of each key of a model."""
    return {field.alias or name: declared_type(field) for name, field in model.model_fields.items()}


def _stand_in(declared: Any, mark: str, catalog: Catalog) -> tuple[Any] | None:
    """The first valid candidate, or the second one for the second mark; one that has the mark in it serves both."""
    candidates = _candidates(bare(declared), mark, catalog)
    valid = list(islice(_valid(declared, candidates, catalog), 2))
    if not valid:
        return None
    marked = isinstance(valid[0], str) and contains_mark(valid[0])
    return (valid[-1 if mark == ALTERNATE and not marked else 0],)


def _valid(declared: Any, candidates: Iterable[Any], catalog: Catalog) -> Iterator[Any]:
    adapter = TypeAdapter(declared)
    for candidate in candidates:
        try:
            adapter.validate_python(candidate, strict=True, context=catalog, by_alias=True, by_name=False)
        except ValidationError:
            continue
        yield candidate


def _candidates(type_: Any, mark: str, catalog: Catalog) -> Iterator[Any]:
    if _is_model(type_):
        # A section that Pulumi passes as empty is as good as none.
        return chain(_models(type_, mark, catalog), ({},))
    origin = get_origin(type_)
    if origin is dict:
        key, entry = get_args(type_)
        return _collections({}, (_stand_in(key, mark, catalog), _stand_in(entry, mark, catalog)))
    if origin is list:
        return _collections([], (_stand_in(get_args(type_)[0], mark, catalog),))
    if origin is Literal:
        return iter(get_args(type_))
    if origin in (Union, UnionType):
        return (each for part in get_args(type_) for each in _candidates(bare(part), mark, catalog))
    plain: Mapping[Any, Iterable[Any]] = {bool: (False, True), int: _NUMBERS, float: (0.5, 0.25, 1.0, 2.0)}
    return iter(plain[type_]) if type_ in plain else _texts(mark, catalog)


def _collections(empty: Any, parts: tuple[tuple[Any] | None, ...]) -> Iterator[Any]:
    """An empty one, and one with an entry."""
    yield empty
    known = [part[0] for part in parts if part is not None]
    if len(known) == len(parts):
        yield {known[0]: known[1]} if isinstance(empty, dict) else known


def _models(model: type[StrictModel], mark: str, catalog: Catalog) -> Iterator[Any]:
    """The smallest valid one, and one that has something else for as many keys as can be."""
    fields = _fields(model)
    required = [field.alias or name for name, field in model.model_fields.items() if field.is_required()]
    smallest = {key: found[0] for key in required if (found := _stand_in(fields[key], mark, catalog)) is not None}
    more = [
        (key, found[0])
        for key, declared in fields.items()
        for each in dict.fromkeys((mark, ALTERNATE))
        if key not in required and (found := _stand_in(declared, each, catalog)) is not None
    ]
    entries = next(_valid(model, [smallest, *({**smallest, key: value} for key, value in more)], catalog), None)
    if entries is None:
        return
    yield entries
    for key, value in more:
        if key not in entries:
            entries = next(_valid(model, [{**entries, key: value}], catalog), entries)
    yield entries


def _texts(mark: str, catalog: Catalog) -> Iterator[str]:
    yield mark
    yield f"{mark}@example.com"
    yield from (f"/subscriptions/{mark}/resourceGroups/unknown/providers/{type_}" for type_ in _ARM_TYPES)
    yield f"https://unknown.vault.azure.net/keys/{mark}/{'0' * 32}"
    yield from _TEXTS
    yield from (
        row.name for rows in (catalog.models, catalog.regions, catalog.gpu_sizes, catalog.kinds) for row in rows
    )
    yield from USABLE
