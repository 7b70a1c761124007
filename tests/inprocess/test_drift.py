"""The example stacks are deployed without drift, and drift is what somebody changed, nested templates included."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from azure_llama.stack import project
from azure_llama_sandbox.world import SUBSCRIPTION
from tests.components.registrations import STACKS
from tests.conftest import ROOT
from tests.inprocess.azure import Azure
from tests.inprocess.stack import Stack

WRITTEN = date(2026, 11, 25)
"""The day that the examples were written for: a shared quota ends a week after it."""
ML = "2025-12-01"


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """An Azure on the day of the examples."""
    azure = Azure(tmp_path_factory.mktemp("inprocess"), "eastus2", WRITTEN)
    yield azure
    azure.close()


def example(azure: Azure, name: str) -> Stack:
    """A stack of the repository."""
    return Stack(project.load(ROOT, name, Path(STACKS[name])), azure)


@pytest.mark.parametrize("names", [("dev",), ("defaults", "max"), ("hardened",)], ids="+".join)
def test_the_examples_have_no_drift_and_leave_nothing(azure: Azure, names: tuple[str, ...]) -> None:
    azure.fresh()
    stacks = [example(azure, name) for name in names]  # max has a connection in the workspace of defaults
    for stack in stacks:
        assert stack.up().errors == []
        again = stack.up()
        assert (again.done, again.errors) == ({}, [])
        assert stack.drift().resources == ()
    assert cores_in_use(azure) > 0
    for stack in reversed(stacks):
        stack.destroy()
    assert cores_in_use(azure) == 0
    assert listed(azure, "resources", "2021-04-01") == listed(azure, "resourcegroups", "2021-04-01") == []


def listed(azure: Azure, collection: str, api_version: str) -> list[Any]:
    """What the subscription has."""
    found = azure.get(f"/subscriptions/{SUBSCRIPTION}/{collection}", api_version)
    assert found is not None
    return list(found["value"])


def cores_in_use(azure: Azure) -> int:
    """What Azure ML counts against the quota: deployments and compute instances."""
    usages = "providers/Microsoft.MachineLearningServices/locations/eastus2/usages"
    return sum(int(row["currentValue"]) for row in listed(azure, usages, ML))


def endpoint_of(stack: Stack) -> str:
    """The dev stack's managed endpoint."""
    return next(state.id for state in stack.states.values() if state.type.endswith(":OnlineEndpoint"))


def changed(stack: Stack) -> Mapping[str, list[str]]:
    """Paths of the values that drifted, by the resource's name; none for one that does not exist."""
    return {each.name: [change.path for change in each.changes] for each in stack.drift().resources}


def test_traffic_public_access_and_a_deleted_endpoint_are_drift(azure: Azure) -> None:
    azure.fresh()
    stack = example(azure, "dev")
    assert stack.up().errors == []
    endpoint = endpoint_of(stack)
    body = azure.get(endpoint, ML)
    assert body is not None
    properties = {"authMode": "AADToken", "publicNetworkAccess": "Disabled", "traffic": {"blue": 0}}
    kept = {"location": body["location"], "tags": body["tags"], "identity": {"type": "SystemAssigned"}}
    azure.put(endpoint, ML, {**kept, "properties": properties})
    assert changed(stack) == {"llama-8b-traffic": ["properties.publicNetworkAccess", "properties.traffic.blue"]}
    azure.delete(endpoint, ML)
    missing = changed(stack)
    assert missing["llama-8b"] == missing["llama-8b.blue"] == missing["llama-8b-traffic"] == []
