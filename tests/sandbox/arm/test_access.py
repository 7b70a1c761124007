"""Roles: what they allow, where, and how a refusal reads."""

from __future__ import annotations

from typing import Any

import pytest

from azure_llama.catalog import roles
from azure_llama_sandbox.arm.access import allows, covers
from tests.sandbox.arm.harness import (
    GROUP,
    GUEST,
    HUB,
    MODEL,
    PROJECT,
    STORAGE,
    SUB,
    Azure,
    account_body,
    endpoint_body,
    serverless_body,
    vault_body,
)
from tests.sandbox.arm.test_templates import endpoint as endpoint_resource
from tests.sandbox.arm.test_templates import template

ML = "Microsoft.MachineLearningServices/workspaces"
GUID = "11111111-1111-1111-1111-1111111111{:02d}"
SCORE = f"{ML}/onlineEndpoints/score/action"


def role_id(name: str) -> str:
    role = roles.find_role(name)
    assert role is not None
    return f"{SUB}/providers/Microsoft.Authorization/roleDefinitions/{role.id}"


def assign(azure: Azure, definition: str, scope: str, number: int = 1, **options: Any) -> str:
    path = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{GUID.format(number)}"
    properties = {
        "principalId": GUEST.object_id,
        "roleDefinitionId": definition,
        "principalType": "ServicePrincipal",
    }
    answer = azure.call("PUT", path, {"properties": properties}, version="2022-04-01", **options)
    assert answer.status_code == 201, answer.text
    return path


def define(azure: Azure, *actions: str, number: int = 50, scopes: tuple[str, ...] = (SUB,), **permission: Any) -> str:
    path = f"{SUB}/providers/Microsoft.Authorization/roleDefinitions/{GUID.format(number)}"
    properties = {
        "roleName": f"role {number}",
        "assignableScopes": list(scopes),
        "permissions": [{"actions": list(actions)} | permission],
    }
    answer = azure.call("PUT", path, {"properties": properties}, version="2022-05-01-preview")
    assert answer.status_code in (200, 201), answer.text
    return path


def test_the_owner_may_all_and_a_stranger_nothing(hub: Azure) -> None:
    refusal = hub.refused("GET", PROJECT, who="guest")
    assert (refusal.status, refusal.code) == (403, "AuthorizationFailed")
    for part in (GUEST.client_id, GUEST.object_id, f"'{ML}/read'", f"'{PROJECT}'"):
        assert part in refusal.message


@pytest.mark.parametrize(
    ("method", "path", "action"),
    [
        ("GET", GROUP, "Microsoft.Resources/subscriptions/resourceGroups/read"),
        ("PUT", GROUP, "Microsoft.Resources/subscriptions/resourceGroups/write"),
        ("DELETE", GROUP, "Microsoft.Resources/subscriptions/resourceGroups/delete"),
        ("PATCH", PROJECT, f"{ML}/write"),
        ("GET", f"{PROJECT}/serverlessendpoints", f"{ML}/serverlessEndpoints/read"),
        ("POST", f"{PROJECT}/onlineEndpoints/e-1/listKeys", f"{ML}/onlineEndpoints/listKeys/action"),
        ("PUT", f"{PROJECT}/onlineEndpoints/e-1/deployments/d-1", f"{ML}/onlineEndpoints/deployments/write"),
        ("GET", f"{SUB}/resources", "Microsoft.Resources/subscriptions/resources/read"),
        ("GET", f"{SUB}/providers/Microsoft.MachineLearningServices/locations/eastus2/usages", "usages/read"),
        ("POST", f"{SUB}/providers/Microsoft.MachineLearningServices/register", "Services/register/action"),
        ("PUT", f"{GROUP}/providers/Microsoft.Resources/deployments/d", "Microsoft.Resources/deployments/write"),
        ("GET", f"{GROUP}/providers/Microsoft.Authorization/roleAssignments", "roleAssignments/read"),
    ],
)
def test_every_request_takes_an_action(hub: Azure, method: str, path: str, action: str) -> None:
    refusal = hub.refused(method, path, {} if method != "GET" else None, who="guest")
    assert (refusal.status, refusal.code) == (403, "AuthorizationFailed")
    assert action in refusal.message


def test_a_reader_reads_and_no_more(hub: Azure) -> None:
    assign(hub, role_id("Reader"), GROUP)
    assert hub.call("GET", PROJECT, who="guest").status_code == 200
    assert hub.call("GET", f"{GROUP}/resources", who="guest").status_code == 200
    assert hub.refused("PATCH", PROJECT, {"tags": {}}, who="guest").code == "AuthorizationFailed"
    assert hub.refused("POST", f"{HUB}/listKeys", who="guest").code == "AuthorizationFailed"


def test_any_role_in_the_subscription_makes_it_visible(hub: Azure) -> None:
    """Microsoft's own set-up for GitHub Actions gives Contributor on one resource group."""
    other = f"{SUB}/resourceGroups/other"
    hub.put(other, {"location": "eastus2"})
    lists = ("/resourceGroups", "/resources", "/providers/Microsoft.KeyVault/vaults")
    assert hub.get("/subscriptions", who="guest")["value"] == []
    for path in ("", "/locations", *lists):
        assert hub.refused("GET", SUB + path, who="guest").code == "AuthorizationFailed"
    assign(hub, role_id("Reader"), GROUP)
    assert [each["id"] for each in hub.get("/subscriptions", who="guest")["value"]] == [SUB]
    assert hub.get(SUB, who="guest")["state"] == "Enabled"
    assert hub.get(f"{SUB}/locations", who="guest")["value"]
    assert [each["id"] for each in hub.get(f"{SUB}/resourceGroups", who="guest")["value"]] == [GROUP]
    hub.put(f"{other}/providers/Microsoft.KeyVault/vaults/other-vault", vault_body())
    for path in lists[1:]:
        ids = [each["id"] for each in hub.get(SUB + path, who="guest")["value"]]
        assert ids
        assert not any("/other/" in id_ for id_ in ids)
    assert hub.refused("GET", f"{other}/resources", who="guest").code == "AuthorizationFailed"
    assert hub.refused("PUT", SUB + "/resourceGroups/new", {"location": "eastus2"}, who="guest").status == 403


def test_role_definitions_by_name_and_type(azure: Azure) -> None:
    azure.with_group()
    define(azure, "*/read")
    path = f"{SUB}/providers/Microsoft.Authorization/roleDefinitions"

    def types(filter_: str) -> set[str]:
        return {each["properties"]["type"] for each in azure.get(path, **{"$filter": filter_})["value"]}

    assert types("type eq 'CustomRole'") == {"CustomRole"}
    assert types("atScopeAndBelow() and type eq 'BuiltInRole'") == {"BuiltInRole"}
    assert types("roleName eq 'Contributor' and type eq 'CustomRole'") == set()


def test_a_contributor_deploys_but_gives_no_roles(azure: Azure) -> None:
    azure.with_group()
    path = assign(azure, role_id("Contributor"), GROUP)
    assert azure.call("PUT", STORAGE, account_body(), who="guest").status_code == 202
    refusal = azure.refused("DELETE", path, who="guest")
    assert "Microsoft.Authorization/roleAssignments/delete" in refusal.message
    azure.delete(path)
    assert azure.refused("GET", STORAGE, who="guest").status == 403


def test_a_custom_role_is_what_its_wildcards_say(hub: Azure) -> None:
    role = define(hub, f"{ML}/*/read", f"{ML}/onlineEndpoints/*", notActions=[f"{ML}/onlineEndpoints/delete"])
    assign(hub, role, PROJECT)
    body = endpoint_body()
    answer = hub.call("PUT", f"{PROJECT}/onlineEndpoints/llama-8b", body, who="guest")
    assert answer.status_code == 201
    hub.wait(answer)
    assert hub.refused("DELETE", f"{PROJECT}/onlineEndpoints/llama-8b", who="guest").status == 403
    assert hub.call("POST", f"{PROJECT}/onlineEndpoints/llama-8b/listKeys", who="guest").status_code == 200
    assert hub.refused("GET", HUB, who="guest").status == 403
    # A second role gives what the first one leaves out: notActions take away from one role alone.
    assign(hub, define(hub, f"{ML}/onlineEndpoints/delete", number=51), PROJECT, 2)
    assert hub.call("DELETE", f"{PROJECT}/onlineEndpoints/llama-8b", who="guest").status_code == 202


def test_the_documented_action_is_enough_for_deployments(hub: Azure) -> None:
    hub.endpoint()
    role = define(hub, f"{ML}/onlineEndpoints/write", f"{ML}/onlineEndpoints/read")
    assign(hub, role, PROJECT)
    path = f"{PROJECT}/onlineEndpoints/llama-8b/deployments/blue"
    assert hub.refused("PUT", path, {}, who="guest").status == 400
    assert hub.refused("DELETE", path, who="guest").status == 403


def test_subscribing_takes_rights_on_three_scopes(hub: Azure) -> None:
    subscription, group, workspace = roles.CUSTOM_ROLE
    path = f"{PROJECT}/marketplaceSubscriptions/llama"
    body = {"properties": {"modelId": MODEL}}
    assign(hub, define(hub, *workspace.actions, number=60), PROJECT, 1)
    assert f"{ML}/marketplaceSubscriptions/write" in hub.refused("PUT", path, body, who="guest").message
    define(hub, *workspace.actions, *workspace.also, number=60)
    refusal = hub.refused("PUT", path, body, who="guest")
    assert "Microsoft.MarketplaceOrdering/agreements/offers/plans/read" in refusal.message
    assert f"'{SUB}'" in refusal.message
    assign(hub, define(hub, *subscription.actions, number=61), SUB, 2)
    assert "Microsoft.SaaS/resources/read" in hub.refused("PUT", path, body, who="guest").message
    assign(hub, define(hub, *group.actions, number=62), GROUP, 3)
    answer = hub.call("PUT", path, body, who="guest")
    assert answer.status_code == 201
    hub.wait(answer)
    endpoint = hub.call("PUT", f"{PROJECT}/serverlessEndpoints/llama", serverless_body(), who="guest")
    assert endpoint.status_code == 201


def test_an_ai_developer_on_the_subscription_subscribes(hub: Azure) -> None:
    assign(hub, role_id("Azure AI Developer"), SUB)
    path = f"{PROJECT}/marketplaceSubscriptions/llama"
    assert hub.call("PUT", path, {"properties": {"modelId": MODEL}}, who="guest").status_code == 201
    assert hub.refused("DELETE", PROJECT, who="guest").status == 403


def test_a_template_takes_the_rights_of_its_resources(hub: Azure) -> None:
    hub.endpoint()
    path = f"{GROUP}/providers/Microsoft.Resources/deployments/traffic"
    assign(hub, define(hub, "Microsoft.Resources/deployments/*"), GROUP)
    refusal = hub.refused("PUT", path, template(endpoint_resource({})), who="guest")
    assert (refusal.status, refusal.code) == (403, "InvalidTemplateDeployment")
    assert refusal.error["details"][0]["code"] == "AuthorizationFailed"
    assign(hub, define(hub, f"{ML}/onlineEndpoints/write", number=52), PROJECT, 2)
    assert hub.call("PUT", path, template(endpoint_resource({})), who="guest").status_code == 201


def test_scoring_with_an_entra_token(hub: Azure) -> None:
    endpoint = hub.endpoint()
    assert not allows(hub.world, GUEST, SCORE, endpoint)
    assign(hub, define(hub, number=53, dataActions=[SCORE]), endpoint)
    assert allows(hub.world, GUEST, SCORE, endpoint)
    assert not allows(hub.world, GUEST, SCORE, PROJECT)


def test_scopes_end_at_slashes() -> None:
    assert covers("/subscriptions/A", "/Subscriptions/a/resourceGroups/g")
    assert covers("/", "/subscriptions/a")
    assert not covers("/subscriptions/a/resourceGroups/g", "/subscriptions/a/resourceGroups/g2")


def test_definitions_and_assignments_are_listed(hub: Azure) -> None:
    base = f"{SUB}/providers/Microsoft.Authorization"
    custom = define(hub, "*/read")
    builtin = hub.get(role_id("Reader"))
    assert (builtin["properties"]["roleName"], builtin["properties"]["type"]) == ("Reader", "BuiltInRole")
    named = hub.get(f"{base}/roleDefinitions", **{"$filter": "roleName eq 'role 50'"})["value"]
    assert [each["id"] for each in named] == [custom]
    assert hub.get(custom)["properties"]["type"] == "CustomRole"
    on_group = assign(hub, custom, GROUP)
    on_project = assign(hub, custom, PROJECT, 2)
    listed = f"{GROUP}/providers/Microsoft.Authorization/roleAssignments"
    assert [each["id"] for each in hub.get(listed)["value"]] == [on_group, on_project]
    assert [each["id"] for each in hub.get(listed, **{"$filter": "atScope()"})["value"]] == [on_group]
    other = {"$filter": "principalId eq '00000000-0000-0000-0000-000000000000'"}
    assert hub.get(listed, **other)["value"] == []
    assert hub.get(on_project)["properties"]["scope"] == PROJECT
    mine = hub.call("GET", f"{GROUP}/providers/Microsoft.Authorization/permissions", who="guest").json()["value"]
    assert [each["actions"] for each in mine] == [["*/read"]]
    assert hub.refused("DELETE", custom).code == "RoleDefinitionHasAssignments"
    hub.delete(on_group)
    hub.delete(on_project)
    hub.delete(custom)


@pytest.mark.parametrize(
    ("scope", "properties", "status", "code"),
    [
        (GROUP, {"principalId": "me"}, 400, "InvalidPrincipalId"),
        (GROUP, {"roleDefinitionId": f"{SUB}/roleDefinitions/{GUID.format(99)}"}, 400, "RoleDefinitionDoesNotExist"),
        (GROUP, {"principalType": "Robot"}, 400, "BadRequest"),
        (
            GROUP,
            {"roleDefinitionId": f"{SUB}/roleDefinitions/{GUID.format(50)}"},
            400,
            "RoleDefinitionNotAssignableAtScope",
        ),
        (GROUP + "x", {}, 404, "ResourceGroupNotFound"),
        (STORAGE, {}, 404, "ResourceNotFound"),
    ],
)
def test_assignments_refused(azure: Azure, scope: str, properties: Any, status: int, code: str) -> None:
    azure.with_group()
    define(azure, "*/read", scopes=(f"{SUB}/resourceGroups/other",))
    path = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{GUID.format(1)}"
    body = {"principalId": GUEST.object_id, "roleDefinitionId": role_id("Reader")} | properties
    refusal = azure.refused("PUT", path, {"properties": body})
    assert (refusal.status, refusal.code) == (status, code)


def test_an_assignment_is_made_once_and_never_changed(azure: Azure) -> None:
    azure.with_group()
    path = assign(azure, role_id("Reader"), GROUP)
    body = {"properties": {"principalId": GUEST.object_id, "roleDefinitionId": role_id("Reader")}}
    assert azure.call("PUT", path, body).status_code == 200
    other = path.replace(GUID.format(1), GUID.format(2))
    assert azure.refused("PUT", other, body).code == "RoleAssignmentExists"
    body["properties"]["roleDefinitionId"] = role_id("Owner")
    assert azure.refused("PUT", path, body).code == "RoleAssignmentUpdateNotPermitted"
    assert azure.refused("PUT", path + "x", body).code == "InvalidRoleAssignmentId"


@pytest.mark.parametrize(
    ("number", "properties", "code"),
    [
        (70, {"roleName": "role 50"}, "RoleDefinitionWithSameNameExists"),
        (70, {"assignableScopes": ["/subscriptions/other"]}, "InvalidAssignableScopes"),
        (70, {"assignableScopes": []}, "BadRequest"),
    ],
)
def test_definitions_refused(azure: Azure, number: int, properties: Any, code: str) -> None:
    define(azure, "*/read")
    path = f"{SUB}/providers/Microsoft.Authorization/roleDefinitions/{GUID.format(number)}"
    body = {"roleName": "other", "assignableScopes": [SUB], "permissions": []} | properties
    assert azure.refused("PUT", path, {"properties": body}).code == code


def test_built_in_roles_cannot_be_changed(azure: Azure) -> None:
    body = {"properties": {"roleName": "Reader", "assignableScopes": [SUB]}}
    assert azure.refused("PUT", role_id("Reader"), body).code == "RoleDefinitionCannotBeUpdated"
