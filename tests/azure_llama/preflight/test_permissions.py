"""The caller's roles against what the plan takes: with each single permission of the custom role gone, exactly it is
named."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

import pytest

from azure_llama.catalog import roles
from azure_llama.preflight import Status
from azure_llama.preflight.permissions import allows, matches
from tests.azure_llama.preflight.harness import GROUP, SUB, Cloud, of, stack
from tests.sandbox.arm.harness import GUEST, PROJECT

SCOPES = {"subscription": SUB, "resource group": GROUP, "workspace": PROJECT}
ENTRIES = [(grant.scope, action) for grant in roles.CUSTOM_ROLE for action in (*grant.actions, *grant.also)]
DEFAULTS = stack(workspace={"id": PROJECT}, managed={})


def give(cloud: Cloud, scope: str, actions: Iterable[str], **more: Any) -> None:
    """Give the guest a role of these actions."""
    role = f"{SUB}/providers/Microsoft.Authorization/roleDefinitions/{uuid.uuid4()}"
    permission = {"actions": list(actions), **more}
    properties = {"roleName": f"role {role[-6:]}", "assignableScopes": [SUB], "permissions": [permission]}
    cloud.azure.put(role, {"properties": properties}, version="2022-05-01-preview")
    body = {"properties": {"principalId": GUEST.object_id, "roleDefinitionId": role}}
    path = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
    cloud.azure.put(path, body, version="2022-04-01")


def give_custom_role(cloud: Cloud, without: str | None = None) -> None:
    """Give the guest the article's custom role, scope by scope, but for one of its actions."""
    for scope, id_ in SCOPES.items():
        actions = [action for where, action in ENTRIES if where == scope and action != without]
        give(cloud, id_, actions)


def test_the_custom_role_is_enough_for_a_workspace_that_exists(cloud: Cloud) -> None:
    cloud.azure.with_hub()
    give_custom_role(cloud)
    report = cloud.ask(DEFAULTS, who="guest")
    assert of(report, Status.FAIL) == {}
    assert report.named("permissions").status is Status.PASS


@pytest.mark.parametrize("action", [action for _, action in ENTRIES])
def test_each_single_permission_of_the_custom_role_that_is_gone_is_named(cloud: Cloud, action: str) -> None:
    cloud.azure.with_hub()
    give_custom_role(cloud, without=action)
    found = of(cloud.ask(DEFAULTS, who="guest"), Status.FAIL)
    assert list(found) == ["permissions"]
    (message,) = found["permissions"]
    scope = next(SCOPES[where] for where, each in ENTRIES if each == action)
    assert message.startswith(f"{scope}: the caller's roles lack {action}")
    assert f"add the action {action} to a role of the caller at {scope}" in message
    assert all(other not in message for _, other in ENTRIES if other != action)


def test_a_purchase_that_was_made_takes_no_more_rights(cloud: Cloud) -> None:
    cloud.azure.with_hub()
    cloud.azure.subscribe(name="Llama-3-3-70B-Instruct")
    give(cloud, PROJECT, [action for where, action in ENTRIES if where == "workspace"])
    assert of(cloud.ask(DEFAULTS, who="guest"), Status.FAIL) == {}


def test_contributor_on_a_resource_group_is_enough_to_deploy_into_it(cloud: Cloud) -> None:
    cloud.azure.with_hub()
    give(cloud, GROUP, ["*"], notActions=["Microsoft.Authorization/*/Write", "Microsoft.Authorization/*/Delete"])
    report = cloud.ask(stack(serverless={}), who="guest")
    assert report.named("permissions").status is Status.PASS
    remedies = [text.rpartition(" => ")[2] for texts in of(report, Status.UNKNOWN).values() for text in texts]
    assert not [text for text in remedies if "Reader" in text or "grant" in text]


def test_a_group_that_does_not_exist_is_written_with_a_role_on_the_subscription(cloud: Cloud) -> None:
    give(cloud, SUB, ["*/read"])
    found = of(cloud.ask(stack(serverless={}), who="guest"), Status.FAIL)["permissions"]
    assert any(
        text.startswith(f"{SUB}: the caller's roles lack Microsoft.Resources/subscriptions/resourceGroups/write")
        for text in found
    )


def test_what_one_role_leaves_out_another_may_give(cloud: Cloud) -> None:
    cloud.azure.with_hub()
    give_custom_role(cloud, without="Microsoft.SaaS/register/action")
    give(cloud, SUB, ["Microsoft.SaaS/*"], notActions=["Microsoft.SaaS/register/action"])
    assert "permissions" in of(cloud.ask(DEFAULTS, who="guest"), Status.FAIL)
    give(cloud, SUB, ["*/register/action"])
    assert "permissions" not in of(cloud.ask(DEFAULTS, who="guest"), Status.FAIL)


def test_a_managed_endpoint_takes_the_documented_actions_of_endpoints_alone(cloud: Cloud) -> None:
    cloud.azure.with_hub()
    online = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
    give(cloud, PROJECT, [f"{online}/{verb}" for verb in ("read", "write", "listKeys/action")])
    config = stack(workspace={"id": PROJECT}, serverless={})
    (message,) = of(cloud.ask(config, who="guest"), Status.FAIL)["permissions"][:1]
    assert "Microsoft.Resources/deployments/read" in message
    give(cloud, GROUP, ["Microsoft.Resources/deployments/read", "Microsoft.Resources/deployments/write"])
    assert of(cloud.ask(config, who="guest"), Status.FAIL) == {}


def test_another_resource_that_is_named_has_to_allow_it(cloud: Cloud) -> None:
    cloud.azure.with_hub()
    give(cloud, PROJECT, ["*"])
    give(cloud, GROUP, ["Microsoft.Resources/deployments/*"])
    identity = f"{SUB}/resourceGroups/other/providers/Microsoft.ManagedIdentity/userAssignedIdentities/llama"
    given = {"type": "UserAssigned", "id": identity}
    config = stack(workspace={"id": PROJECT}, serverless={}, **{"managed__llama-8b__identity": given})
    (message,) = of(cloud.ask(config, who="guest"), Status.FAIL)["permissions"]
    assert message.startswith(f"{identity}: the caller's roles lack Microsoft.ManagedIdentity")
    give(cloud, SUB, ["Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"])
    assert of(cloud.ask(config, who="guest"), Status.FAIL) == {}


@pytest.mark.parametrize(
    ("pattern", "action", "meant"),
    [
        ("*", "Microsoft.SaaS/register/action", True),
        ("*/read", "Microsoft.Storage/storageAccounts/read", True),
        ("*/read", "Microsoft.Storage/storageAccounts/write", False),
        ("microsoft.storage/STORAGEACCOUNTS/*", "Microsoft.Storage/storageAccounts/blobServices/read", True),
        ("Microsoft.Storage/*/read", "Microsoft.Storage/storageAccounts/blobServices/read", True),
        ("Microsoft.Storage", "Microsoft.Storage/storageAccounts/read", False),
        ("Microsoft.Storage/storageAccounts/rea.", "Microsoft.Storage/storageAccounts/read", False),
    ],
)
def test_a_star_is_any_part_of_an_action(pattern: str, action: str, meant: bool) -> None:
    assert matches(pattern, action) is meant
    assert allows([{"actions": [pattern]}], action) is meant


@pytest.mark.parametrize("permission", [{}, {"actions": None}, {"actions": []}, {"dataActions": ["*"]}])
def test_nothing_is_allowed_that_is_not_said(permission: dict[str, Any]) -> None:
    assert not allows([permission], "Microsoft.SaaS/register/action")
