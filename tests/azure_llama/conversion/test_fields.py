"""Every field of azure-ai-ml's schemas is in the stack's configuration, or a note says why it is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from azure_llama.conversion.kinds import KINDS
from azure_llama.conversion.stack import Conversion
from tests.azure_llama.conversion.harness import DEPLOYMENT, ENDPOINT, converted

FIELDS: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("az_ml_fields.yaml").read_text())
SAMPLES = {"string": "sample", "integer": 7000, "number": 0.5, "boolean": False, "map": {"a": "b"}, "list": ["a"]}
ROUTES = "environment.inference_config."
SERVERLESS = {"name": "chat", "model_id": "azureml://registries/azureml-meta/models/Llama-3.3-70B-Instruct"}
BASES: dict[str, dict[str, Any]] = {
    "online-endpoint": {"$schema": "managedOnlineEndpoint.schema.json", **ENDPOINT},
    "online-deployment": {"$schema": "managedOnlineDeployment.schema.json", **DEPLOYMENT},
    "serverless-endpoint": {"$schema": "serverlessEndpoint.schema.json", **SERVERLESS},
    "marketplace-subscription": {
        "$schema": "marketplaceSubscription.schema.json",
        "name": "llama",
        "model_id": "sample",
    },
}
SPECIAL: dict[str, Any] = {
    "traffic": {"blue": 100},
    "mirror_traffic": {"blue": 10},
    "identity.user_assigned_identities": [{"resource_id": "/subscriptions/s"}],
    "private_network_connection": True,
    "name": "other",
    "endpoint_name": "other",
}
"""Samples that name something."""
BESIDE: dict[str, Any] = {
    "identity.user_assigned_identities": {"identity.type": "user_assigned"},
    "model.": {"model.path": "weights"},
    "model.path": {},
    "data_collector.": {"data_collector.collections.request.enabled": "true"},
    "data_collector.collections.*.enabled": {},
    "environment.": {"environment.image": "vllm/vllm-openai:v0.11.0"},
    "environment.image": {},
    "environment.build.dockerfile_path": {"environment.build.path": "docker"},
    "environment.build.path": {},
    "environment.version": {"environment.name": "own", "environment.conda_file": "conda.yml"},
    "environment.inference_config.liveness_route.port": {f"{ROUTES}scoring_route.port": 8000},
    "environment.inference_config.readiness_route.port": {f"{ROUTES}scoring_route.port": 8000},
}
"""What a field needs beside it, by its path or the beginning of it."""
CASES = [(kind, path, type_) for kind, fields in FIELDS.items() for path, type_ in fields.items()]


def put(data: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at a path."""
    *above, last = path.replace("*", "request").split(".")
    for key in above:
        inner = data.get(key)
        data[key] = dict(inner) if isinstance(inner, dict) else {}
        data = data[key]
    data[last] = value


def converted_with(kind: str, *fields: tuple[str, Any]) -> Conversion:
    """A file of a kind with fields set, and the files that belong to it."""
    data = dict(BASES[kind])
    for path, value in fields:
        put(data, path, value)
    others = {
        "online-endpoint": [DEPLOYMENT],
        "online-deployment": [ENDPOINT],
        "serverless-endpoint": [],
        "marketplace-subscription": [SERVERLESS],
    }
    return converted(data, *others[kind], location=None)


def beside(path: str) -> list[tuple[str, Any]]:
    """What a field needs beside it: by its own path, else by the longest beginning of it."""
    beginnings = [each for each in BESIDE if each == path or (each[-1] == "." and path.startswith(each))]
    return list(BESIDE[max(beginnings, key=len)].items()) if beginnings else []


def sample(kind: str, path: str, type_: Any) -> Any:
    """A value of a field that is not its default."""
    if (kind, path) == ("serverless-endpoint", "auth_mode"):
        return "aad"
    words = {"public_network_access": "disabled", "type": "kubernetes", "auth_mode": "aad_token"}
    if isinstance(type_, list):
        return words.get(path, type_[-1] if path != "environment.os_type" else "windows")
    return SPECIAL.get(path, SAMPLES[type_.split("|")[-1]])


@pytest.mark.parametrize(("kind", "path", "type_"), CASES, ids=[f"{kind}-{path}" for kind, path, _ in CASES])
def test_a_field_is_carried_or_listed(kind: str, path: str, type_: Any) -> None:
    table, keys = KINDS[kind], tuple(path.split("."))
    known = next(filter(None, (table.at(keys[:length]) for length in range(len(keys), 0, -1))), None)
    if type_ == "map" and any(table.below(keys)):
        return  # the cases of the fields below it are beside this one
    assert known is not None, "the table of fields does not have it"
    others = beside(path)
    before = converted_with(kind, *others)
    after = converted_with(kind, *others, (path, sample(kind, path, type_)))
    shown = path.replace("*", "request")
    listed = any(shown == note.path or shown.startswith(f"{note.path}.") for note in after.notes)
    if known.ignored:
        assert (after.config, after.notes) == (before.config, before.notes)
    elif known.key:
        assert listed or (after.config, after.notes) != (before.config, before.notes)
    else:
        assert listed, "it is neither carried nor listed"


@pytest.mark.parametrize(
    ("kind", "path", "word"),
    [(kind, path, word) for kind, path, words in CASES if isinstance(words, list) for word in words],
)
def test_every_word_of_a_field_is_read(kind: str, path: str, word: str) -> None:
    converted_with(kind, *beside(path), (path, word))  # raises InputError otherwise


def test_the_tables_have_no_other_fields() -> None:
    ours = {(kind, each.path) for kind, table in KINDS.items() for each in table.fields}
    theirs = {(kind, path) for kind, path, _ in CASES}
    written_by_the_cli = {(kind, name) for kind in KINDS for name in ("resourceGroup", "$schema")}
    assert ours - theirs - written_by_the_cli == set()


def test_what_is_not_carried_has_a_reason() -> None:
    assert [each.path for kind in KINDS.values() for each in kind.fields if not (each.key or each.note)] == []
