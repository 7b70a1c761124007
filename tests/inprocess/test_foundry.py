"""Foundry accounts: the example's whole life, ten deployments in one account, and accounts that others have made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from azure_llama.arm import versions
from azure_llama.purge import Outcome
from azure_llama.stack import project
from tests.components.registrations import STACKS
from tests.conftest import ROOT
from tests.inprocess.azure import Azure
from tests.inprocess.stack import Stack
from tests.inprocess.test_drift import WRITTEN, listed

MODEL = {"model": "Llama-3.3-70B-Instruct", "modelVersion": "5", "capacity": 2}
TEN = {
    "azure-native:location": "swedencentral",
    "azure-llama:foundry": {
        "contoso-llama": {"project": "llama", "deployments": {f"chat-{number}": MODEL for number in range(10)}}
    },
}
FILLED_IN = ("cognitiveservices:Deployment", "network:PrivateEndpoint")
ADOPTED = ("Account", "Deployment", "Project", "RaiPolicy", "PrivateEndpoint")


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azure]:
    """An Azure on the day of the examples."""
    azure = Azure(tmp_path_factory.mktemp("inprocess"), "swedencentral", WRITTEN)
    yield azure
    azure.close()


@pytest.fixture
def example(azure: Azure) -> Stack:
    """The example, before its first deployment."""
    azure.fresh()
    return Stack(project.load(ROOT, "foundry", Path(STACKS["foundry"])), azure)


def unchanged(stack: Stack) -> None:
    """Nothing is left to do, and nothing differs."""
    again = stack.up()
    assert (again.done, again.errors) == ({}, [])
    assert stack.drift().resources == ()


def test_the_example_is_deployed_again_after_its_accounts_are_purged(azure: Azure, example: Stack) -> None:
    assert example.up().errors == []
    unchanged(example)
    example.destroy()
    assert listed(azure, "resources", "2021-04-01") == listed(azure, "resourcegroups", "2021-04-01") == []
    (refusal,) = example.up().errors
    assert "FlagMustBeSetForRestore" in refusal
    example.destroy()
    purged = {each.name.name: each.outcome for each in example.purge()}
    assert purged == dict.fromkeys(("contoso-llama", "contoso-llama-apps"), Outcome.PURGED)
    assert example.up().errors == []
    unchanged(example)


def test_ten_deployments_meet_no_conflict(azure: Azure, tmp_path: Path) -> None:
    azure.fresh()
    file = tmp_path / "Pulumi.ten.yaml"
    file.write_text(yaml.safe_dump({"config": TEN}))
    stack = Stack(
        project.load(ROOT, "ten", file), azure, unguarded=lambda _: None
    )  # whatever may run side by side does
    assert stack.up().errors == []
    stack.destroy()
    writes = [
        line for line in azure.requests if line["method"] in ("PUT", "DELETE") and "/deployments/" in line["path"]
    ]
    assert len(writes) == 20
    assert [line["path"] for line in azure.requests if line["status"] == 409] == []


def shown(azure: Azure, id_: str) -> Any:
    """What Azure has of a resource, but for when it was written."""
    version = versions.of_type(id_.partition("/providers/")[2])
    assert version is not None
    return without_etags(azure.get(id_, version))


def without_etags(value: Any) -> Any:
    """A value without etags and times of changes, at any depth."""
    if isinstance(value, dict):
        return {key: without_etags(each) for key, each in value.items() if key not in ("etag", "systemData")}
    return [without_etags(each) for each in value] if isinstance(value, list) else value


def test_what_others_have_made_is_imported_and_stays_as_it_is(azure: Azure, example: Stack) -> None:
    assert example.up().errors == []
    made = {
        state.id: state for state in example.states.values() if state.id and state.type.rsplit(":", 1)[-1] in ADOPTED
    }
    assert {state.type.rsplit(":", 1)[-1] for state in made.values()} == set(ADOPTED)
    before = {id_: shown(azure, id_) for id_ in made}
    for state in made.values():
        del example.states[state.urn]
    requests = len(azure.requests)
    filled = example.import_file()
    assert {entry["id"].lower() for entry in filled.resources} == {id_.lower() for id_ in made}
    assert filled.leftovers == ()
    example.import_(filled)
    assert [line for line in azure.requests[requests:] if line["method"] in ("PUT", "PATCH", "DELETE")] == []
    run = example.up()
    # azure-native takes what Azure fills in for inputs of an imported resource, and leaves them out again.
    rewritten = {f"{state.type.removeprefix('azure-native:')} {state.name}" for state in made.values()}
    assert run.errors == []
    assert run.done.keys() == {"update"}
    assert set(run.done["update"]) == {each for each in rewritten if each.startswith(FILLED_IN)}
    assert {id_: shown(azure, id_) for id_ in made} == before
    unchanged(example)
