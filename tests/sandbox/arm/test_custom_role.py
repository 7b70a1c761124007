"""The article's custom role: enough to subscribe and deploy in a workspace that exists, and none of it is too much."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from azure_llama.catalog import roles
from tests.sandbox.arm.harness import GROUP, MODEL, PROJECT, SUB, Azure, serverless_body
from tests.sandbox.arm.test_access import assign, define

SCOPES = {"subscription": SUB, "resource group": GROUP, "workspace": PROJECT}
ACTIONS = [
    pytest.param(grant.scope, action, id=action)
    for grant in roles.CUSTOM_ROLE
    for action in (*grant.actions, *grant.also)
]
SUBSCRIPTION = f"{PROJECT}/marketplaceSubscriptions/llama"
ENDPOINT = f"{PROJECT}/serverlessEndpoints/llama"


def give(azure: Azure, without: str = "") -> None:
    """The role to the guest, over its three scopes, without one of its actions."""
    for number, grant in enumerate(roles.CUSTOM_ROLE):
        kept = [action for action in (*grant.actions, *grant.also) if action != without]
        assign(azure, define(azure, *kept, number=80 + number), SCOPES[grant.scope], number + 1)


def deployment(azure: Azure) -> Iterator[httpx.Response]:
    """The requests of azure-native for a subscription and its endpoint, one by one, by the guest."""

    def call(method: str, path: str, body: Any = None) -> httpx.Response:
        return azure.call(method, path, body, who="guest")

    for path, body in ((SUBSCRIPTION, {"properties": {"modelId": MODEL}}), (ENDPOINT, serverless_body())):
        yield call("GET", path)
        answer = call("PUT", path, body)
        yield answer
        yield azure.wait(answer, who="guest")
        yield call("GET", path)
    yield call("POST", f"{ENDPOINT}/listKeys")


def refusal(azure: Azure) -> dict[str, Any] | None:
    """The first refusal of the deployment."""
    for answer in deployment(azure):
        if answer.status_code == 403:
            error: dict[str, Any] = answer.json()["error"]
            return error
        assert answer.status_code in (200, 201, 404), answer.text
    return None


def test_it_is_enough(hub: Azure) -> None:
    give(hub)
    assert refusal(hub) is None
    # Nothing of the workspace itself is the role's to read.
    assert hub.refused("GET", PROJECT, who="guest").code == "AuthorizationFailed"


@pytest.mark.parametrize(("scope", "action"), ACTIONS)
def test_without_one_action_it_is_not(hub: Azure, scope: str, action: str) -> None:
    give(hub, without=action)
    error = refusal(hub)
    assert error is not None
    assert error["code"] == "AuthorizationFailed"
    asked = error["message"].partition("perform action '")[2].partition("'")[0]
    where = error["message"].partition("over scope '")[2].partition("'")[0]
    assert asked == action or (action.endswith("/*") and asked.startswith(action[:-1]))
    assert where == SCOPES[scope] or (scope == "workspace" and where.startswith(f"{PROJECT}/"))


def test_later_endpoints_of_the_model_take_no_rights_of_the_subscription(hub: Azure) -> None:
    hub.subscribe()
    *_, workspace = roles.CUSTOM_ROLE
    assign(hub, define(hub, *workspace.actions, *workspace.also), PROJECT)
    answer = hub.call("PUT", ENDPOINT, serverless_body(), who="guest")
    assert answer.status_code == 201
    hub.wait(answer)
    # Nor does the subscription as it stands, put once more.
    again = hub.call(
        "PUT", f"{PROJECT}/marketplaceSubscriptions/llama-sub", {"properties": {"modelId": MODEL}}, who="guest"
    )
    assert again.status_code == 200


@pytest.mark.parametrize("role", ["Owner", "Contributor"])
def test_the_roles_that_the_article_names_beside_it(hub: Azure, role: str) -> None:
    found = roles.find_role(role)
    assert found is not None
    assign(hub, f"{SUB}/providers/Microsoft.Authorization/roleDefinitions/{found.id}", SUB)
    assert refusal(hub) is None


def test_a_data_scientist_deploys_but_does_not_buy(hub: Azure) -> None:
    found = roles.find_role("AzureML Data Scientist")
    assert found is not None
    assign(hub, f"{SUB}/providers/Microsoft.Authorization/roleDefinitions/{found.id}", PROJECT)
    error = refusal(hub)
    assert error is not None
    assert "Microsoft.MarketplaceOrdering/agreements/offers/plans/read" in error["message"]
    hub.subscribe()
    assert hub.call("PUT", ENDPOINT, serverless_body(), who="guest").status_code == 201


def test_what_the_caller_may_is_told_at_every_scope(hub: Azure) -> None:
    give(hub)
    for grant in roles.CUSTOM_ROLE:
        path = f"{SCOPES[grant.scope]}/providers/Microsoft.Authorization/permissions"
        found = hub.call("GET", path, who="guest", version="2022-04-01").json()["value"]
        assert set(grant.actions) <= {action for each in found for action in each["actions"]}
