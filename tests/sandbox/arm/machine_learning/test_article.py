"""The article of November 2024 as it was: what it names deploys where it says so; today what is retired does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.catalogs import PACKAGE
from tests.sandbox.arm.harness import PROJECT, Azure, deployment_body, serverless_body

PUBLISHED, TODAY = date(2024, 11, 22), date(2026, 11, 25)
REGIONS = ("eastus", "eastus2", "northcentralus", "southcentralus", "westus", "westus3", "swedencentral")
SERVERLESS = (
    *("Meta-Llama-3.1-405B-Instruct", "Meta-Llama-3.1-70B-Instruct", "Meta-Llama-3.1-8B-Instruct"),
    *("Meta-Llama-3-70B-Instruct", "Meta-Llama-3-8B-Instruct"),
)
MANAGED = (
    *("Llama-3.2-1B", "Llama-3.2-3B", "Llama-3.2-1B-Instruct", "Llama-3.2-3B-Instruct", "Llama-Guard-3-1B"),
    *("Llama-Guard-3-11B-Vision", "Llama-3.2-11B-Vision-Instruct", "Llama-3.2-90B-Vision-Instruct"),
    *("Meta-Llama-3.1-8B-Instruct", "Meta-Llama-3.1-70B-Instruct", "Meta-Llama-3.1-8B", "Meta-Llama-3.1-70B"),
    *("Llama-Guard-3-8B", "Prompt-Guard-86M"),
)
NOT_THERE = {("Meta-Llama-3.1-405B-Instruct", "swedencentral")}
"""The article has one list of regions for all of Llama 3 and 3.1, and leads to a table for each model's own: every
edition of that table leaves this pair out."""


class Places:
    """A project in each region, made when it is first asked for."""

    def __init__(self, folder: Path, day: date) -> None:
        self._folder = folder
        self._day = day
        self._made: dict[str, Azure] = {}

    def __getitem__(self, region: str) -> Azure:
        if region not in self._made:
            self._made[region] = Azure(self._folder / f"{region}.db", as_of=self._day).with_hub(region)
        return self._made[region]

    def close(self) -> None:
        for azure in self._made.values():
            azure.close()


@pytest.fixture(scope="module")
def then(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    places = Places(tmp_path_factory.mktemp("then"), PUBLISHED)
    yield places
    places.close()


@pytest.fixture(scope="module")
def now(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    places = Places(tmp_path_factory.mktemp("now"), TODAY)
    yield places
    places.close()


def endpoint_name(model: str) -> str:
    return model.lower().replace(".", "-")[:32]


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("model", SERVERLESS)
def test_serverless_then(then: Places, model: str, region: str) -> None:
    azure, asset = then[region], PACKAGE.model(model).asset_id
    azure.subscribe(asset, endpoint_name(model))
    path = f"{PROJECT}/serverlessEndpoints/{endpoint_name(model)}"
    body = serverless_body(asset, region)
    if (model, region) in NOT_THERE:
        assert azure.refused("PUT", path, body).inner[-1] == "ServerlessModelNotAvailableInRegion"
    else:
        assert azure.put(path, body)["properties"]["endpointState"] == "Online"


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("model", SERVERLESS)
def test_serverless_now(now: Places, model: str, region: str) -> None:
    azure, row = now[region], PACKAGE.model(model)
    name, advice = endpoint_name(model), PACKAGE.instead(row, region, TODAY)
    for path, body in (
        (f"{PROJECT}/marketplaceSubscriptions/{name}", {"properties": {"modelId": row.asset_id}}),
        (f"{PROJECT}/serverlessEndpoints/{name}", serverless_body(row.asset_id, region)),
    ):
        refusal = azure.refused("PUT", path, body)
        assert refusal.status == 400
        assert f"The requested model '{row.asset_id}' is not available." in refusal.message
        assert f"retired on {row.lifecycle.retired}" in refusal.message
        assert f"source {row.lifecycle.retired_source}" in refusal.message
        assert refusal.message.endswith(f" {advice[0].upper()}{advice[1:]}.")


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("model", MANAGED)
def test_managed_then(then: Places, model: str, region: str) -> None:
    azure, row = then[region], PACKAGE.model(model)
    name = endpoint_name(f"m-{model}")
    size = next(iter(PACKAGE.smallest_sizes(row)), "Standard_DS3_v2")
    endpoint = f"{PROJECT}/onlineEndpoints/{name}"
    azure.put(endpoint, {"location": region, "properties": {"authMode": "Key"}})
    body = deployment_body(size=size, model=row.versioned_id(row.latest_version or "1")) | {"location": region}
    try:
        deployment = azure.put(f"{endpoint}/deployments/blue", body)
        assert deployment["properties"]["provisioningState"] == "Succeeded"
    finally:
        azure.delete(endpoint)  # all of them at once are more than the quota of a region
