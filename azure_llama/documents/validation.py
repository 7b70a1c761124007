"""Converts pydantic's errors to problems of a YAML file."""

from __future__ import annotations

from dataclasses import replace
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from azure_llama.documents.problems import ValueProblem, listed, show
from azure_llama.documents.spelling import nearest

Where = tuple[str, ...]
"""The keys that lead to a place."""

KEY = "[key]"
"""The last part of the place of an error about a key itself."""
_WANTED = {
    "string_type": "a string",
    "int_type": "an integer",
    "float_type": "a number",
    "bool_type": "a boolean",
    "dict_type": "a map",
    "list_type": "a list",
    "model_type": "a map",
    "date_type": "a date, such as 2026-11-25",
    "date_from_datetime_inexact": "a date, such as 2026-11-25",
}

_TYPES = {bool: "a boolean", int: "an integer", float: "a number with a fraction", str: "a string", list: "a list"}


def translate(error: ErrorDetails, model: type[BaseModel], reference: str) -> tuple[Where, ValueProblem]:
    """The place of an error, and the error.

    Args:
        error: Required. The error.
        model: Required. The model that was validated; its fields' aliases and descriptions are what reports name.
        reference: Required. What to compare with where nothing better can be said, such as `docs/catalog.md`.
    """
    where = tuple(str(part) for part in error["loc"] if part != KEY)
    if error["loc"][-1:] == (KEY,):
        return where, ValueProblem("is not a name", "put it in quotes", show(error["input"]))
    return where, _problem(error, where, model, reference)


def _problem(error: ErrorDetails, where: Where, model: type[BaseModel], reference: str) -> ValueProblem:
    kind, value = error["type"], error["input"]
    match kind:
        case "missing":
            return ValueProblem("is missing", f"set {description(model, where)}")
        case "extra_forbidden":
            # Its value is not shown: it may be a secret in the wrong place.
            keys = keys_at(model, where[:-1])
            near = nearest(where[-1], keys)
            remedy = f"did you mean {near!r}?" if near else f"the keys here are {listed(keys)}"
            return ValueProblem("is not a key here", remedy, nearest=near)
        case "literal_error":
            return _not_one_of(value, [str(each) for each in get_args(type_at(model, where))])
        case "greater_than":
            return ValueProblem(
                f"must be greater than {error['ctx']['gt']:g}", "set its value, or remove the key", show(value)
            )
        case "finite_number":
            return ValueProblem("is not a number", "set its value, or remove the key", show(value))
        case "string_too_short":
            return ValueProblem("is empty", "set a string, or remove the key")
        case _ if kind in _WANTED:
            return wrong_type(_WANTED[kind], value)
        case _:
            # A validator of our own has its remedy after a semicolon.
            rule, _, remedy = error["msg"].partition("; ")
            if remedy:
                return ValueProblem(rule, remedy, show(value))
            return ValueProblem(f"is not valid: {rule}", f"compare with {reference}", show(value))


def wrong_type(wanted: str, value: Any) -> ValueProblem:
    """A value of another type than the one that is wanted."""
    actual = "empty" if value is None else _TYPES.get(type(value), "a map")
    remedy = f"set {wanted}"
    match wanted, value:
        case "a string", bool() | int() | float():
            remedy = "put it in quotes"
        case "an integer", float() if value.is_integer():
            remedy = f"set {int(value)}"
        case "an integer", str() if value.isascii() and value.isdigit():
            remedy = "remove the quotes"
        case "a boolean", str() if value.lower() in ("true", "false"):
            remedy = "remove the quotes"
    return ValueProblem(f"must be {wanted}, not {actual}", remedy, show(value))


def type_at(model: type[BaseModel], where: Where) -> Any:
    """The declared type at a place of a model."""
    declared: Any = model
    for part in where:
        declared = _bare(declared)
        if isinstance(declared, type) and issubclass(declared, BaseModel):
            declared = next((field.annotation for field in declared.model_fields.values() if field.alias == part), None)
        elif get_origin(declared) in (dict, list):
            declared = get_args(declared)[-1]
    return _bare(declared)


def keys_at(model: type[BaseModel], where: Where) -> tuple[str, ...]:
    """The keys that a model has at a place; none where they are names that you choose."""
    declared = type_at(model, where)
    if isinstance(declared, type) and issubclass(declared, BaseModel):
        return tuple(field.alias or name for name, field in declared.model_fields.items())
    return ()


def _bare(declared: Any) -> Any:
    """A type without its checks, and without the None that an optional key may be."""
    if get_origin(declared) is Annotated:
        return _bare(get_args(declared)[0])
    if get_origin(declared) in (Union, UnionType):
        kinds = [kind for kind in get_args(declared) if kind is not NoneType]
        return _bare(kinds[0]) if len(kinds) == 1 else declared
    return declared


def description(model: type[BaseModel], where: Where) -> str:
    """The expected value at a place, as its field describes it."""
    declared: type[BaseModel] = type_at(model, where[:-1])
    fields = declared.model_fields.items()
    found = next((field.description for name, field in fields if (field.alias or name) == where[-1]), None)
    return found or "it"


def _not_one_of(value: Any, names: list[str]) -> ValueProblem:
    valid = listed([repr(name) for name in names], " or ")
    if not isinstance(value, str):
        return replace(wrong_type(valid, value), remedy="set one of them")
    near = nearest(value, names)
    remedy = f"did you mean {near!r}?" if near else "set one of them"
    return ValueProblem(f"is not {valid}", remedy, show(value), near)
