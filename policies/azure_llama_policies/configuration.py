"""The configuration of the pack: the file for `--policy-pack-config`, validated strictly.

The engine takes a misspelt rule or setting in silence, and goes on without it. Here every one is an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, create_model

from azure_llama.catalog import nearest
from azure_llama.documents import json_text
from azure_llama.documents.errors import InputError
from azure_llama.documents.files import text_of
from azure_llama_policies.registry import rules
from azure_llama_policies.reports import REPORTS
from azure_llama_policies.rule import Level

_ALL = "all"
_LEVEL = "enforcementLevel"
_LEVELS: Mapping[str, Level | None] = {
    "advisory": Level.ADVISORY,
    "mandatory": Level.MANDATORY,
    "disabled": None,
}
_TYPES: Mapping[str, Any] = {"string": str, "integer": int, "number": float, "boolean": bool}
_PREFIX = "Value error, "
_LIMITS = {"minimum": "ge", "maximum": "le", "minLength": "min_length"}


class ConfigurationError(InputError):
    """The configuration cannot be used."""


@dataclass(frozen=True)
class Configuration:
    """The parsed configuration.

    Attributes:
        levels: Levels by policy, rules and reports alike; None is off. Policies that it does not name are missing.
        settings: Each rule's settings by the rule's id, without the level.
    """

    levels: Mapping[str, Level | None] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def load(path: Path) -> Configuration:
    """The configuration of a file.

    Raises:
        ConfigurationError: it cannot be read, or has errors.
    """
    try:
        text = text_of(path, path.name)
    except InputError as error:
        raise ConfigurationError(error.problems) from None
    return parse(text, path.name)


def parse(text: str, name: str = "the policy configuration") -> Configuration:
    """The configuration of a file's text.

    Args:
        text: Required. The text, JSON.
        name: Optional. What errors call the file.

    Raises:
        ConfigurationError: it has errors; the error has all of them.
    """
    errors: list[str] = []
    data = _policies(text, name)
    levels: dict[str, Level | None] = {}
    settings: dict[str, Mapping[str, Any]] = {}
    known = {rule.id: rule.config for rule in rules()} | {report: {} for report in REPORTS}
    if _ALL in data:
        level = _level(f"{name}: {_ALL}", data[_ALL], errors)
        levels = dict.fromkeys(known, level)
    for policy, given in data.items():
        if policy == _ALL:
            continue
        place = f"{name}: {policy}"
        if policy not in known:
            errors.append(f"{place}: is not a policy of this pack; {_near(policy, known)}")
            continue
        stated = given if isinstance(given, dict) else {_LEVEL: given}
        if _LEVEL in stated:
            levels[policy] = _level(place, stated[_LEVEL], errors)
        values = {key: value for key, value in stated.items() if key != _LEVEL}
        settings |= {policy: _settings(place, policy, values, errors)} if values else {}
    if errors:
        raise ConfigurationError(errors)
    return Configuration(levels, settings)


def _policies(text: str, name: str) -> dict[str, Any]:
    """The policies by their ids, as the text has them.

    Raises:
        ConfigurationError: it is not JSON, or not an object.
    """
    try:
        data = json_text.parse(text, name)
    except InputError as error:
        raise ConfigurationError(error.problems) from None
    if not isinstance(data, dict):
        raise ConfigurationError([f"{name}: it is not an object; write the policies as its keys"])
    return data


def _level(place: str, given: Any, errors: list[str]) -> Level | None:
    if not isinstance(given, str) or given not in _LEVELS:
        hint = "; no rule of this pack repairs anything" if given == "remediate" else ""
        errors.append(f"{place}: {given!r} is not a level{hint}; write {', '.join(_LEVELS)}")
        return None
    return _LEVELS[given]


def _settings(place: str, policy: str, values: Mapping[str, Any], errors: list[str]) -> Mapping[str, Any]:
    model = _models()[policy]
    try:
        model.model_validate(values, strict=True)
    except ValidationError as error:
        for each in error.errors(include_url=False):
            key = ".".join(map(str, each["loc"]))
            if each["type"] == "extra_forbidden":
                errors.append(f"{place}: {key!r} is not a setting of it; {_near(key, [_LEVEL, *model.model_fields])}")
            else:
                errors.append(f"{place}: {key}: {each['input']!r} will not do: {each['msg'].removeprefix(_PREFIX)}")
    return values


@cache
def _models() -> Mapping[str, type[BaseModel]]:
    """A model of each policy's settings."""
    reports: dict[str, Mapping[str, Mapping[str, Any]]] = {report: {} for report in REPORTS}
    schemas = {rule.id: rule.config for rule in rules()} | reports
    return {policy: _model(policy, config) for policy, config in schemas.items()}


def _model(policy: str, config: Mapping[str, Mapping[str, Any]]) -> type[BaseModel]:
    fields: dict[str, Any] = {key: (_type(schema), None) for key, schema in config.items()}
    return create_model(policy, __config__=ConfigDict(extra="forbid"), **fields)


def _type(schema: Mapping[str, Any]) -> Any:
    if schema["type"] == "array":
        return list[_type(schema["items"])]  # type: ignore[misc]  # a type that is made here
    limits = {word: schema[key] for key, word in _LIMITS.items() if key in schema}
    if schema.get("format") == "date":
        return Annotated[str, AfterValidator(_day)]
    return Annotated[_TYPES[schema["type"]], Field(**limits)]


def _day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValueError("write a day as YYYY-MM-DD") from None
    return text


def _near(text: str, names: Iterable[str]) -> str:
    names = sorted(names)
    near = nearest(text, names)
    return f"did you mean {near!r}?" if near else f"there are {', '.join(names)}"
