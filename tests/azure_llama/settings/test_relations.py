from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from azure_llama.settings import SettingsError, load
from tests.catalogs import PACKAGE

Make = Callable[..., dict[str, str]]
GREEN = {"model": "Llama-3.2-1B", "vmSize": "Standard_NC24ads_A100_v4"}


def problems(config: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(config, PACKAGE)
    return [str(problem) for problem in caught.value.problems]


def deployments(stack: dict[str, Any]) -> Any:
    return stack["azure-llama:managed"]["llama-8b"]["deployments"]


@pytest.mark.parametrize(
    ("blue", "green", "says"),
    [
        (60, 30, "traffic sums to 90 (60 of 'blue' + 30 of 'green'), and must sum to 100, or to 0 for none; add 10"),
        (
            100,
            50,
            "traffic sums to 150 (100 of 'blue' + 50 of 'green'), and must sum to 100, or to 0 for none; remove 50",
        ),
        (90, None, "traffic sums to 90 (90 of 'blue'), and must sum"),
        (None, None, "have no traffic, and one of them must answer"),
    ],
)
def test_traffic(config: Make, blue: int | None, green: int | None, says: str) -> None:
    def share(stack: dict[str, Any]) -> None:
        deployments(stack)["blue"]["traffic"] = blue
        deployments(stack)["green"] = {**GREEN, "traffic": green}

    (problem,) = problems(config(share))
    assert problem.startswith("azure-llama:managed.llama-8b.deployments: ")
    assert says in problem


def test_traffic_is_summed_beside_other_mistakes(config: Make) -> None:
    def spoil(stack: dict[str, Any]) -> None:
        deployments(stack)["blue"].update(traffic=50, vmSize="x", extra=1)
        stack["azure-llama:managed"]["llama-8b"]["auth"] = "none"

    assert [
        problem.split(": ")[0].removeprefix("azure-llama:managed.llama-8b.") for problem in problems(config(spoil))
    ] == [
        "auth",
        "deployments",
        "deployments.blue.vmSize",
        "deployments.blue.extra",
    ]


def test_traffic_is_not_summed_where_a_share_is_wrong(config: Make) -> None:
    def spoil(stack: dict[str, Any]) -> None:
        deployments(stack)["blue"]["traffic"] = "50"

    (problem,) = problems(config(spoil))
    assert problem.startswith("azure-llama:managed.llama-8b.deployments.blue.traffic: '50' must be an integer")


def test_many_deployments_are_not_all_listed(config: Make) -> None:
    def add(stack: dict[str, Any]) -> None:
        for index in range(6):
            deployments(stack)[f"green{index}"] = {**GREEN, "traffic": 1}

    (problem,) = problems(config(add))
    assert (
        "sums to 106 (100 of 'blue' + 1 of 'green0' + 1 of 'green1' + 1 of 'green2' + 1 of 'green3' + 2 more)"
        in problem
    )


def test_a_model_without_known_versions_wants_one(config: Make) -> None:
    def guard(stack: dict[str, Any]) -> None:
        deployments(stack)["blue"]["model"] = "Llama-Guard-3-8B"

    def versioned(stack: dict[str, Any]) -> None:
        deployments(stack)["blue"]["modelVersion"] = "1"

    (problem,) = problems(config(guard))
    assert problem.startswith(
        "azure-llama:managed.llama-8b.deployments.blue.modelVersion: is missing, and no version of"
    )
    assert load(config(guard, versioned), PACKAGE).managed["llama-8b"].deployments["blue"].model_version == "1"


def test_the_version_is_asked_for_beside_other_mistakes(config: Make) -> None:
    def spoil(stack: dict[str, Any]) -> None:
        deployments(stack)["blue"].update(model="Llama-Guard-3-8B", instances=0)

    assert len(problems(config(spoil))) == 2


def test_names_that_differ_in_case_only_are_one(config: Make) -> None:
    def add(stack: dict[str, Any]) -> None:
        stack["azure-llama:serverless"]["Llama-33-70B"] = {"model": "Llama-3.2-1B"}
        deployments(stack)["Blue"] = {**GREEN, "traffic": 0}
        stack["azure-llama:tags"] = {"env": "a", "Env": "b"}

    lines = problems(config(add))
    assert [line.split(": ")[0] for line in lines] == [
        "azure-llama:serverless.Llama-33-70B",
        "azure-llama:managed.llama-8b.deployments.Blue",
        "azure-llama:tags.Env",
    ]
    assert all("in letter case only" in line for line in lines)


def test_one_name_is_one_endpoint(config: Make) -> None:
    def clash(stack: dict[str, Any]) -> None:
        stack["azure-llama:serverless"]["Llama-8b"] = {"model": "Llama-3.2-1B"}

    (problem,) = problems(config(clash))
    assert problem.startswith("azure-llama:managed.llama-8b: 'llama-8b' is also the name of a serverless endpoint")
