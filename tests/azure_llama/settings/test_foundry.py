"""The settings of Foundry accounts."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from azure_llama.settings import Settings, SettingsError, load
from tests.catalogs import PACKAGE

GUID = "00000000-0000-0000-0000-000000000001"
GROUP = f"/subscriptions/{GUID}/resourceGroups/rg/providers"
ACCOUNT = f"{GROUP}/Microsoft.CognitiveServices/accounts/shared"
LOGS = f"{GROUP}/Microsoft.OperationalInsights/workspaces/log"
IDENTITY = f"{GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/keys"
VAULT = f"{GROUP}/Microsoft.KeyVault/vaults/kv"
KEY = f"https://kv.vault.azure.net/keys/llama/{'0' * 32}"
CHAT: dict[str, Any] = {"model": "Llama-3.3-70B-Instruct", "modelVersion": "9", "capacity": 100}
STACK: dict[str, Any] = {
    "azure-native:location": "swedencentral",
    "azure-llama:foundry": {"contoso-llama": {"deployments": {"chat": CHAT}}},
}
Change = Callable[[dict[str, Any]], object]


def settings(*changes: Change) -> Settings:
    stack = copy.deepcopy(STACK)
    for change in changes:
        change(stack)
    return load({key: each if isinstance(each, str) else json.dumps(each) for key, each in stack.items()}, PACKAGE)


def account(**values: Any) -> Change:
    return lambda stack: stack["azure-llama:foundry"]["contoso-llama"].update(values)


def chat(**values: Any) -> Change:
    return lambda stack: stack["azure-llama:foundry"]["contoso-llama"]["deployments"]["chat"].update(values)


def problems(*changes: Change) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        settings(*changes)
    return [str(problem).removeprefix("azure-llama:foundry.contoso-llama") for problem in caught.value.problems]


def test_accounts_need_no_workspace() -> None:
    found = settings()
    assert found.workspace is None
    (endpoint,) = found.endpoints()
    assert (endpoint.place, endpoint.settings.has_keys, endpoint.settings.exists) == (
        "foundry.contoso-llama",
        False,
        False,
    )
    deployment = found.foundry["contoso-llama"].deployments["chat"]
    assert (deployment.publisher, deployment.sku, deployment.upgrade) == ("Meta", "GlobalStandard", "NoAutoUpgrade")
    assert deployment.catalog_row is not None
    assert deployment.catalog_row.key == "Meta/Llama-3.3-70B-Instruct/9"


def test_an_empty_workspace_is_none() -> None:
    assert settings(lambda stack: stack.update({"azure-llama:workspace": {}})).workspace is None


def test_a_resource_group_is_a_text() -> None:
    assert settings(lambda stack: stack.update({"azure-llama:resourceGroup": "rg-llama"})).resource_group == "rg-llama"


def test_an_empty_resource_group_is_none() -> None:
    assert settings(lambda stack: stack.update({"azure-llama:resourceGroup": ""})).resource_group is None


def test_models_have_the_spelling_of_the_catalogue() -> None:
    found = settings(chat(model="llama-3.3-70b-instruct")).foundry["contoso-llama"].deployments["chat"]
    assert found.model == "Llama-3.3-70B-Instruct"


def test_other_publishers_state_their_format() -> None:
    found = settings(chat(model="Mistral-Large-3", format="Mistral AI", modelVersion="1"))
    deployment = found.foundry["contoso-llama"].deployments["chat"]
    assert (deployment.publisher, deployment.catalog_row) == ("Mistral AI", None)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            chat(model="Mistral-Large-3"),
            ".deployments.chat.model: 'Mistral-Large-3' is not a model that the catalogue knows on Foundry accounts;"
            " set format beside it, its publisher as Azure spells it, such as 'Mistral AI'",
        ),
        (
            chat(contentFilter="stric"),
            ".deployments.chat.contentFilter: 'stric' is not a content filter of the account; set one of"
            " Microsoft.DefaultV2, Microsoft.Default",
        ),
        (
            account(diagnostics=False, logAnalyticsId=LOGS),
            ".logAnalyticsId: has no effect with diagnostics: false; remove it, or remove diagnostics",
        ),
        (
            account(filters={"strict": {"base": "Microsoft.Defaultv2"}}),
            ".filters.strict.base: 'Microsoft.Defaultv2' is not a built-in content filter; did you mean"
            " 'Microsoft.DefaultV2'?",
        ),
        (
            account(filters={"Microsoft.Default": {}}),
            '.filters["Microsoft.Default"]: is the name of a built-in content filter, which every account has; rename'
            " it",
        ),
        (chat(capacity=0), ".deployments.chat.capacity: 0 is below 1, the smallest capacity of a deployment"),
        (
            account(deployments={}),
            ".deployments: {} must have at least one deployment; add a deployment, or remove the account",
        ),
        (
            account(deployments={f"d-{number}": CHAT for number in range(33)}),
            ".deployments: has 33 deployments, and an account has 32 at most; remove 1",
        ),
        (
            account(deployments={"chat": CHAT, "Chat": CHAT}),
            ".deployments.Chat: 'Chat' differs from 'chat' in letter case only",
        ),
        (
            account(network={"publicNetworkAccess": "Disabled", "ipRanges": ["203.0.113.7"]}),
            ".network.ipRanges: cannot be combined with publicNetworkAccess: Disabled",
        ),
        (
            account(network={"ipRanges": ["203.0.113.7/24"]}),
            ".network.ipRanges.0: '203.0.113.7/24' is not an IPv4 address or a range of them",
        ),
        (
            account(id=ACCOUNT, auth="Key"),
            ".auth: cannot be combined with id: the stack does not change an account that exists",
        ),
        (
            account(encryption={"keyVaultId": VAULT, "keyIdentifier": KEY}),
            ".encryption: requires a user-assigned identity",
        ),
        (
            account(encryption={"create": True}, identity={"type": "UserAssigned", "id": IDENTITY}),
            ".encryption.create: cannot be set for an account, which takes a key that exists",
        ),
        (account(diagnostics=True), ".diagnostics: true requires Log Analytics"),
        (
            lambda stack: stack.update({"azure-llama:access": {"customRole": {}}}),
            "azure-llama:access.customRole: requires a workspace",
        ),
        (
            lambda stack: stack.update(
                {"azure-llama:workspace": {"name": "llama-dev"}, "azure-llama:resourceGroup": "rg"}
            ),
            "azure-llama:resourceGroup: 'rg' is for a stack without a workspace",
        ),
        (
            lambda stack: stack.update({"azure-llama:serverless": {"llama": {"model": "Llama-3.3-70B-Instruct"}}}),
            "azure-llama:workspace.name: is missing; set the workspace's name",
        ),
        (
            lambda stack: stack.update({"azure-llama:secrets": {"expiresOn": "2027-06-01"}}),
            "azure-llama:secrets.keyVault: 'workspace' is known only for a workspace of the stack's own",
        ),
    ],
)
def test_what_is_wrong_is_reported(change: Change, says: str) -> None:
    (problem,) = problems(change)
    assert problem.startswith(says)


def test_filters_of_the_account_are_known() -> None:
    strict = {"rules": [{"name": "Hate", "source": "Prompt", "severity": "Low"}]}
    found = settings(account(filters={"strict": strict}), chat(contentFilter="strict"))
    assert found.foundry["contoso-llama"].filters["strict"].mode == "Default"


def test_an_account_that_exists_has_filters_of_its_own() -> None:
    found = settings(account(id=ACCOUNT), chat(contentFilter="of-the-account"))
    existing = found.foundry["contoso-llama"].existing
    assert existing is not None
    assert existing.name == "shared"


def test_an_account_has_one_entry() -> None:
    def twice(stack: dict[str, Any]) -> None:
        other = {"id": ACCOUNT.replace("/shared", "/Shared"), "deployments": {"fast": CHAT}}
        stack["azure-llama:foundry"] = {"one": {"id": ACCOUNT, "deployments": {"chat": CHAT}}, "two": other}

    (problem,) = problems(twice)
    assert problem.startswith("azure-llama:foundry.two.id: '")
    assert problem.endswith("is the account of 'one', too; put the deployments of both into one entry")


@pytest.mark.parametrize(("content_safety", "refused"), [(True, True), (False, False)])
def test_the_account_of_content_safety_is_another_one(content_safety: bool, refused: bool) -> None:
    deployment = {"model": "Meta-Llama-3.1-8B-Instruct", "vmSize": "Standard_NC24ads_A100_v4"}

    def same(stack: dict[str, Any]) -> None:
        stack["azure-llama:workspace"] = {"name": "llama", "names": {"contentSafety": "Contoso-Llama"}}
        managed = {"contentSafety": content_safety, "deployments": {"blue": deployment}}
        stack["azure-llama:managed"] = {"llama-8b": managed}

    if refused:
        assert (
            "workspace.names.contentSafety: 'Contoso-Llama' is also the name of a Foundry account" in problems(same)[0]
        )
    else:
        settings(same)
