"""Managed deployments that are stopped: what runs, what must not be stated beside it, and what it costs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from azure_llama.settings import ManagedSettings, Settings, SettingsError, load
from tests.catalogs import PACKAGE

BLUE = {"model": "Meta-Llama-3.1-8B-Instruct", "vmSize": "Standard_NC24ads_A100_v4"}


def loaded(deployments: dict[str, dict[str, Any]], **more: Any) -> Settings:
    endpoint = {"deployments": {name: BLUE | each for name, each in deployments.items()}, **more}
    config = {"workspace": {"name": "llama-dev"}, "managed": {"chat": endpoint}}
    stated = {f"azure-llama:{key}": json.dumps(value) for key, value in config.items()}
    return load({"azure-native:location": "eastus2", **stated}, PACKAGE)


def endpoint(deployments: dict[str, dict[str, Any]], **more: Any) -> ManagedSettings:
    return loaded(deployments, **more).managed["chat"]


def test_a_stopped_deployment_has_no_machines_and_keeps_its_traffic() -> None:
    settings = endpoint({"blue": {"stopped": True}})
    assert (settings.machines, settings.traffic) == ({}, {"blue": 100})


def test_a_stopped_endpoint_stops_all() -> None:
    settings = endpoint({"blue": {"traffic": 90}, "green": {"traffic": 10}}, stopped=True, mirrorTraffic={})
    assert settings.running == {}


@pytest.mark.parametrize(
    "deployments",
    [
        {"blue": {"traffic": 100}, "green": {"traffic": 0, "stopped": True}},
        {"blue": {"traffic": 100, "stopped": True}, "green": {"traffic": 100}},
        {"blue": {"traffic": 0}, "green": {"traffic": 0, "stopped": True}},
    ],
)
def test_the_traffic_of_those_that_run_counts(deployments: dict[str, dict[str, Any]]) -> None:
    assert len(endpoint(deployments).running) == 1


@pytest.mark.parametrize(
    ("deployments", "more", "says"),
    [
        ({"blue": {"traffic": 90, "stopped": True}, "green": {"traffic": 10}}, {}, "traffic sums to 10"),
        (
            {"blue": {"traffic": 100, "stopped": True}, "green": {"traffic": 0}},
            {},
            "goes to a deployment that is stopped",
        ),
        (
            {"blue": {"traffic": 100}, "green": {"traffic": 0, "stopped": True}},
            {"mirrorTraffic": {"green": 10}},
            "mirrorTraffic.green: 'green' is stopped; mirror to one that runs",
        ),
        ({"blue": {}}, {"existing": True, "stopped": True}, "stopped: cannot be set when existing: true"),
    ],
)
def test_what_is_refused(deployments: dict[str, dict[str, Any]], more: dict[str, Any], says: str) -> None:
    with pytest.raises(SettingsError) as refused:
        endpoint(deployments, **more)
    (problem,) = refused.value.problems
    assert says in str(problem)
