"""What preflight says of a gateway: its name, its service, and its members in other stacks."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from azure_llama.arm.soft_deleted import Kind, Name
from azure_llama.preflight import Reader, Report, Status, run
from azure_llama.preflight.actions import needs
from azure_llama.purge import find_all, free, names
from tests.azure_llama.preflight.harness import Cloud, of, plan_of, stack
from tests.sandbox.arm.gateway import NAME, SERVICE, service_body

EAST = "contoso/llama/eastus2"
MEMBER = {"endpoint": "contoso-east", "stack": EAST}
GATEWAY: dict[str, Any] = {
    "name": NAME,
    "publisherName": "Contoso",
    "publisherEmail": "ai@contoso.com",
    "models": {"llama-33-70b": {"members": {"east": MEMBER}}},
    "teams": {"search": {}},
}
ENTRY = {
    "kind": "foundry",
    "modelName": "llama-33-70b",
    "openaiBaseUrl": "https://contoso-east.openai.azure.com/openai/v1/",
    "auth": "AADToken",
    "id": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.CognitiveServices/accounts/contoso-east",
}
SERVED = {EAST: {"contoso-east/llama-33-70b": ENTRY}}


def ask(cloud: Cloud, stacks: Any = SERVED, **gateway: Any) -> Report:
    values = {key: value for key, value in {**GATEWAY, **gateway}.items() if value is not None}
    planned = replace(plan_of(stack(gateway=values)), stacks=stacks)

    async def asked() -> Report:
        async with cloud.client() as arm:
            return await run(planned, Reader(arm), who="a test")

    return asyncio.run(asked())


def existing(cloud: Cloud, stacks: Any = SERVED) -> Report:
    return ask(cloud, stacks, id=SERVICE, name=None, publisherName=None, publisherEmail=None)


def test_a_gateway_whose_name_is_free_and_whose_members_are_deployed_passes(cloud: Cloud) -> None:
    report = ask(cloud)
    assert (of(report, Status.FAIL), of(report, Status.UNKNOWN)) == ({}, {})
    (member,) = of(report, Status.PASS)["gateway"]
    assert "stack contoso/llama/eastus2 serves 'llama-33-70b' at https://contoso-east.openai.azure.com" in member


def test_the_keys_of_teams_take_an_action_of_their_own() -> None:
    values = {need.action: need.scope for need in needs(plan_of(stack(gateway=GATEWAY)))}
    assert values["Microsoft.ApiManagement/service/subscriptions/listSecrets/action"].endswith("/resourceGroups/llama")


def test_a_stack_without_a_gateway_has_nothing_to_ask(cloud: Cloud) -> None:
    assert list(of(cloud.ask(), Status.SKIPPED)["gateway"]) == ["gateway: the stack has none => None"]


def test_a_deleted_service_keeps_its_name_until_it_is_purged(cloud: Cloud) -> None:
    cloud.azure.with_group().put(SERVICE, service_body())
    cloud.azure.delete(SERVICE)
    found = of(ask(cloud), Status.FAIL)
    assert f"az apim deletedservice purge --service-name {NAME} --location eastus2" in found["soft-deleted"][0]
    wanted = names.of([("Microsoft.ApiManagement/service", SERVICE)], "eastus2")
    assert wanted == [Name(Kind.GATEWAY, SERVICE, "eastus2")]

    async def purge() -> list[str]:
        async with cloud.client() as arm:
            return [each.outcome.value for each in await free(arm, await find_all(arm, wanted))]

    assert asyncio.run(purge()) == ["purged"]
    assert of(ask(cloud), Status.FAIL) == {}


def test_a_name_of_somebody_else_is_reported(cloud: Cloud) -> None:
    other = SERVICE.replace("/resourceGroups/llama/", "/resourceGroups/other/")
    cloud.azure.put(other.partition("/providers/")[0], {"location": "eastus2"})
    cloud.azure.put(other, service_body())
    (found,) = of(ask(cloud), Status.FAIL)["global-names"]
    assert "give the gateway another name (azure-llama:gateway.name)" in found


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (None, "no service /subscriptions/"),
        (service_body("Consumption", 0), "the service is of SKU Consumption, which has no circuit breaker"),
        ({**service_body(), "identity": {"type": "None"}}, "no system-assigned identity to call members with"),
    ],
)
def test_a_service_that_exists_is_read(cloud: Cloud, body: Any, says: str) -> None:
    if body is not None:
        cloud.azure.with_group().put(SERVICE, body)
    assert says in of(existing(cloud), Status.FAIL)["gateway"][0]


def test_a_service_that_exists_and_fits_passes(cloud: Cloud) -> None:
    cloud.azure.with_group().put(SERVICE, service_body())
    report = existing(cloud)
    assert of(report, Status.FAIL) == {}
    assert "the service has SKU BasicV2 and an identity" in of(report, Status.PASS)["gateway"][0]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "managed"}, "is of kind managed, and the model's is foundry"),
        ({"modelName": "chat"}, "calls the model 'chat', and the other members 'llama-33-70b'"),
        ({"openaiBaseUrl": None}, "has no route of OpenAI"),
        ({"id": None}, "has no id in its outputs => run `pulumi up` there"),
        ({"auth": "AMLToken"}, "has auth: AMLToken, and the model's auth is identity => set auth: keys"),
    ],
)
def test_a_member_that_does_not_fit_is_reported(cloud: Cloud, change: Mapping[str, Any], says: str) -> None:
    stacks = {EAST: {"contoso-east/llama-33-70b": {**ENTRY, **change}}}
    assert says in of(ask(cloud, stacks), Status.FAIL)["gateway"][0]


@pytest.mark.parametrize(
    ("stacks", "status", "says"),
    [
        (None, Status.UNKNOWN, "the outputs of stack contoso/llama/eastus2 were not read => leave out --no-state"),
        (
            {EAST: "no stack named"},
            Status.UNKNOWN,
            "cannot be read: no stack named => deploy contoso/llama",
        ),
        ({EAST: {}}, Status.FAIL, "has no 'llama-33-70b' at contoso-east (endpoints: none)"),
    ],
)
def test_a_stack_that_is_not_deployed_is_reported(cloud: Cloud, stacks: Any, status: Status, says: str) -> None:
    assert says in of(ask(cloud, stacks), status)["gateway"][0]
