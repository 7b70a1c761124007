"""What preflight says of Foundry accounts that exist, or of answers that Azure leaves out."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from azure_llama.preflight import Status
from azure_llama_sandbox.arm import build
from tests.azure_llama.preflight.foundry_cases import ACCOUNT, MODEL_QUOTA, SCOUT, account, with_account
from tests.azure_llama.preflight.harness import GROUP, LLAMA_33, SUB, Cloud, of, stack
from tests.azure_llama.preflight.test_permissions import give
from tests.sandbox.arm.around import model_body

SUBNET = f"{SUB}/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/vnet/subnets/llama"


def test_a_stack_with_an_account_passes_in_an_empty_subscription(cloud: Cloud) -> None:
    report = cloud.ask(with_account())
    assert (of(report, Status.FAIL), of(report, Status.UNKNOWN)) == ({}, {})
    (quota,) = of(report, Status.PASS)["model-quota"]
    assert f"{MODEL_QUOTA} in eastus2" in quota
    assert "usage 0, limit 400, needed 100 more" in quota


def test_a_deployment_that_exists_needs_only_what_it_adds(cloud: Cloud) -> None:
    account(cloud)
    cloud.azure.put(f"{ACCOUNT}/deployments/chat", model_body("9", 100))
    cloud.conditions(foundry={"quota": {MODEL_QUOTA: 100}, "lifecycle": {f"Meta.{LLAMA_33}.9": "Deprecating"}})
    report = cloud.ask(with_account())
    assert of(report, Status.FAIL) == {}
    assert "needed 0 more (foundry.contoso-llama.deployments.chat: 100, 100 of them held already)" in str(report)
    more = of(cloud.ask(with_account(capacity=101)), Status.FAIL)
    assert "usage 100, limit 100, needed 1 more" in more["model-quota"][0]
    other = of(cloud.ask(with_account(modelVersion="5")), Status.FAIL)
    assert other == {}, "versions 5 and 9 share a quota, and only 9 is deprecating"


def test_a_new_version_that_is_deprecating_is_refused_in_an_update(cloud: Cloud) -> None:
    account(cloud)
    cloud.azure.put(f"{ACCOUNT}/deployments/chat", model_body("5", 100))
    cloud.conditions(foundry={"lifecycle": {f"Meta.{LLAMA_33}.9": "Deprecating"}})
    assert list(of(cloud.ask(with_account()), Status.FAIL)) == ["lifecycle"]


def test_deployments_that_share_a_quota_are_added(cloud: Cloud) -> None:
    chat = {"model": LLAMA_33, "modelVersion": "9", "capacity": 250}
    config = stack(foundry={name: {"deployments": {"chat": chat}} for name in ("contoso-a", "contoso-b")})
    (message,) = of(cloud.ask(config), Status.FAIL)["model-quota"]
    assert "limit 400, needed 500 more" in message
    assert "100 are missing" in message


def test_an_account_of_others_alone_has_no_name_to_check(cloud: Cloud) -> None:
    account(cloud)
    chat = {"model": LLAMA_33, "modelVersion": "9", "capacity": 100}
    config = stack(foundry={"theirs": {"id": ACCOUNT, "deployments": {"chat": chat}}}, managed=None, serverless=None)
    assert "endpoint-names" not in of(cloud.ask(config), Status.UNKNOWN)


def test_a_deleted_account_keeps_name_and_sub_domain(cloud: Cloud) -> None:
    account(cloud)
    cloud.azure.delete(ACCOUNT)
    found = of(cloud.ask(with_account()), Status.FAIL)
    assert set(found) == {"soft-deleted", "global-names"}
    assert "az cognitiveservices account purge --name contoso-llama -g llama" in found["soft-deleted"][0]
    assert "workspace.names" not in found["soft-deleted"][0]


@pytest.mark.parametrize("there", [False, True])
def test_an_account_that_the_stack_says_exists_has_to(cloud: Cloud, there: bool) -> None:
    chat = {"model": LLAMA_33, "modelVersion": "9", "capacity": 1}
    config = stack(foundry={"contoso-llama": {"id": ACCOUNT, "deployments": {"chat": chat}}})
    if there:
        account(cloud)
    found = of(cloud.ask(config), Status.FAIL)
    assert list(found) == ([] if there else ["references"])
    if not there:
        assert f"azure-llama:foundry.contoso-llama.id: '{ACCOUNT}'" in found["references"][0]


def test_an_account_outside_the_state_and_in_another_region_is_refused(cloud: Cloud) -> None:
    account(cloud)
    held = of(cloud.ask(with_account(), held=[GROUP]), Status.FAIL)["endpoint-names"]
    assert "is not in the stack's state" in held[0]
    there = of(cloud.ask(with_account() | {"azure-native:location": "swedencentral"}), Status.FAIL)["endpoint-names"]
    assert "'contoso-llama' exists in eastus2, and the plan is for swedencentral" in there[-1]


class Silent(httpx.AsyncBaseTransport):
    """The sandbox, with other rows of one list."""

    def __init__(self, inside: httpx.AsyncBaseTransport, path: str, change: Any) -> None:
        self.inside, self.path, self.change = inside, path, change

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self.inside.handle_async_request(request)
        if not request.url.path.endswith(self.path):
            return answer
        await answer.aread()
        body = answer.json()
        return httpx.Response(answer.status_code, json={"value": self.change(body["value"])})


def unstated(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for row in rows:
        row["model"].pop("lifecycleStatus")
        for sku in row["model"]["skus"]:
            sku.pop("usageName")
    return rows


@pytest.mark.parametrize(
    ("path", "change", "checks", "words"),
    [
        ("CognitiveServices/locations/eastus2/models", lambda _: [], ["model-region"], ["lists no models"]),
        (
            "CognitiveServices/locations/eastus2/models",
            unstated,
            ["lifecycle", "model-quota"],
            ["lifecycle status None", "no usageName of Llama-3.3-70B-Instruct version"],
        ),
        ("CognitiveServices/locations/eastus2/usages", lambda _: [], ["model-quota", "limits"], ["has no row"]),
    ],
)
def test_what_azure_does_not_state_is_unknown(
    cloud: Cloud, path: str, change: Any, checks: list[str], words: list[str]
) -> None:
    inside = httpx.ASGITransport(build(cloud.azure.world), raise_app_exceptions=True)
    report = cloud.ask(with_account(), transport=Silent(inside, path, change))
    assert of(report, Status.FAIL) == {}
    assert list(of(report, Status.UNKNOWN)) == checks
    unknown = of(report, Status.UNKNOWN)
    assert all(word in str(unknown) for word in words)


def test_a_model_of_the_marketplace_that_is_deployed_is_not_bought_again(cloud: Cloud) -> None:
    account(cloud)
    cloud.azure.put(f"{ACCOUNT}/deployments/chat", model_body("1", 1, SCOUT))
    cloud.conditions(subscription={"quotaId": "FreeTrial_2014-09-01"})
    config = with_account(model=SCOUT, modelVersion="1", capacity=1) | {"azure-llama:serverless": {}}
    assert of(cloud.ask(config), Status.PASS)["marketplace"][0].startswith("foundry.contoso-llama.deployments.chat")
    chat = config["azure-llama:foundry"]["contoso-llama"]["deployments"].pop("chat")
    config["azure-llama:foundry"]["contoso-llama"]["deployments"]["other"] = chat
    assert "takes no credit" in of(cloud.ask(config), Status.FAIL)["marketplace"][0]


@pytest.mark.parametrize("subnet", [SUBNET, None])
def test_a_private_endpoint_takes_rights_on_its_subnet_and_its_account(cloud: Cloud, subnet: str | None) -> None:
    where = {"subnetId": subnet} if subnet else {"addressSpace": "10.40.0.0/24"}
    chat = {"model": LLAMA_33, "modelVersion": "9", "capacity": 1}
    row = {"network": {"privateEndpoint": where}, "deployments": {"chat": chat}}
    config = stack(foundry={"contoso-llama": row}, serverless={}, managed={})
    cloud.azure.with_group()
    give(cloud, GROUP, ["Microsoft.CognitiveServices/accounts/read", "Microsoft.CognitiveServices/accounts/write"])
    found = "\n".join(of(cloud.ask(config, who="guest"), Status.FAIL)["permissions"])
    assert "Microsoft.CognitiveServices/accounts/privateEndpointConnectionsApproval/action" in found
    assert "Microsoft.Network/virtualNetworks/subnets/join/action" in found
    give(cloud, GROUP, ["*"])
    give(cloud, SUB, ["Microsoft.Network/virtualNetworks/subnets/join/action"])
    assert "permissions" not in of(cloud.ask(config, who="guest"), Status.FAIL)
