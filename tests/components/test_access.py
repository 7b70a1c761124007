from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import cache
from typing import Any

import pulumi
import pytest

from azure_llama.catalog import roles
from azure_llama_components import Callers, CallersArgs, DeployerRole, DeployerRoleArgs, Principal
from tests.components.arm import put
from tests.components.mocked import SUBSCRIPTION, Recorded, run

ROOT = f"/subscriptions/{SUBSCRIPTION}"
GROUP = f"{ROOT}/resourceGroups/rg-llama"
WORKSPACE = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/llama-dev"
TEAM = Principal(id="00000000-0000-0000-0000-0000000000aa", type="Group")
APP = Principal(id="00000000-0000-0000-0000-0000000000bb", type="ServicePrincipal")
ENDPOINTS = {"chat": f"{WORKSPACE}/serverlessEndpoints/chat", "own": f"{WORKSPACE}/onlineEndpoints/own"}
SAFETY = f"{GROUP}/providers/Microsoft.CognitiveServices/accounts/cs-llama"


@cache
def deployers(workspace: str = "llama-dev") -> Recorded:
    def program() -> None:
        args = DeployerRoleArgs(
            subscription_id=SUBSCRIPTION,
            resource_group_name="rg-llama",
            workspace_name=workspace,
            assign_to={"team": TEAM, "app": APP},
        )
        pulumi.export("role", DeployerRole("deployer", args).outputs)

    recorded = run(program)
    assert recorded.error is None
    return recorded


@cache
def callers(safety: bool = True) -> Recorded:
    args = CallersArgs(
        subscription_id=SUBSCRIPTION,
        callers={"team": TEAM, "app": APP},
        endpoints=ENDPOINTS,
        content_safety_id=SAFETY if safety else None,
    )
    recorded = run(lambda: Callers("callers", args))
    assert recorded.error is None
    return recorded


def definitions(recorded: Recorded) -> dict[str, dict[str, Any]]:
    return {each.name: each.inputs for each in recorded.of("RoleDefinition")}


def test_the_custom_role_is_the_articles_and_arms_own_spelling() -> None:
    made = definitions(deployers())
    assert set(made) == {"deployer-subscription", "deployer-resource-group", "deployer-workspace"}
    for grant in roles.CUSTOM_ROLE:
        inputs = made[f"deployer-{grant.scope.replace(' ', '-')}"]
        (permission,) = inputs["permissions"]
        assert permission["actions"] == [*grant.actions, *grant.also]
        assert permission["notActions"] == []
        assert not permission.get("dataActions")
    assert any("marketplaceSubscriptions/" in each for each in made["deployer-workspace"]["permissions"][0]["actions"])


def test_each_part_can_be_assigned_where_the_article_gives_it_and_not_wider() -> None:
    made = definitions(deployers())
    assert {name: each["assignableScopes"] for name, each in made.items()} == {
        "deployer-subscription": [ROOT],
        "deployer-resource-group": [GROUP],
        "deployer-workspace": [GROUP],
    }
    assert all(each["scope"] == each["assignableScopes"][0] for each in made.values())


def test_named_principals_have_all_three_parts() -> None:
    recorded = deployers()
    ids = {each["roleDefinitionId"]: name for name, each in definitions(recorded).items()}
    given = {
        (
            each.inputs["principalId"],
            each.inputs["principalType"],
            ids[each.inputs["roleDefinitionId"].rsplit("/", 1)[1]],
            each.inputs["scope"],
        )
        for each in recorded.of("RoleAssignment")
    }
    assert given == {
        (principal.id, principal.type, f"deployer-{part}", scope)
        for principal in (TEAM, APP)
        for part, scope in (("subscription", ROOT), ("resource-group", GROUP), ("workspace", WORKSPACE))
    }
    for each in recorded.of("RoleAssignment"):
        definition = next(name for name in each.depends_on if name.startswith("deployer"))
        assert each.name.startswith(definition)


def test_role_names_are_unique_in_a_directory() -> None:
    named = [each["roleName"] for each in definitions(deployers()).values()]
    assert len(set(named)) == 3
    assert not set(named) & {each["roleName"] for each in definitions(deployers("other")).values()}


def test_guids_are_deterministic_and_distinct() -> None:
    def guids(recorded: Recorded) -> list[str]:
        made = [each.inputs["roleDefinitionId"] for each in recorded.of("RoleDefinition")]
        return sorted(made + [each.inputs["roleAssignmentName"] for each in recorded.of("RoleAssignment")])

    assert guids(deployers()) == guids(deployers.__wrapped__())
    assert len({uuid.UUID(each) for each in guids(deployers())}) == 9
    assert not set(guids(deployers())) & {
        each.inputs["roleDefinitionId"] for each in deployers("other").of("RoleDefinition")
    }


def test_the_outputs_are_the_definitions() -> None:
    assert set(deployers().outputs["role"]) == {"subscription", "resource group", "workspace"}


def test_callers_have_a_built_in_role_on_each_endpoint_and_nowhere_above() -> None:
    names = {role.id: role.name for role in roles.BUILT_IN}
    given = {
        (each.inputs["principalId"], names[each.inputs["roleDefinitionId"].rsplit("/", 1)[1]], each.inputs["scope"])
        for each in callers().of("RoleAssignment")
    }
    assert given == {
        (principal.id, role, scope)
        for principal in (TEAM, APP)
        for role, scope in (
            ("AzureML Data Scientist", ENDPOINTS["chat"]),
            ("AzureML Data Scientist", ENDPOINTS["own"]),
            ("Cognitive Services User", SAFETY),
        )
    }
    assert all("Cognitive" not in each.inputs["scope"] for each in callers(safety=False).of("RoleAssignment"))


def test_the_callers_role_holds_what_calling_takes() -> None:
    role = roles.find_role("AzureML Data Scientist")
    assert role is not None
    assert "Microsoft.MachineLearningServices/workspaces/*/action" in (role.actions or ())
    denied = role.not_actions or ()
    for operation in roles.OPERATIONS:
        if operation.what.startswith(("call", "fetch")) and operation.action:
            assert operation.action not in denied
            assert operation.action.endswith("/action")


@pytest.mark.parametrize("recorded", [deployers, callers])
def test_bodies_keep_arms_contract(recorded: Callable[[], Recorded], contract_errors: Callable[..., list[str]]) -> None:
    made = [each for each in recorded().resources if each.type.startswith("azure-native:")]
    assert made
    assert [error for each in made for error in contract_errors(*put(each))] == []
