"""Converts a file of an online deployment to a deployment of a stack."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from azure_llama.catalog import Catalog
from azure_llama.conversion import assets
from azure_llama.conversion.kinds import DEPLOYMENT
from azure_llama.conversion.reading import Keys, Source

ORDER = (
    *("model", "modelVersion", "modelName", "modelMountPath", "environment", "codeConfiguration", "serves"),
    *("vmSize", "instances", "traffic"),
)
"""The keys that people look for first."""
_COMPOSED = ("model", "environment", "code_configuration", "properties", "environment_variables", "data_collector")
_NOT_KEYS = ("name", "endpoint_name")
_SECRET = re.compile(
    r"^(?!MAX_).*?((^|_)(KEY|PWD|PASS|PASSPHRASE|PAT|SAS)|(API|ACCESS|ACCOUNT|SHARED|PRIVATE|SUBSCRIPTION)_?KEY"
    r"|TOKEN|SECRET|PASSWORD|CREDENTIAL|CONNECTION_?STRING)S?$",
    re.IGNORECASE,
)
"""Names of variables with a secret, by their end; MAX_TOTAL_TOKENS and its like of TGI are numbers."""
_SECRET_VALUE = re.compile(
    r"(^|[?&;])(sig|AccountKey|SharedAccessKey|SharedAccessSignature|Password)=|://[^/@\s]*:[^/@\s]+@"
    r"|--api-key[ =]|^(hf_|sk-|nvapi-|gh[a-z]_|eyJ)[\w.-]{16,}$",
    re.IGNORECASE,
)
"""A signature, key or password in a URL, connection string or argument, and the tokens of well-known services."""
_REFERENCE = re.compile(r"\$\{\{.+\}\}|https?://\S+|[01]|true|false", re.IGNORECASE)
"""A value that is no secret, whatever its name: a reference, an address or a boolean."""
DEFAULTS = {
    "request_settings.request_timeout_ms": ("requestTimeoutSeconds", "180", "5"),
    "request_settings.max_concurrent_requests_per_instance": (
        "maxConcurrentRequestsPerInstance",
        "64, or 1 where /score alone answers",
        "1",
    ),
    "liveness_probe.initial_delay": ("probes.liveness.initialDelaySeconds", "500", "10"),
    "readiness_probe.initial_delay": ("probes.readiness.initialDelaySeconds", "500", "10"),
    "app_insights_enabled": ("applicationInsights", "true", "false"),
}
"""By the field: the stack's key, its default, and the default of `az ml` and Azure."""

_OWN_ENTRIES = ("azureasyncoperationuri", "azureml.")
"""What the entries begin with that Azure adds to the map of an endpoint or deployment."""


def deployment(source: Source, catalog: Catalog) -> dict[str, Any]:
    """The deployment; its keys are in any order.

    Args:
        source: Required. The file. It gets the notes.
        catalog: Required. The catalogue of the stack.
    """
    named = {each.keys: each.key for each in DEPLOYMENT}
    found: dict[str, Any] = {}
    for keys, value in source.values.items():
        if keys[0] not in (*_COMPOSED, *_NOT_KEYS):
            set_at(found, tuple(named[keys].split(".")), value)
    found |= assets.model(source, catalog) | assets.environment(source) | assets.code(source)
    found |= _collection(source) | _variables(source) | own_entries(source)
    if _is_kubernetes(source):
        text = "an instance type of a Kubernetes cluster means nothing to Azure: set vmSize to a GPU size"
        source.ask("instance_type", "vmSize", text)
        found["vmSize"] = "<GPU size>"
    return found


def own_entries(source: Source) -> dict[str, Any]:
    """The map `properties` without what Azure adds to it."""
    entries = source.get("properties") or {}
    own = {key: value for key, value in entries.items() if not key.casefold().startswith(_OWN_ENTRIES)}
    return {"properties": own} if own else {}


def _is_kubernetes(source: Source) -> bool:
    data = source.document.data
    return "kubernetes" in f"{data.get('$schema')} {data.get('type')}".casefold()


def _collection(source: Source) -> dict[str, Any]:
    """The key `dataCollection`, where a collection is on."""
    above = ("data_collector", "collections")
    on = [keys[2] for keys, value in source.values.items() if keys[:2] == above and keys[3:] == ("enabled",) and value]
    if not on:
        return {}
    found: dict[str, Any] = {"collections": on}
    for each in DEPLOYMENT:
        value = source.get(each.path)
        if each.path.startswith("data_collector.") and "*" not in each.path and value is not None:
            found[each.key.rpartition(".")[2]] = value
    return {"dataCollection": found}


def _variables(source: Source) -> dict[str, Any]:
    """The key `environmentVariables`, without what looks like a secret."""
    found: dict[str, str] = {}
    for name, value in (source.get("environment_variables") or {}).items():
        name, text = str(name), "" if value is None else str(value)
        if _is_secret(name, text):
            note = "looks like a secret and is not printed: set it with this command, or inject it from a connection"
            key = f"environmentVariables.{name}"
            command = f"pulumi config set --secret --path '{source.place(key)}'"
            source.ask(f"environment_variables.{name}", key, note, command)
            text = "<secret>"
        found[name] = text
    return {"environmentVariables": found} if found else {}


def _is_secret(name: str, value: str) -> bool:
    by_name = _SECRET.search(name) and value and not _REFERENCE.fullmatch(value)
    return bool(by_name or _SECRET_VALUE.search(value))


def set_at(tree: dict[str, Any], keys: Keys, value: Any) -> None:
    """Put a value at a place of a tree."""
    *above, last = keys
    for key in above:
        tree = tree.setdefault(key, {})
    tree[last] = value


def tidy(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A deployment with the keys that people look for first at its beginning."""
    first = {key: entry[key] for key in ORDER if key in entry}
    return first | {key: value for key, value in entry.items() if key not in first}
