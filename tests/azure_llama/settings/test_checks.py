"""Each rule for a single value, as a report tells it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from azure_llama.settings import SettingsError, load
from tests.catalogs import PACKAGE

Make = Callable[..., dict[str, str]]


def only_problem(config: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as caught:
        load(config, PACKAGE)
    (problem,) = caught.value.problems
    return str(problem)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("instances", "1", "'1' must be an integer, not a string; remove the quotes"),
        ("instances", True, "true must be an integer, not a boolean; set an integer"),
        ("instances", 0, "0 is outside 1 to 50, the instances of a deployment in Azure"),
        ("instances", 51, "51 is outside 1 to 50"),
        ("instances", None, "null must be an integer, not empty"),
        ("traffic", 100.0, "100.0 must be an integer, not a number with a fraction; set 100"),
        ("traffic", 12.5, "12.5 must be an integer, not a number with a fraction; set an integer"),
        ("traffic", 101, "101 is outside 0 to 100, a percentage; set an integer from 0 to 100"),
        ("traffic", -1, "-1 is outside 0 to 100"),
        ("modelVersion", 4, "4 must be a string, not an integer; put it in quotes"),
        ("modelVersion", "latest", "'latest' is not a version: registries use whole numbers"),
        ("modelVersion", "٣", "is not a version"),
        ("model", "Llama-3.3-70B-Instrukt", "did you mean 'Llama-3.3-70B-Instruct'?"),
        ("model", "llama-3.3-70b-instruct-awq", "did you mean 'Llama-3.3-70B-Instruct'?"),
        ("model", "Mistral", "set one such as 'Llama-3.3-70B-Instruct'"),
        (
            "model",
            "azureml://registries/azureml-meta/models/Llama-3.2-1B/versions/2",
            "did you mean 'Llama-3.2-1B' (and, on managed compute, modelVersion: '2')?",
        ),
        ("model", "azureml://registries/azureml-meta/models/Llama-3.2-1", "did you mean 'Llama-3.2-1B'?"),
        ("vmSize", "Standard_NC24ads_A100_v5", "did you mean 'Standard_NC24ads_A100_v4'?"),
        ("vmSize", "Standard_ND96isr_H200_v5", "is not a GPU size Azure ML serves"),
        ("vmSize", "Standard_F4s_v2", "is not a GPU size Azure ML serves"),
        ("vmSize", ["a", "b", "c"], "['a', 'b', ...] must be a string, not a list; set a string"),
    ],
)
def test_values_of_a_deployment(config: Make, key: str, value: Any, says: str) -> None:
    def change(stack: dict[str, Any]) -> None:
        stack["azure-llama:managed"]["llama-8b"]["deployments"]["blue"][key] = value

    problem = only_problem(config(change))
    assert problem.startswith(f"azure-llama:managed.llama-8b.deployments.blue.{key}: ")
    assert says in problem


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("workspace.name", "ab", "'ab' has 2 characters, and the name of a workspace has 3 to 33"),
        (
            "workspace.name",
            "a" * 34,
            f"has 34 characters, and the name of a workspace has 3 to 33; rename it, for example to '{'a' * 33}'",
        ),
        ("workspace.kind", "Hubs", "'Hubs' is not 'Project' or 'Default' or 'Hub'; did you mean 'Hub'?"),
        ("workspace.kind", "project", "did you mean 'Project'?"),
        ("workspace.kind", False, "false must be 'Project' or 'Default' or 'Hub', not a boolean"),
        (
            "serverless.llama-33-70b.contentSafety",
            "true",
            "'true' must be a boolean, not a string; remove the quotes",
        ),
        ("serverless.llama-33-70b.contentSafety", 1, "1 must be a boolean, not an integer"),
        (
            "serverless.llama-33-70b.conntentSafety",
            True,
            "'conntentSafety' is not a key here; did you mean 'contentSafety'?",
        ),
        ("serverless.llama-33-70b.vmSize", "x", "'vmSize' is not a key here; the keys here are model, contentSafety"),
        ("serverless.llama-33-70b", "Llama-3.3-70B-Instruct", "must be a map, not a string; set a map"),
        ("managed.llama-8b.auth", "aad", "'aad' is not 'AADToken' or 'AMLToken' or 'Key'"),
        ("managed.llama-8b.deployments", [], "[] must be a map, not a list; set a map"),
        (
            "managed.llama-8b.deployments",
            {},
            "{} must have at least one deployment; add a deployment, or remove the endpoint",
        ),
    ],
)
def test_values_elsewhere(config: Make, path: str, value: Any, says: str) -> None:
    def change(stack: dict[str, Any]) -> None:
        key, *parts = path.split(".")
        place = stack[f"azure-llama:{key}"]
        for part in parts[:-1]:
            place = place[part]
        place[parts[-1]] = value

    problem = only_problem(config(change))
    assert problem.startswith(f"azure-llama:{path}: ")
    assert says in problem


@pytest.mark.parametrize(
    ("kind", "name", "says"),
    [
        ("serverless", "a" * 53, "has 53 characters, and the name of a serverless endpoint has 1 to 52"),
        ("serverless", "8b", "beginning with a letter"),
        ("serverless", "llama_8b", "rename it, for example to 'llama-8b'"),
        ("managed", "ab", "has 2 characters, and the name of a managed endpoint has 3 to 32"),
        ("managed", "llama--8b", "single dashes"),
    ],
)
def test_names_of_endpoints(config: Make, kind: str, name: str, says: str) -> None:
    def rename(stack: dict[str, Any]) -> None:
        endpoints = stack[f"azure-llama:{kind}"]
        endpoints[name] = endpoints.pop(next(iter(endpoints)))

    problem = only_problem(config(rename))
    assert problem.startswith(f"azure-llama:{kind}.{name}: '")
    assert says in problem


@pytest.mark.parametrize(
    ("tags", "says"),
    [
        ({"": "x"}, "'' is empty; set a name"),
        ({"n" * 129: "x"}, "has 129 characters, and the name of a storage account's tag has 128 at most"),
        ({"a/b?": "x"}, "'a/b?' contains / ?, and a tag name must not contain any of < > % & \\ ? /"),
        ({"a": "x" * 257}, "has 257 characters, and a tag value has 256 at most"),
        ({"costCenter": 42}, "azure-llama:tags.costCenter: 42 must be a string, not an integer; put it in quotes"),
        (
            {f"t{index}": "" for index in range(51)},
            "azure-llama:tags: has 51 tags, and a resource has 50 at most; remove 1",
        ),
    ],
)
def test_tags(config: Make, tags: Any, says: str) -> None:
    assert says in only_problem(config() | {"azure-llama:tags": json.dumps(tags)})


def test_tags_at_the_limits_load(config: Make) -> None:
    tags = {f"{index:02}" + "n" * 126: "v" * 256 for index in range(50)}
    assert load(config() | {"azure-llama:tags": json.dumps(tags)}, PACKAGE).tags == tags


@pytest.mark.parametrize(
    ("model", "size"),
    [
        ("meta-llama/Llama-3.1-8B-Instruct", "nc24ads a100 v4"),
        ("llama3.1:8b", "NC24ads_A100_v4"),
        (
            "azureml://registries/azureml-meta/models/Meta-Llama-3.1-8B-Instruct/labels/latest",
            "STANDARD_NC24ADS_A100_V4",
        ),
    ],
)
def test_a_spelling_that_means_one_model_and_one_size_becomes_their_names(config: Make, model: str, size: str) -> None:
    def change(stack: dict[str, Any]) -> None:
        stack["azure-llama:managed"]["llama-8b"]["deployments"]["blue"] |= {"model": model, "vmSize": size}

    blue = load(config(change), PACKAGE).managed["llama-8b"].deployments["blue"]
    assert (blue.model, blue.vm_size) == ("Meta-Llama-3.1-8B-Instruct", "Standard_NC24ads_A100_v4")
