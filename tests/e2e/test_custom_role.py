"""A team with the article's custom role alone deploys into a workspace that exists; without one action it cannot."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from azure_llama.catalog import roles
from azure_llama_sandbox import control, principals
from tests.e2e.harness import Azure, Run

pytestmark = pytest.mark.engine

TEAM = "team"
ROLES = {grant.scope: f"{number:08d}-0000-0000-0000-000000000000" for number, grant in enumerate(roles.CUSTOM_ROLE)}
MISSED = [
    "Microsoft.SaaS/register/action",
    "Microsoft.SaaS/resources/write",
    "Microsoft.MachineLearningServices/workspaces/marketplaceSubscriptions/*",
    "Microsoft.MachineLearningServices/workspaces/serverlessEndpoints/*",
]
"""One of each scope, and both of the workspace that the provider meets; the tests of the sandbox's ARM take them all.
The endpoint's comes last: by then the model is subscribed to."""


class Owner:
    """The owner of the subscription, by ARM alone."""

    def __init__(self, azure: Azure) -> None:
        self.status = control.status(azure.home)
        self.client = azure.client()
        self.headers = {"Authorization": f"Bearer {azure.token('https://management.azure.com')}"}
        self.subscription = f"/subscriptions/{self.status['subscription']}"
        self.group = f"{self.subscription}/resourceGroups/given"
        self.project = f"{self.group}/providers/Microsoft.MachineLearningServices/workspaces/project"
        self.scopes = {"subscription": self.subscription, "resource group": self.group, "workspace": self.project}

    def put(self, path: str, body: dict[str, Any]) -> None:
        """Make a resource and wait until it is there."""
        url, query = f"https://management.azure.com{path}", {"api-version": "2025-12-01"}
        answer = self.client.put(url, params=query, headers=self.headers, json=body)
        assert answer.is_success, answer.text
        end = time.monotonic() + 20
        while True:
            found = self.client.get(url, params=query, headers=self.headers).json()
            if found.get("properties", {}).get("provisioningState", "Succeeded") == "Succeeded":
                return
            assert time.monotonic() < end, found

    def make_workspace(self) -> None:
        """A hub and a project in it."""
        storage = f"{self.group}/providers/Microsoft.Storage/storageAccounts/givenstore"
        vault = f"{self.group}/providers/Microsoft.KeyVault/vaults/given-vault"
        hub = self.project.replace("/project", "/hub")
        place, identity = {"location": "eastus2"}, {"identity": {"type": "SystemAssigned"}}
        sku = {"sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": True}
        self.put(self.group, place)
        self.put(storage, place | {"kind": "StorageV2", "sku": {"name": "Standard_LRS"}})
        self.put(vault, place | {"properties": {"tenantId": self.status["tenant"]} | sku})
        self.put(hub, place | identity | {"kind": "Hub", "properties": {"storageAccount": storage, "keyVault": vault}})
        self.put(self.project, place | identity | {"kind": "Project", "properties": {"hubResourceId": hub}})

    def define(self, without: str = "") -> None:
        """The custom role over its three scopes, without one of its actions."""
        for grant in roles.CUSTOM_ROLE:
            actions = [each for each in (*grant.actions, *grant.also) if each != without]
            properties = {
                "roleName": f"Llama on the {grant.scope}",
                "assignableScopes": [self.scopes[grant.scope]],
                "permissions": [{"actions": actions}],
            }
            self.put(self.role(grant.scope), {"properties": properties})

    def role(self, scope: str) -> str:
        """The ARM id of the role at a scope."""
        return f"{self.scopes[scope]}/providers/Microsoft.Authorization/roleDefinitions/{ROLES[scope]}"


def pulumi(azure: Azure, verb: str) -> Run:
    """As the team."""
    return azure.cli("exec", "--principal", TEAM, "--", *azure.pulumi_arguments(verb), check=False)


@pytest.fixture
def owner(azure: Azure) -> Iterator[Owner]:
    owner = Owner(azure)
    yield owner
    owner.client.close()


def test_the_custom_role_is_enough_and_no_action_of_it_too_much(azure: Azure, owner: Owner) -> None:
    owner.make_workspace()
    owner.define()
    team = principals.create(TEAM, azure.home)
    for scope, where in owner.scopes.items():
        principals.assign(owner.status, team, owner.role(scope), where)
    azure.write(
        {
            "azure-native:location": "eastus2",
            "azure-llama:workspace": {"id": owner.project},
            "azure-llama:serverless": {"llama-team": {"model": "Llama-3.3-70B-Instruct"}},
        }
    )

    for action in MISSED:
        owner.define(without=action)
        failed = pulumi(azure, "up")
        assert failed.code != 0, action
        assert "AuthorizationFailed" in failed.text, failed.text
        said = failed.text.partition("perform action '")[2].partition("'")[0]
        assert said == action or (action.endswith("/*") and said.startswith(action[:-1]))

    owner.define()
    done = pulumi(azure, "up")
    assert done.code == 0, done.text
    assert "llama-team.eastus2.models.ai.azure.com" in done.text
    refused = [line for line in azure.requests() if line["principal"] == team.client_id and line["status"] == 403]
    assert len(refused) >= len(MISSED)
    asked = {line["path"].lower() for line in azure.requests() if line["principal"] == team.client_id}
    assert owner.project.lower() not in asked, "the workspace itself was read"
    assert pulumi(azure, "destroy").code == 0
