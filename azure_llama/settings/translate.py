"""From pydantic's errors to violations, in the terms of YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from azure_llama.catalog import nearest
from azure_llama.settings import problems
from azure_llama.settings.models import Settings
from azure_llama.settings.partial import bare
from azure_llama.settings.problems import Violation, Where, listed, misspelt, show

_KEY = "[key]"
_VARIABLES = "environmentVariables"
"""The key below which a value may be a secret, which does not belong there."""
_WANTED = {
    "string_type": "a string",
    "int_type": "an integer",
    "float_type": "a number",
    "bool_type": "a boolean",
    "dict_type": "a map",
    "list_type": "a list",
    "model_type": "a map",
    "date_type": "a string",
    "datetime_type": "a string",
    "time_type": "a string",
}
_TYPES = {bool: "a boolean", int: "an integer", float: "a number with a fraction", str: "a string", list: "a list"}


def _type_at(loc: Where) -> Any:
    """The declared type at a place of the settings."""
    declared: Any = Settings
    for part in loc:
        declared = bare(declared)
        if isinstance(declared, type) and issubclass(declared, BaseModel):
            declared = next((field.annotation for field in declared.model_fields.values() if field.alias == part), None)
        elif get_origin(declared) in (dict, list):
            declared = get_args(declared)[-1]
    return bare(declared)


def keys_at(loc: Where) -> tuple[str, ...]:
    """The keys that the settings have at a place."""
    declared = _type_at(loc)
    if isinstance(declared, type) and issubclass(declared, BaseModel):
        return tuple(field.alias or name for name, field in declared.model_fields.items())
    return ()


def wanted_at(loc: Where) -> str:
    """What belongs at a place that has more below it: a map or a list."""
    return "a list" if get_origin(_type_at(loc)) is list else "a map"


def _description(loc: Where) -> str:
    declared: type[BaseModel] = _type_at(loc[:-1])
    field = next(field for field in declared.model_fields.values() if field.alias == loc[-1])
    return field.description or "it"


def _wrong_type(wanted: str, value: Any) -> Violation:
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
    return Violation(f"must be {wanted}, not {actual}", remedy)


def _unknown_key(loc: Where) -> Violation:
    keys = keys_at(loc[:-1])
    near = nearest(loc[-1], keys)
    remedy = f"did you mean {near!r}?" if near else f"the keys here are {listed(keys)}"
    # Its value is not shown: it may be a secret that was put into the wrong place.
    return Violation("is not a key here", remedy, near, shown=show(loc[-1]))


def _not_one_of(loc: Where, value: Any) -> Violation:
    names = [str(name) for name in get_args(_type_at(loc))]
    valid = listed([repr(name) for name in names], " or ")
    if isinstance(value, str):
        return misspelt(value, names, f"is not {valid}", "set one of them")
    return replace(_wrong_type(valid, value), remedy="set one of them")


def _violation(kind: str, loc: Where, value: Any, context: Mapping[str, Any]) -> Violation:
    match kind:
        case problems.VALUE:
            violation: Violation = context["violation"]
            return violation
        case "missing":
            return Violation("is missing", f"set {_description(loc)}", shown="")
        case "extra_forbidden":
            return _unknown_key(loc)
        case "literal_error":
            return _not_one_of(loc, value)
        case _ if kind in _WANTED:
            return _wrong_type(_WANTED[kind], value)
        case _:
            return Violation("is not what belongs here", "compare with Pulumi.dev.yaml")


def translate(error: ErrorDetails) -> tuple[Where, Violation]:
    """The place of an error that pydantic reports, from the settings' own key on, and the violation there."""
    parts = tuple(str(part) for part in error["loc"])
    about_key = parts[-1:] == (_KEY,)
    loc = parts[:-1] if about_key else parts
    violation = _violation(error["type"], loc, error["input"], error.get("ctx", {}))
    if about_key:
        violation = replace(violation, shown=show(error["input"]))
    elif _VARIABLES in loc:
        violation = replace(violation, shown="it")
    return loc, violation
