"""Errors of files for `az ml`: place, value, rule and remedy, all of them in one run."""

from __future__ import annotations

from typing import Any

import pytest

from azure_llama.conversion.kinds import ONLINE_DEPLOYMENT, ONLINE_ENDPOINT
from azure_llama.conversion.reading import Source, read_source
from azure_llama.documents.errors import InputError
from azure_llama.documents.positions import parse
from tests.azure_llama.conversion.harness import DEPLOYMENT, ENDPOINT, converted

SCHEMA = "https://azuremlschemas.azureedge.net/latest/{}.schema.json"


def errors(*files: Any) -> list[str]:
    """The lines of the error that a conversion ends with."""
    with pytest.raises(InputError) as raised:
        converted(*files)
    return list(raised.value.lines)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"instance_typ": "x"}, "instance_typ: is not a field of online deployments; did you mean 'instance_type'?"),
        (
            {"request_settings": {"timeout": 5}},
            "request_settings.timeout: is not a field of online deployments; did you mean 'request_timeout_ms'?",
        ),
        ({"request_settings": 5}, "request_settings: must be a map; write it as `az ml` has it"),
        ({"tags": "a"}, "tags: 'a' must be a map, not a string; set a map"),
        ({"instance_count": "two"}, "instance_count: 'two' must be an integer, not a string; set an integer"),
        ({"app_insights_enabled": "yes"}, "app_insights_enabled: 'yes' must be a boolean, not a string; set a boolean"),
        (
            {"egress_public_network_access": "enable"},
            "egress_public_network_access: 'enable' is not 'enabled' or 'disabled'; did you mean 'enabled'?",
        ),
        ({"instance_type": ["a"]}, "instance_type: ['a'] must be a string, not a list; set a string"),
    ],
)
def test_a_wrong_field_is_an_error_at_its_line(fields: dict[str, Any], error: str) -> None:
    others = {key: value for key, value in DEPLOYMENT.items() if key not in fields}
    (found,) = errors(ENDPOINT, {**others, **fields})
    place, _, text = found.partition(": ")
    assert text == error
    assert place.startswith(f"file2.yml:{len(others) + 1}") or "." in error.partition(": ")[0]


def test_a_value_that_may_be_a_secret_is_not_shown() -> None:
    (error,) = errors(ENDPOINT, {**DEPLOYMENT, "environment_variable": {"HF_TOKEN": "hf_secret"}})
    assert "did you mean 'environment_variables'?" in error
    assert "hf_secret" not in error
    (error,) = errors(ENDPOINT, {**DEPLOYMENT, "environment_variables": ["HF_TOKEN=hf_secret"]})
    assert error.endswith("environment_variables: must be a map, not a list; set a map")


def test_all_errors_of_all_files_are_reported_together() -> None:
    found = errors({**ENDPOINT, "auth_mod": "key"}, {**DEPLOYMENT, "instances": 1, "instance_count": "x"})
    assert [error.partition(": ")[0] for error in found] == ["file1.yml:3", "file2.yml:5", "file2.yml:6"]


def test_two_files_for_one_endpoint_or_deployment() -> None:
    assert errors(ENDPOINT, DEPLOYMENT, {**ENDPOINT, "name": "Chat"}, DEPLOYMENT) == [
        "file3.yml:1: name: 'Chat' is the online endpoint that file1.yml describes too; give one of the two files",
        "file4.yml:1: name: 'blue' is the online deployment that file2.yml describes too; give one of the two files",
    ]


@pytest.mark.parametrize(
    ("file", "error"),
    [
        ({"auth_mode": "key", "traffic": {"blue": 100}, "name": ""}, "name: is missing; set it"),
        ({key: value for key, value in DEPLOYMENT.items() if key != "name"}, "name: is missing; set it"),
        ("- a\n- b\n", "is not a map; `azure-llama convert` reads online endpoints"),
        ({"a": 1, "b": 2}, "is of no known kind: its keys are a, b; `azure-llama convert` reads"),
        ({"name": "e", "image": "python:3.12"}, "is of no known kind"),
    ],
)
def test_a_file_that_is_not_one(file: Any, error: str) -> None:
    assert error in "\n".join(errors(file))


def test_files_for_other_commands_are_named_and_left_out() -> None:
    model = {"$schema": SCHEMA.format("model"), "name": "m", "path": "x"}
    batch = {"$schema": SCHEMA.format("batchDeployment"), "name": "m", "endpoint_name": "b"}
    conversion = converted(ENDPOINT, DEPLOYMENT, model, batch)
    assert [str(note).partition(":")[0] for note in conversion.notes if "is not converted" in note.text] == [
        "file3.yml",
        "file4.yml",
    ]
    why, error = errors(batch)
    assert why.startswith("file1.yml: a file of the schema 'batchDeployment' is not converted")
    assert error == "file1.yml: no file describes an endpoint or a deployment; give one that does"


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ("http://azureml/sdk-2-0/OnlineDeployment.json", ONLINE_DEPLOYMENT),
        (SCHEMA.format("managedOnlineEndpoint"), ONLINE_ENDPOINT),
        ("http://azureml/sdk-2-0/BatchEndpoint.json", None),
        (SCHEMA.format("batchDeployment"), None),
    ],
)
def test_the_schema_says_the_kind(schema: str, kind: str | None) -> None:
    found = read_source(parse(f"$schema: {schema}\nname: blue\nendpoint_name: chat\n", "file.yml"))
    assert (found.kind if isinstance(found, Source) else None) == kind
