"""The gateway of the example over its three regional stacks: deployed, called, changed, and removed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from azure_llama.stack import project
from azure_llama_sandbox.world import SUBSCRIPTION
from tests.conftest import ROOT
from tests.inprocess.azure import Azure
from tests.inprocess.stack import Stack

EAST, SWEDEN = "contoso-eastus2", "contoso-swedencentral"
QUOTA = {"AIServices.GlobalStandard.Llama-3.3-70B-Instruct": 2000}
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
    loaded = project.load(ROOT, name, Path(EXAMPLE / f"Pulumi.{name}.yaml"))
    # A unit of capacity is one request a minute, and the client calls 600 times.
    config = {key: text.replace('"capacity":100', '"capacity":2000') for key, text in loaded.config.items()}
    return replace(loaded, config=config)


@pytest.fixture(scope="module")
def stacks(azure: Azure) -> dict[str, Stack]:
    """The four stacks, deployed."""
    azure.conditions({"foundry": {"quota": QUOTA}})
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


class Caller:
    """A client that calls ten times a second, and which account answers it."""

    def __init__(self, azure: Azure, stacks: dict[str, Stack]) -> None:
        self._azure, self._outputs = azure, stacks["gateway"].outputs
        self.served: list[str] = []

    async def __call__(self, client: httpx.AsyncClient) -> None:
        """Call once; it must not fail."""
        self._azure.clock.skip(0.1)
        url = f"{self._outputs['gateway']['baseUrl']}chat/completions"
        headers = {"api-key": self._outputs["gatewayKeys"]["search"]["primary"]}
        answer = await client.post(url, headers=headers, json=ASK)
        assert answer.status_code == 200, answer.text
        self.served.append(re.search(r"account ([\w-]+)", answer.text)[1])  # type: ignore[index]

    def calls(self, number: int) -> set[str]:
        """The accounts that answer so many calls."""

        async def call() -> list[str]:
            async with self._azure.http() as client:
                for _ in range(number):
                    await self(client)
            return self.served[-number:]

        return set(self._azure.run(call()))


@pytest.mark.parametrize(("status", "seconds"), [(429, 7), (500, 60), (401, 60)])
def test_a_region_that_fails_gets_calls_again_after_the_breakers_time(
    azure: Azure, stacks: dict[str, Stack], status: int, seconds: int
) -> None:
    caller = Caller(azure, stacks)
    headers = {"Retry-After": "7"} if status == 429 else {}
    azure.faults([{"match": {"host": f"{EAST}.openai.azure.com"}, "status": status, "headers": headers}])
    assert caller.calls(30) == {SWEDEN}
    azure.clock.skip(seconds)
    assert caller.calls(30) == {SWEDEN}
    azure.faults([])
    azure.clock.skip(seconds)
    assert caller.calls(30) == {EAST, SWEDEN}


def test_a_gateway_that_exists_is_imported_but_for_its_roles_in_other_stacks(
    azure: Azure, stacks: dict[str, Stack]
) -> None:
    gateway = stacks["gateway"]
    kept = dict(gateway.states)
    roles = {urn for urn, state in kept.items() if state.type.endswith(":RoleAssignment")}
    gateway.states.clear()
    gateway.states.update({urn: state for urn, state in kept.items() if urn in roles or not state.id})
    filled = gateway.import_file()
    assert {entry["id"] for entry in filled.resources} == {
        state.id for urn, state in kept.items() if state.id and urn not in roles
    }
    assert filled.leftovers == ()
    gateway.import_(filled)
    # azure-native takes what Azure fills in for inputs of an imported resource, and leaves them out again.
    run = gateway.up()
    assert run.errors == []
    assert run.done == {"update": ["apimanagement:ApiManagementService gateway", "apimanagement:Api gateway-api"]}
    assert gateway.up().done == {}
    for urn in roles:
        del gateway.states[urn]
    names = {f"{kept[urn].type} {kept[urn].name}" for urn in roles}
    assert set(gateway.import_file().unknown) == names
    for urn in roles:
        azure.delete(kept[urn].id, "2022-04-01")
    assert gateway.up().errors == []


def test_a_region_that_is_deployed_again_serves_after_a_refresh_of_the_gateway(
    azure: Azure, stacks: dict[str, Stack]
) -> None:
    caller, gateway, region = Caller(azure, stacks), stacks["gateway"], stacks["eastus2"]
    region.destroy()
    region.purge()
    assert region.up().errors == []
    azure.clock.skip(600)
    assert caller.calls(30) == {SWEDEN}
    assert gateway.up().done == {}
    gateway.refresh(set(gateway.states))
    restored = gateway.up()
    assert restored.errors == []
    assert {kind for kind, _, _ in (each.partition(" ") for each in restored.done["create"])} == {
        "authorization:RoleAssignment"
    }
    azure.clock.skip(600)
    assert caller.calls(30) == {EAST, SWEDEN}


def test_no_call_fails_while_a_region_is_destroyed(azure: Azure, stacks: dict[str, Stack]) -> None:
    caller = Caller(azure, stacks)
    with azure.beside(caller):
        stacks["eastus2"].destroy()
    assert len(caller.served) >= 3
    assert [line["status"] for line in azure.requests if line["host"].startswith(EAST)][-1] == 404
    azure.clock.skip(60)
    assert caller.calls(30) == {SWEDEN}
    (error,) = stacks["gateway"].up().errors
    assert error.startswith(f"azure-llama:gateway.models.llama-33-70b.members.eastus2: endpoint '{EAST}' of stack")
    assert "Remove the member" in error
    assert stacks["eastus2"].up().errors != [], "its name is kept: purge it first"


def test_no_call_fails_while_a_region_is_added(azure: Azure, stacks: dict[str, Stack]) -> None:
    caller = Caller(azure, stacks)
    north = load("eastus2")
    config = {**north.config, "azure-native:location": "norwayeast"}
    config["azure-llama:foundry"] = config["azure-llama:foundry"].replace(EAST, "contoso-norwayeast")
    stack = Stack(replace(north, stack="norwayeast", config=config), azure)
    stacks["gateway"].others["organization/azure-llama/norwayeast"] = stack
    gateway = dict(stacks["gateway"].project.config)
    asked = json.loads(gateway["azure-llama:gateway"])
    members = asked["models"]["llama-33-70b"]["members"]
    del members["eastus2"]
    members["norwayeast"] = {"endpoint": "contoso-norwayeast", "stack": "organization/azure-llama/norwayeast"}
    gateway["azure-llama:gateway"] = json.dumps(asked)
    stacks["gateway"].project = replace(stacks["gateway"].project, config=gateway)
    with azure.beside(caller):
        assert stack.up().errors == []
        assert stacks["gateway"].up().errors == []
    assert len(caller.served) > 10
    assert caller.calls(30) == {SWEDEN, "contoso-norwayeast"}
    stacks["norwayeast"] = stack


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
