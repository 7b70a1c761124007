"""Whole stacks, drawn from the JSON Schema of the settings: a new option is drawn without a change here.

Names of models, regions, SKUs and sizes come from rows of the catalogue, so that many stacks are ones that Azure takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import cache
from typing import Any

from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from azure_llama.catalog import Catalog
from azure_llama.settings.base import StrictModel
from azure_llama.settings.partial import declared_type
from azure_llama.settings.schema import stack_schema
from tests.differential import around
from tests.differential.repair import Config, repaired

_CATALOG = Catalog.package()
_SCHEMA = stack_schema(_CATALOG)
_CONFIG = _SCHEMA["properties"]["config"]["properties"]

_WORDS = (
    *around.IDS * 5,
    *around.MISSING,
    "llama-one",
    "llama2",
    "Llama.Two",
    "blue",
    "platform@example.com",
    "Owner",
    "Contributor",
    "10.40.0.0/16",
    "10.40.0.0/27",
    "203.0.113.0/24",
    "example.com",
    "*.example.com",
    "AzureMonitor",
    "443",
    "2026-12-01",
    "2027-01-01",
    "2027-06-30",
    "2026-11-25T00:00:00Z",
    "PT30S",
    "08:00",
    "18:30",
    "UTC",
    "workspace",
    "22222222-2222-2222-2222-222222222222",
    "5a0d80c5-11a3-4a5d-9b0e-000000000002",
    "Standard_DS3_v2",
    "vllm/vllm-openai:v0.11.0",
    "azureml:support-bot:3",
    "azureml://registries/azureml/environments/foundation-model-inference/versions/70",
    "score.py",
    "/health",
    "azureml:support-bot-scoring:1",
    "azureml:support-bot:1",
    "ci-one",
    "llamastoreone",
    "Sunday",
    "4",
    "tcp",
    "Hate",
    "Violence",
    "Jailbreak",
    "Microsoft.DefaultV2",
    "blob",
    "1",
)
"""Texts for keys that only have a pattern, or none."""
_OPENAI = {"port": 8000, "liveness": "/health", "readiness": "/health", "scoring": "/v1/chat/completions"}
_CUSTOM = {"image": "vllm/vllm-openai:v0.11.0", "inference": _OPENAI}
_FOUNDATION = "azureml://registries/azureml/environments/foundation-model-inference/versions/70"
_KEY = "https://kv-around.vault.azure.net/keys/cmk/0123456789abcdef0123456789abcdef"
DAY = date(2026, 11, 25)
"""The day on which stacks are deployed: that of the examples."""
_REGIONS = ("eastus2", "eastus2", "eastus2", "eastus2", "eastus2", "swedencentral")
_SIZES = ("Standard_NC24ads_A100_v4", "Standard_NC40ads_H100_v5", "Standard_NC48ads_A100_v4")


def _managed_rows() -> list[Config]:
    """Models with a size that runs them."""
    rows = []
    for model in _CATALOG.models:
        for size in _SIZES:
            if size in model.managed.sizes or size in _CATALOG.smallest_sizes(model, "eastus2"):
                rows.append({"model": model.name, "vmSize": size})
    own = {"modelName": "own", "environment": _CUSTOM, "serves": "openai", "vmSize": _SIZES[0]}
    guard = {"model": "Llama-Guard-3-8B", "modelVersion": "4", "environment": _FOUNDATION, "fit": "Unchecked"}
    return [*rows, own, {**guard, "vmSize": _SIZES[0]}]


def _serverless_rows() -> list[Config]:
    return [{"model": model.name} for model in _CATALOG.serverless_models(_REGIONS[0], DAY)]


def _foundry_rows() -> list[Config]:
    """Versions with a SKU and a capacity."""
    table = _CATALOG.foundry
    rows = []
    for model in table.models:
        skus = table.offered_skus(model.format, model.name, model.version) if model.version else ()
        for sku in skus if model.lifecycle not in ("Deprecating", "Deprecated") else ():
            offer = table.offer(model.format, model.name, str(model.version), sku)
            if offer is None or _REGIONS[0] not in offer.regions:
                continue
            capacity = table.capacity(model.format, model.name, str(model.version), sku)
            least = (capacity.minimum if capacity else None) or 1
            row = {"model": model.name, "format": model.format, "modelVersion": model.version, "sku": sku}
            rows.append({**row, "capacity": least})
    return rows


def _subclasses(model: type[StrictModel]) -> Iterator[tuple[str, type[StrictModel]]]:
    for each in model.__subclasses__():
        yield each.__name__, each
        yield from _subclasses(each)


_CLASSES = dict(_subclasses(StrictModel))
_ROWS: Mapping[str, list[Config]] = {
    "DeploymentSettings": _managed_rows(),
    "ServerlessSettings": _serverless_rows(),
    "FoundryDeploymentSettings": _foundry_rows(),
    "AutoscaleSettings": [{"minimum": 1, "maximum": 2, "rules": [{"metric": "GpuUtilizationPercentage", "above": 70}]}],
    "ScalingRuleSettings": [
        {"metric": "RequestLatency_P95", "above": 8000},
        {"metric": "GpuUtilizationPercentage", "below": 20},
    ],
    "EncryptionSettings": [{"create": True}, {"keyVaultId": around.VAULT, "keyIdentifier": _KEY}],
    "PrivateEndpointSettings": [{"addressSpace": "10.40.0.0/16"}, {"subnetId": around.SUBNET}],
    "EndpointIdentitySettings": [{"type": "UserAssigned", "id": around.IDENTITY}, {"type": "SystemAssigned"}],
    "IdentitySettings": [{"type": "UserAssigned", "id": around.IDENTITY}, {"type": "UserAssigned"}],
    "EnvironmentSettings": [_CUSTOM, {"id": _FOUNDATION}],
    "OutboundRuleSettings": [
        {"type": "FQDN", "destination": "*.example.com"},
        {"type": "ServiceTag", "serviceTag": "AzureMonitor", "protocol": "TCP", "ports": "443"},
        {"type": "PrivateEndpoint", "resourceId": around.STORE, "subresource": "blob"},
    ],
    "NetworkSettings": [{"isolationMode": "AllowOnlyApprovedOutbound"}, {"isolationMode": "AllowInternetOutbound"}],
    "ConnectionSettings": [{"workspace": around.WORKSPACE}, {"workspace": around.PROJECT}],
    "BudgetSettings": [{"startDate": "2026-12-01", "thresholds": [80], "contacts": ["platform@example.com"]}],
    "SecretsSettings": [{"keyVault": "workspace", "expiresOn": "2027-06-30"}],
}
"""Keys that go together, by the part of the settings that has them."""
_SINGLE: Mapping[str, tuple[str, ...]] = {"azure-native:location": _REGIONS, "vmSize": _SIZES}


@cache
def _part(name: str) -> st.SearchStrategy[Any]:
    return st.deferred(lambda: _object(name))


@st.composite
def _object(draw: st.DrawFn, name: str) -> Config:
    """The required keys, a few of the others, and the keys of a row over them."""
    schema, rows = _SCHEMA["definitions"][name], _ROWS.get(name)
    found: Config = {}
    required = schema.get("required", ())
    for key, value in schema["properties"].items():
        if key in required or draw(st.integers(0, 5)) == 5:
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

    return tuple(filter(fits, _WORDS))


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
    fitting = [word for word in _WORDS if re.search(pattern, word) and least <= len(word) <= most]
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
    return st.one_of(*[st.sampled_from(_SINGLE[key])] * 12, every) if key in _SINGLE else every


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
def _configurations(draw: st.DrawFn) -> Config:
    kinds = set(draw(st.lists(st.sampled_from(_KINDS), min_size=1, max_size=2, unique=True)))
    found: Config = {"azure-native:location": draw(_value(_CONFIG["azure-native:location"], "azure-native:location"))}
    for key, schema in _CONFIG.items():
        if (
            key in kinds
            or key == "azure-llama:workspace"
            or (key not in _KINDS and key not in found and draw(st.integers(0, 4)) == 4)
        ):
            found[key] = draw(_value(schema, key))
    if kinds == {"azure-llama:foundry"} and draw(st.booleans()):
        del found["azure-llama:workspace"]
    elif draw(st.integers(0, 9)) < 8:
        found["azure-llama:workspace"] = found["azure-llama:workspace"] | {"name": "llama-dev"}
        found["azure-llama:workspace"].pop("id", None)
    for tag in found.get("azure-llama:requiredTags", ()):
        found.setdefault("azure-llama:tags", {}).setdefault(tag, "one")
    return found


def stacks() -> st.SearchStrategy[Config]:
    """Stacks whose settings are valid; whether Azure takes them is for rules, preflight and sandbox to say."""
    return _configurations().map(repaired)
