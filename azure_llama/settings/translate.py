"""What pydantic finds, in sentences that a person with a YAML file can use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from azure_llama.catalog import nearest
from azure_llama.settings.checks import Finding, misspelt
from azure_llama.settings.models import Settings
from azure_llama.settings.problems import Where, show

_KEY = "[key]"
_VARIABLES = "environmentVariables"
"""The key below which a value may be a secret that nobody should have put there."""
_WANTED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "dict_type": "a map",
    "list_type": "a list",
    "model_type": "a map",
    "date_type": "a text",
    "datetime_type": "a text",
    "time_type": "a text",
}


def _kind(value: Any) -> str:
    """What a value is, in YAML's terms."""
    match value:
        case None:
            return "empty"
        case bool():
            return "a truth value"
        case int():
            return "a whole number"
        case float():
            return "a number with a fraction"
        case str():
            return "a text"
        case list():
            return "a list"
        case _:
            return "a map"


def _bare(declared: Any) -> Any:
    """A type without its checks, and without the None that an optional key may be."""
    if get_origin(declared) is Annotated:
        return _bare(get_args(declared)[0])
    if get_origin(declared) in (Union, UnionType):
        kinds = [kind for kind in get_args(declared) if kind is not NoneType]
        return _bare(kinds[0]) if len(kinds) == 1 else declared
    return declared


def _type_at(loc: Where) -> Any:
    """The declared type at a place of the settings."""
    declared: Any = Settings
    for part in loc:
        declared = _bare(declared)
        if isinstance(declared, type) and issubclass(declared, BaseModel):
            declared = next((field.annotation for field in declared.model_fields.values() if field.alias == part), None)
        elif get_origin(declared) in (dict, list):
            declared = get_args(declared)[-1]
    return _bare(declared)


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


def _wrong_type(wanted: str, value: Any) -> Finding:
    rule = f"is {_kind(value)}, not {wanted}"
    if wanted == "a text" and isinstance(value, bool | int | float):
        return Finding(rule, "put it in quotes")
    if wanted == "a whole number" and isinstance(value, float) and value.is_integer():
        return Finding(rule, f"write {int(value)}")
    if wanted == "a whole number" and isinstance(value, str) and value.isascii() and value.isdigit():
        return Finding(rule, "write it without quotes")
    if wanted == "true or false" and isinstance(value, str) and value.lower() in ("true", "false"):
        return Finding(rule, "write it without quotes")
    return Finding(rule, f"write {wanted}")


def _unknown_key(loc: Where) -> Finding:
    keys = keys_at(loc[:-1])
    near = nearest(loc[-1], keys)
    way_out = f"did you mean {near!r}?" if near else f"the keys here are {', '.join(keys)}"
    # Its value is not shown: it may be a secret that was put into the wrong place.
    return Finding("is not a key here", way_out, near, shown=show(loc[-1]))


def _not_one_of(loc: Where, value: Any) -> Finding:
    names = [str(each) for each in get_args(_type_at(loc))]
    listed = " or ".join(repr(name) for name in names)
    if isinstance(value, str):
        return misspelt(value, names, f"is not {listed}", "write one of them")
    return _wrong_type(listed, value)


def _finding(kind: str, loc: Where, value: Any, context: Mapping[str, Any]) -> Finding:
    match kind:
        case "azure_llama":
            finding: Finding = context["finding"]
            return finding
        case "missing":
            return Finding("is missing", f"write {_description(loc)}", shown="")
        case "extra_forbidden":
            return _unknown_key(loc)
        case "literal_error":
            return _not_one_of(loc, value)
        case _ if kind in _WANTED:
            return _wrong_type(_WANTED[kind], value)
        case _:
            return Finding("is not what belongs here", "compare with Pulumi.dev.yaml")


def translate(error: ErrorDetails) -> tuple[Where, Finding]:
    """The keys to the mistake that an error is about, and the finding there."""
    parts = tuple(str(part) for part in error["loc"])
    about_key = parts[-1:] == (_KEY,)
    loc = parts[:-1] if about_key else parts
    finding = _finding(error["type"], loc, error["input"], error.get("ctx", {}))
    if _VARIABLES in loc and not about_key:
        finding = replace(finding, shown="it")
    return loc, replace(finding, shown=show(error["input"])) if about_key else finding
