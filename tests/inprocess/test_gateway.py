"""The gateway of the example over its three regional stacks: deployed, called, changed, and removed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from azure_llama.stack import project
from azure_llama_components.gateway_policy import EXPRESSIONS
from azure_llama_sandbox.arm.api_management import policy_language
from azure_llama_sandbox.world import SUBSCRIPTION
from tests.conftest import ROOT
from tests.inprocess.azure import Azure
from tests.inprocess.stack import Stack

REGIONS = ("eastus2", "swedencentral", "westeurope")
EXAMPLE = ROOT / "examples" / "gateway"
WRITTEN = date(2026, 11, 30)
ASK = {"model": "llama-33-70b", "messages": [{"role": "user", "content": "What is a llama?"}], "max_tokens": 32}


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azure]:
    """An Azure on the day of the example."""
    azure = Azure(tmp_path_factory.mktemp("gateway"), "", WRITTEN)
    yield azure
    azure.close()


def load(name: str) -> Any:
    """A stack of the example."""
    return project.load(ROOT, name, Path(EXAMPLE / f"Pulumi.{name}.yaml"))


@pytest.fixture(scope="module")
def stacks(azure: Azure) -> dict[str, Stack]:
    """The four stacks, deployed."""
    made = {name: Stack(load(name), azure) for name in REGIONS}
    others = {f"organization/azure-llama/{name}": stack for name, stack in made.items()}
    made["gateway"] = Stack(load("gateway"), azure, others=others)
    for stack in made.values():
        assert stack.up().errors == []
    return made


def ask(azure: Azure, stacks: dict[str, Stack], team: str = "search", **values: Any) -> httpx.Response:
    """A chat of a team."""
    outputs = stacks["gateway"].outputs
    key = outputs["gatewayKeys"][team]["primary"]
    headers = {"api-key": key, "Authorization": "Bearer unused"}
    return azure.call(
        "POST", f"{outputs['gateway']['baseUrl']}chat/completions", headers=headers, json={**ASK, **values}
    )


def test_the_sandbox_reads_the_expressions_that_the_component_writes() -> None:
    assert dict(policy_language.EXPRESSIONS) == dict(EXPRESSIONS)


def test_a_second_deployment_changes_nothing_and_finds_no_drift(stacks: dict[str, Stack]) -> None:
    for stack in stacks.values():
        again = stack.up()
        assert (again.done, again.errors) == ({}, [])
        assert stack.drift().resources == ()


def test_each_team_calls_the_model_at_one_address(azure: Azure, stacks: dict[str, Stack]) -> None:
    for team in ("search", "support"):
        answer = ask(azure, stacks, team)
        assert answer.status_code == 200, answer.text
        assert answer.json()["choices"][0]["message"]["content"]
    assert ask(azure, stacks, model="gpt").json()["error"]["code"] == "model_not_found"
    url = stacks["gateway"].outputs["gateway"]["baseUrl"]
    assert azure.call("POST", f"{url}chat/completions", headers={"api-key": "wrong"}, json=ASK).status_code == 401
    key = stacks["gateway"].outputs["gatewayKeys"]["search"]["primary"]
    models = azure.call("GET", f"{url}models", headers={"api-key": key}).json()
    assert [model["id"] for model in models["data"]] == ["llama-33-70b"]


@pytest.mark.parametrize("status", [429, 500])
def test_a_region_that_fails_is_left_alone(azure: Azure, stacks: dict[str, Stack], status: int) -> None:
    failing = {"match": {"host": "contoso-eastus2.openai.azure.com"}, "status": status, "headers": {"Retry-After": "2"}}
    azure.faults([failing])
    assert [ask(azure, stacks).status_code for _ in range(20)] == [200] * 20
    azure.faults([])
    assert [ask(azure, stacks).status_code for _ in range(10)] == [200] * 10


def test_a_region_that_is_destroyed_is_left_alone(azure: Azure, stacks: dict[str, Stack]) -> None:
    stacks["eastus2"].destroy()
    answers = [ask(azure, stacks).status_code for _ in range(20)]
    assert answers == [200] * 20
    assert stacks["eastus2"].up().errors != [], "its name is kept: purge it first"


def test_a_team_that_is_removed_has_no_key(azure: Azure, stacks: dict[str, Stack]) -> None:
    config = dict(stacks["gateway"].project.config)
    asked = json.loads(config["azure-llama:gateway"])
    del asked["teams"]["support"]
    config["azure-llama:gateway"] = json.dumps(asked)
    old = stacks["gateway"].outputs["gatewayKeys"]["support"]["primary"]
    stacks["gateway"].project = replace(stacks["gateway"].project, config=config)
    changed = stacks["gateway"].up()
    assert changed.errors == []
    assert set(changed.done) == {"delete"}
    url = stacks["gateway"].outputs["gateway"]["baseUrl"]
    assert azure.call("POST", f"{url}chat/completions", headers={"api-key": old}, json=ASK).status_code == 401
    assert ask(azure, stacks).status_code == 200


def test_all_of_it_is_removed(azure: Azure, stacks: dict[str, Stack]) -> None:
    for stack in reversed(stacks.values()):
        stack.destroy()
    for collection in ("resources", "resourcegroups"):
        found = azure.get(f"/subscriptions/{SUBSCRIPTION}/{collection}", "2021-04-01")
        assert found is not None
        assert found["value"] == []
