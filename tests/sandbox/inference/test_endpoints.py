from __future__ import annotations

from datetime import date

import pytest

from azure_llama_sandbox.inference.endpoints import Directory, Endpoint, Kind
from tests.sandbox.inference.harness import ONLINE, WORKSPACE, Azure

DAY = date(2026, 11, 22)


def find(azure: Azure, url: str, day: date = DAY) -> Endpoint:
    endpoint = Directory(azure.world.store).find(url.removeprefix("https://"), day)
    assert endpoint
    return endpoint


def test_serverless_endpoint(azure: Azure) -> None:
    endpoint = find(azure, azure.serverless())
    assert (endpoint.kind, endpoint.name, endpoint.unavailable) == (Kind.SERVERLESS, "llama-33-70b", None)
    [deployment] = endpoint.deployments.values()
    assert (deployment.model.chat, deployment.model.completion, deployment.model.images) == (True, False, False)
    assert deployment.model.context_length == 128_000


@pytest.mark.parametrize(("safety", "filtered"), [(None, True), ("Enabled", True), ("Disabled", False)])
def test_content_safety_is_on_unless_disabled(azure: Azure, safety: str | None, filtered: bool) -> None:
    assert find(azure, azure.serverless(safety=safety)).content_filter is filtered


def test_retirement_is_judged_on_the_day(azure: Azure) -> None:
    url = azure.serverless("old", "Llama-2-7b-chat")
    assert find(azure, url, date(2025, 6, 29)).unavailable is None
    assert find(azure, url, date(2025, 6, 30)).unavailable


def test_retirement_does_not_bind_managed_compute(azure: Azure) -> None:
    assert find(azure, azure.managed(deployments={"blue": "Llama-2-7b-chat"})).unavailable is None


def test_model_that_the_catalogue_does_not_know_serves_both_apis(azure: Azure) -> None:
    model = find(azure, azure.managed(deployments={"blue": "Llama-9-Instruct"})).deployments["blue"].model
    assert (model.name, model.chat, model.completion, model.context_length) == ("Llama-9-Instruct", True, True, None)


def test_shares_are_of_deployments_that_answer(azure: Azure) -> None:
    url = azure.managed(traffic={"BLUE": 60, "green": 40, "red": 0}, mirror={"green": 10})
    endpoint = find(azure, url)
    assert (endpoint.traffic, endpoint.mirror) == ({"blue": 60}, {})


def test_directory_sees_every_write(azure: Azure) -> None:
    host = azure.managed().removeprefix("https://")
    directory = Directory(azure.world.store)
    before = directory.find(host, DAY)
    assert directory.find(host, DAY) is before
    azure.put(f"{WORKSPACE}/onlineEndpoints/llama-8b", ONLINE, {"provisioningState": "Deleting"})
    after = directory.find(host, DAY)
    assert after
    assert after.unavailable
    azure.world.store.delete(f"{WORKSPACE}/onlineEndpoints/llama-8b")
    assert directory.find(host, DAY) is None


def test_keys_are_not_in_the_repr(azure: Azure) -> None:
    endpoint = find(azure, azure.managed())
    assert not any(key in repr(endpoint) for key in endpoint.keys.values())
