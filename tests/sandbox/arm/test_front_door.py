"""What ARM checks before anything else: who, which version, which path."""

from __future__ import annotations

import pytest

from azure_llama_sandbox.arm.ids import parse
from azure_llama_sandbox.world import SUBSCRIPTION
from tests.sandbox.arm.harness import ARM, GROUP, HUB, PROJECT, SUB, Azure


def test_no_token_is_401_with_a_challenge(azure: Azure) -> None:
    answer = azure.call("GET", GROUP, who=None)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "AuthenticationFailed"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer authorization_uri=")
    assert "claims" not in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("who", "code"), [("stranger", "InvalidAuthenticationToken"), ("inference", "InvalidAuthenticationTokenAudience")]
)
def test_a_token_that_is_not_for_arm_is_401(azure: Azure, who: str, code: str) -> None:
    refusal = azure.refused("GET", GROUP, who=who)
    assert (refusal.status, refusal.code) == (401, code)


def test_a_token_for_the_loopback_address_will_do(azure: Azure) -> None:
    azure.with_group()
    assert azure.call("GET", GROUP, who="loopback").status_code == 200


def test_an_api_version_is_needed_and_any_well_formed_one_will_do(azure: Azure) -> None:
    azure.with_group()
    assert azure.refused("GET", GROUP, version=None).code == "MissingApiVersionParameter"
    assert azure.refused("GET", GROUP, version="v1").code == "InvalidApiVersionParameter"
    for version in ("2020-06-01", "2024-10-01-preview", "2031-01-01"):
        assert azure.call("GET", GROUP, version=version).status_code == 200


def test_paths_are_read_in_any_case_and_answered_in_the_first_one(hub: Azure) -> None:
    for path in (PROJECT.lower(), PROJECT.upper(), PROJECT.replace("resourceGroups", "resourcegroups") + "/"):
        assert hub.get(path)["id"] == PROJECT
    made = hub.put(f"{PROJECT.upper()}/connections/other", {"properties": {"authType": "None"}})
    assert made["id"] == f"{PROJECT}/connections/other"
    assert made["type"] == "Microsoft.MachineLearningServices/workspaces/connections"


def test_another_subscription_is_not_found(azure: Azure) -> None:
    other = GROUP.replace(SUBSCRIPTION, "5a0d80c5-11a3-4a5d-9b0e-0000000000ff")
    refusal = azure.refused("PUT", other, {"location": "eastus2"})
    assert (refusal.status, refusal.code) == (404, "SubscriptionNotFound")
    assert azure.refused("GET", f"{other}/resources").code == "SubscriptionNotFound"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"{GROUP}/providers/Microsoft.Compute/virtualMachines/vm"),
        ("GET", f"{GROUP}/providers/Microsoft.Compute/virtualMachines"),
        ("POST", f"{PROJECT}/diagnose"),
        ("GET", "/"),
        ("GET", f"{SUB}/providers/Microsoft.Compute"),
    ],
)
def test_what_the_sandbox_does_not_play_says_so(hub: Azure, method: str, path: str) -> None:
    refusal = hub.refused(method, path)
    assert refusal.status == 404
    assert "the sandbox does not play" in refusal.message


def test_a_method_that_a_resource_does_not_take(hub: Azure) -> None:
    subscription = hub.subscribe()["id"]
    assert hub.refused("PATCH", subscription, {"properties": {}}).status == 405
    assert hub.refused("DELETE", f"{PROJECT}/onlineEndpoints").status == 405


def test_a_body_that_is_not_json(azure: Azure) -> None:
    request = azure.http.request(
        "PUT", GROUP, params={"api-version": "2024-03-01"}, content=b"{", headers={"Authorization": "Bearer owner"}
    )
    answer = azure.loop.run_until_complete(request)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "InvalidRequestContent")


def test_every_answer_has_a_request_id_and_returns_the_clients_own(azure: Azure) -> None:
    request = azure.http.get(
        SUB,
        params={"api-version": "2022-12-01"},
        headers={"Authorization": "Bearer owner", "x-ms-client-request-id": "mine"},
    )
    answer = azure.loop.run_until_complete(request)
    assert answer.headers["x-ms-request-id"]
    assert answer.headers["x-ms-client-request-id"] == "mine"


def test_operation_addresses_are_on_the_host_that_was_asked(azure: Azure) -> None:
    azure.with_group()
    answer = azure.call("DELETE", f"https://127.0.0.1:8443{GROUP}")
    assert answer.headers["Location"].startswith("https://127.0.0.1:8443/subscriptions/")
    azure.wait(answer)
    azure.with_group()
    assert azure.call("DELETE", GROUP).headers["Location"].startswith(f"{ARM}/subscriptions/")


def test_subscription_tenant_and_regions(azure: Azure) -> None:
    listed = azure.get("/subscriptions")["value"]
    assert [each["subscriptionId"] for each in listed] == [SUBSCRIPTION]
    assert azure.get(SUB)["state"] == "Enabled"
    assert len(azure.get("/tenants")["value"]) == 1
    regions = {each["name"]: each["displayName"] for each in azure.get(f"{SUB}/locations")["value"]}
    assert regions["eastus2"] == "East US 2"
    assert azure.call("GET", "/subscriptions", who="guest").json() == {"value": []}


def test_an_unregistered_provider_refuses_until_it_is_registered(azure: Azure) -> None:
    azure.with_group()
    namespace = f"{SUB}/providers/Microsoft.MachineLearningServices"
    assert azure.get(namespace)["registrationState"] == "Registered"
    assert azure.call("POST", f"{namespace}/unregister").status_code == 200
    refusal = azure.refused("PUT", HUB, {"properties": {}})
    assert (refusal.status, refusal.code) == (409, "MissingSubscriptionRegistration")
    assert "'Microsoft.MachineLearningServices'" in refusal.message
    azure.call("POST", f"{namespace}/register")
    assert azure.refused("PUT", HUB, {"properties": {}}).code == "UserError"
    names = {each["namespace"] for each in azure.get(f"{SUB}/providers")["value"]}
    assert {"Microsoft.Storage", "Microsoft.SaaS", "Microsoft.KeyVault"} <= names


def test_providers_announce_api_versions(azure: Azure) -> None:
    """`az resource show` without --api-version takes the newest one that is no preview."""
    for provider in azure.get(f"{SUB}/providers")["value"]:
        for type_ in provider["resourceTypes"]:
            assert type_["apiVersions"] == sorted(type_["apiVersions"], reverse=True)
            assert type_["apiVersions"]
    resources = azure.get(f"{SUB}/providers/Microsoft.Resources")["resourceTypes"]
    assert {each["resourceType"] for each in resources} == {"resourceGroups", "deployments"}


def test_a_parent_that_is_not_there(azure: Azure) -> None:
    assert azure.refused("GET", PROJECT).code == "ResourceGroupNotFound"
    azure.with_group()
    assert azure.refused("GET", PROJECT).code == "ResourceNotFound"
    assert azure.refused("PUT", f"{PROJECT}/onlineEndpoints/e-1", {}).code == "ParentResourceNotFound"
    assert azure.call("HEAD", PROJECT).status_code == 404
    assert azure.call("HEAD", GROUP).status_code == 204


@pytest.mark.parametrize(
    ("path", "type_", "name", "scope"),
    [
        ("/subscriptions/S", "Microsoft.Resources/subscriptions", "S", ""),
        ("/subscriptions/S/resourcegroups/g", "Microsoft.Resources/subscriptions/resourcegroups", "g", ""),
        ("/subscriptions/S/resourceGroups/g/providers/A.B/c/d/e", "A.B/c/e", "d", "/subscriptions/S/resourceGroups/g"),
        ("/subscriptions/S/providers/A.B", "Microsoft.Resources/providers", "A.B", "/subscriptions/S"),
        (
            "/subscriptions/S/resourcegroups/g/deployments/n/operations",
            "Microsoft.Resources/deployments/operations",
            "n",
            "/subscriptions/S/resourcegroups/g",
        ),
        (
            "/subscriptions/S/resourceGroups/g/providers/A.B/c/d/providers/E.F/g/h",
            "E.F/g",
            "h",
            "/subscriptions/S/resourceGroups/g/providers/A.B/c/d",
        ),
    ],
)
def test_paths_are_taken_apart(path: str, type_: str, name: str, scope: str) -> None:
    id_ = parse(path)
    assert id_ is not None
    assert (id_.type, id_.name, id_.scope) == (type_, name, scope)
    assert id_.subscription == "S"
