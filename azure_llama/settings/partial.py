"""The valid values of a configuration that also has invalid ones, typed, so that relations between them are checked.

An invalid field has no value: reading it raises `InvalidValueError`, which ends the relation that needs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from azure_llama.catalog import Catalog
from azure_llama.settings.base import InvalidValueError, StrictModel


class _Invalid:
    """The value of an invalid entry of a map, so that relations of the keys are checked."""

    def __getattr__(self, name: str) -> Any:
        raise InvalidValueError(name)


_INVALID = _Invalid()


def bare(declared: Any) -> Any:
    """A type without its checks, and without the None that an optional key may be."""
    if get_origin(declared) is Annotated:
        return bare(get_args(declared)[0])
    if get_origin(declared) in (Union, UnionType):
        types = [type_ for type_ in get_args(declared) if type_ is not NoneType]
        return bare(types[0]) if len(types) == 1 else declared
    return declared


def declared_type(field: FieldInfo) -> Any:
    """The type of a field, with its checks."""
    return Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation


@cache
def _adapter(declared: Any) -> TypeAdapter[Any]:
    return TypeAdapter(declared)


def partial(model: type[StrictModel], entries: Mapping[str, Any], catalog: Catalog) -> StrictModel:
    """A model with the valid ones of its fields, down to the last level.

    Args:
        model: Required. The model.
        entries: Required. What the configuration has for it.
        catalog: Required. The catalogue that values are checked against.
    """
    fields = model.model_fields
    stated = {name: entries[key] for name, field in fields.items() if (key := field.alias or name) in entries}
    typed = {name: _typed(declared_type(fields[name]), value, catalog) for name, value in stated.items()}
    valid = {name: part for name, part in typed.items() if part is not _INVALID}
    made = model.model_construct(set(stated), **valid)
    made.model_post_init(catalog)
    for name, field in fields.items():
        if name not in valid and (name in stated or field.is_required()):
            made.__dict__.pop(name, None)
    return made


def _typed(declared: Any, value: Any, catalog: Catalog) -> Any:
    with suppress(ValidationError):
        return _adapter(declared).validate_python(value, strict=True, context=catalog, by_alias=True, by_name=False)
    type_ = bare(declared)
    if isinstance(type_, type) and issubclass(type_, StrictModel):
        return partial(type_, value, catalog) if isinstance(value, Mapping) else _INVALID
    if get_origin(type_) is dict and isinstance(value, Mapping):
        return {key: _typed(get_args(type_)[1], entry, catalog) for key, entry in value.items()}
    if get_origin(type_) is list and isinstance(value, list):
        entries = [_typed(get_args(type_)[0], entry, catalog) for entry in value]
        return _INVALID if any(entry is _INVALID for entry in entries) else entries
    return _INVALID
