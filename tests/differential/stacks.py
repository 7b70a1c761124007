"""Whole stacks, drawn from the JSON Schema of the settings: a new option is drawn without a change here.

Names of models, regions, SKUs and sizes come from rows of the catalogue, so that many stacks are ones that Azure takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import Any

from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from azure_llama.catalog import Catalog
from azure_llama.settings.base import StrictModel
from azure_llama.settings.partial import declared_type
from azure_llama.settings.schema import stack_schema
from tests.differential.circumstances import circumstances
from tests.differential.gateways import gateways
from tests.differential.repair import Config, repaired
from tests.differential.rows import ROWS, SINGLE, WORDS

_CATALOG = Catalog.package()
_SCHEMA = stack_schema(_CATALOG)
_CONFIG = _SCHEMA["properties"]["config"]["properties"]


def _subclasses(model: type[StrictModel]) -> Iterator[tuple[str, type[StrictModel]]]:
    for each in model.__subclasses__():
        yield each.__name__, each
        yield from _subclasses(each)


_ONE_IN = st.shared(st.sampled_from((0, 1, 2, 4, 4, 4, 6)), key="one in")
"""How few optional keys a stack sets: the chance of each is one in one more than this."""
_CLASSES = dict(_subclasses(StrictModel))


@cache
def _part(name: str) -> st.SearchStrategy[Any]:
    return st.deferred(lambda: _object(name))


@st.composite
def _object(draw: st.DrawFn, name: str) -> Config:
    """The required keys, a few of the others, and the keys of a row over them."""
    schema, rows = _SCHEMA["definitions"][name], ROWS.get(name)
    found: Config = {}
    required, most = schema.get("required", ()), draw(_ONE_IN)
    for key, value in schema["properties"].items():
        if key in required or draw(st.integers(0, most)) == most:
            found[key] = draw(_field(name, key, value))
    if rows and draw(st.integers(0, 9)) < 9:
        found |= draw(st.sampled_from(rows))
    return found


@cache
def _words(name: str, key: str, listed: bool) -> tuple[str, ...]:
    """The texts of the pool that a key takes by itself."""
    field = next(field for own, field in _CLASSES[name].model_fields.items() if (field.alias or own) == key)
    adapter = TypeAdapter(declared_type(field))

    def fits(word: str) -> bool:
        with suppress(ValidationError):
            adapter.validate_python([word] if listed else word, strict=True, context=_CATALOG)
            return True
        return False

    return tuple(filter(fits, WORDS))


def _field(name: str, key: str, schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    parts = [part for part in schema.get("anyOf", [schema]) if part.get("type") != "null"]
    inner = parts[0].get("items", parts[0]) if len(parts) == 1 else {}
    if inner.get("type") == "string":
        listed = "items" in parts[0]
        if words := _words(name, key, listed):
            return st.lists(st.sampled_from(words), min_size=1, max_size=3) if listed else st.sampled_from(words)
    return _value(schema, key)


@st.composite
def _map(draw: st.DrawFn, schema: Mapping[str, Any], key: str) -> Config:
    names = _text(schema.get("propertyNames", {}), key)
    size = draw(st.sampled_from((1, 1, 1, 2, 2, 3)))
    entries = [draw(_value(schema["additionalProperties"], key)) for _ in range(size)]
    if draw(st.integers(0, 9)) < 9:  # Azure takes one serverless endpoint of a model
        models = [each.get("model") if isinstance(each, dict) and "vmSize" not in each else None for each in entries]
        entries = [each for at, each in enumerate(entries) if models[at] is None or models[at] not in models[:at]]
    return {draw(names): entry for entry in entries}


def _text(schema: Mapping[str, Any], key: str) -> st.SearchStrategy[str]:
    """Texts of the pool that the schema takes; texts of its pattern when it takes none of them."""
    pattern, least, most = schema.get("pattern", ""), schema.get("minLength", 0), schema.get("maxLength", 200)
    fitting = [word for word in WORDS if re.search(pattern, word) and least <= len(word) <= most]
    if not fitting:
        return st.from_regex(pattern, fullmatch=True).filter(lambda text: least <= len(text) <= most)
    return st.sampled_from(fitting)


def _integer(schema: Mapping[str, Any]) -> st.SearchStrategy[int]:
    least = schema.get("minimum", 0)
    most = schema.get("maximum", least + 1000)
    usual = st.integers(least, min(most, least + 3))
    return st.one_of(usual, usual, st.just(most), st.integers(least, most), st.just(most + 1))


@cache
def _choices(key: str, names: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    every = st.sampled_from(names)
    return st.one_of(*[st.sampled_from(SINGLE[key])] * 12, every) if key in SINGLE else every


def _value(schema: Mapping[str, Any], key: str) -> st.SearchStrategy[Any]:
    if "$ref" in schema:
        return _part(schema["$ref"].rsplit("/", 1)[1])
    if "anyOf" in schema:
        parts = [part for part in schema["anyOf"] if part.get("type") != "null" and "maxProperties" not in part]
        named = [part for part in parts if "enum" in part]
        return st.one_of(*(_value(part, key) for part in (named or parts)))
    if "enum" in schema:
        return _choices(key, tuple(schema["enum"]))
    match schema.get("type"):
        case "boolean":
            return st.booleans()
        case "integer":
            return _integer(schema)
        case "number":
            return st.sampled_from((0.1, 0.5, 1.0))
        case "array":
            return st.lists(_value(schema["items"], key), min_size=1, max_size=3)
        case "object" if schema.get("additionalProperties"):
            return _map(schema, key)
        case "object":
            return st.just({})
    return _text(schema, key)


_KINDS = ("azure-llama:serverless", "azure-llama:managed", "azure-llama:foundry")


@st.composite
def configurations(draw: st.DrawFn) -> Config:
    """Stacks whose settings are nearly valid."""
    most = draw(_ONE_IN)
    kinds = set(draw(st.lists(st.sampled_from(_KINDS), min_size=1, max_size=2, unique=True)))
    found: Config = {"azure-native:location": draw(_value(_CONFIG["azure-native:location"], "azure-native:location"))}
    for key, schema in _CONFIG.items():
        if key == "azure-llama:gateway":
            continue
        if (
            key in kinds
            or key == "azure-llama:workspace"
            or (key not in _KINDS and key not in found and draw(st.integers(0, most)) == most)
        ):
            found[key] = draw(_value(schema, key))
    if kinds == {"azure-llama:foundry"} and draw(st.booleans()):
        del found["azure-llama:workspace"]
    elif draw(st.integers(0, 9)) < 8:
        found["azure-llama:workspace"] = found["azure-llama:workspace"] | {"name": "llama-dev"}
        found["azure-llama:workspace"].pop("id", None)
    if draw(st.integers(0, 2)) == 2 and (gateway := draw(gateways(found, _part("GatewaySettings")))):
        found["azure-llama:gateway"] = gateway
    for tag in found.get("azure-llama:requiredTags", ()):
        found.setdefault("azure-llama:tags", {}).setdefault(tag, "one")
    return found


def stacks() -> st.SearchStrategy[Config]:
    """Stacks whose settings are valid; whether Azure takes them is for rules, preflight and sandbox to say."""
    return configurations().map(repaired)


@st.composite
def deployments(draw: st.DrawFn) -> tuple[Config, Config]:
    """Stacks whose settings are valid, and the circumstances in Azure in which each is deployed."""
    config = draw(stacks())
    return config, draw(circumstances(config))
