"""Foundry accounts: what is registered, in which order, and what callers get."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pulumi
import pytest

from azure_llama.settings import load
from azure_llama_components import endpoint_outputs, foundry_accounts, make_access, make_locks, make_workspace
from azure_llama_components.foundry_account import FIXED
from azure_llama_components.foundry_children import TOGETHER
from tests.catalogs import PACKAGE
from tests.components.mocked import SUBSCRIPTION, Recorded, run

CHAT = {"model": "Llama-3.3-70B-Instruct", "modelVersion": "9", "capacity": 100}
PRIVATE = {"publicNetworkAccess": "Disabled", "privateEndpoint": {"addressSpace": "10.40.0.0/24"}}
GROUPS = f"/subscriptions/{SUBSCRIPTION}/resourceGroups"
ACCOUNTS = "providers/Microsoft.CognitiveServices/accounts"
IDENTITY = f"{GROUPS}/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/keys"
VAULT = f"{GROUPS}/rg/providers/Microsoft.KeyVault/vaults/kv"
ACCOUNT: dict[str, Any] = {
    "project": "llama",
    "network": PRIVATE,
    "filters": {"strict": {"rules": [{"name": "Hate", "source": "Prompt", "severity": "Low"}]}},
    "deployments": {"chat": {**CHAT, "contentFilter": "strict"}, "drafts": CHAT, "third": CHAT},
}


def accounts(text: str, preview: bool = False, **sections: str) -> Recorded:
    config = {"azure-native:location": "swedencentral", "azure-llama:foundry": text}
    asked = load(config | {f"azure-llama:{key}": each for key, each in sections.items()}, PACKAGE)

    def program() -> None:
        home = make_workspace(asked)
        made = foundry_accounts(asked, home)
        pulumi.export("workspace", home.outputs)
        for name, outputs in endpoint_outputs(made).items():
            pulumi.export(name, outputs)
        own = list(made.values())
        roles = make_access(asked, home, endpoints=made, after=own)
        make_locks(asked, home, endpoints=made, after=own, roles=list(roles.values()))

    recorded = run(program, preview=preview)
    if recorded.error:
        raise recorded.error
    return recorded


@cache
def full(preview: bool = False) -> Recorded:
    return accounts(json.dumps({"contoso-llama": ACCOUNT}), preview)


def only(name: str = "contoso-llama", preview: bool = False, **values: Any) -> Recorded:
    return accounts(json.dumps({name: {"deployments": {"chat": CHAT}, **values}}), preview)


def test_the_account_is_known_in_a_first_preview() -> None:
    assert full(preview=True).one("cognitiveservices:Account").inputs == {
        "accountName": "contoso-llama",
        "resourceGroupName": "rg-azure-llama-dev-swedencentral",
        "location": "swedencentral",
        "tags": {},
        "kind": "AIServices",
        "sku": {"name": "S0"},
        "identity": {"type": "SystemAssigned"},
        "properties": {
            "customSubDomainName": "contoso-llama",
            "allowProjectManagement": True,
            "disableLocalAuth": True,
            "publicNetworkAccess": "Disabled",
        },
    }


def test_a_deployment_always_states_its_sku() -> None:
    inputs = next(each.inputs for each in full().of("cognitiveservices:Deployment") if each.name.endswith(".chat"))
    assert inputs["sku"] == {"name": "GlobalStandard", "capacity": 100}
    assert inputs["properties"] == {
        "model": {"format": "Meta", "name": "Llama-3.3-70B-Instruct", "version": "9"},
        "raiPolicyName": "strict",
        "versionUpgradeOption": "NoAutoUpgrade",
    }


def test_everything_in_an_account_is_chained() -> None:
    recorded = full()
    chain = [
        "contoso-llama",
        "contoso-llama.strict",
        "contoso-llama.chat",
        "contoso-llama.drafts",
        "contoso-llama.third",
        "contoso-llama-project",
    ]
    own = [each for each in recorded.resources if "cognitiveservices" in each.type]
    assert [each.name for each in own] == chain
    for number, each in enumerate(own):
        # On all before it: the engine deletes in order only what depends on each other directly.
        assert set(chain[:number]) <= each.depends_on


def test_the_private_endpoint_comes_last_with_its_three_zones() -> None:
    recorded = full()
    endpoint = recorded.one("network:PrivateEndpoint")
    assert {"contoso-llama.third", "contoso-llama-project"} <= endpoint.depends_on
    assert endpoint.inputs["privateLinkServiceConnections"][0]["groupIds"] == ["account"]
    zones = {each.inputs["privateZoneName"] for each in recorded.of("privatedns:PrivateZone")}
    assert zones == {
        "privatelink.cognitiveservices.azure.com",
        "privatelink.openai.azure.com",
        "privatelink.services.ai.azure.com",
    }
    assert len(recorded.one("network:PrivateDnsZoneGroup").inputs["privateDnsZoneConfigs"]) == 3


def test_two_accounts_share_the_zones_and_link_each_network_once() -> None:
    subnet = f"{GROUPS}/rg/providers/Microsoft.Network/virtualNetworks/hub/subnets/pe"
    shared = {"network": {"privateEndpoint": {"subnetId": subnet}}, "deployments": {"chat": CHAT}}
    recorded = accounts(json.dumps({"one": shared, "two": shared, "three": {**ACCOUNT}}))
    assert len(recorded.of("privatedns:PrivateZone")) == 3
    links = [each.inputs["virtualNetworkLinkName"] for each in recorded.of("privatedns:VirtualNetworkLink")]
    assert sorted(links) == ["hub"] * 3 + ["vnet-three"] * 3
    assert len(recorded.of("network:PrivateDnsZoneGroup")) == 3


def test_each_deployment_is_an_endpoint_of_the_stack() -> None:
    outputs = full().outputs
    assert "workspace" not in outputs  # null: the SDK leaves it out
    assert sorted(outputs["endpoints"]) == ["contoso-llama/chat", "contoso-llama/drafts", "contoso-llama/third"]
    assert outputs["endpoints"]["contoso-llama/chat"] == {
        "kind": "foundry",
        "uri": "https://contoso-llama.openai.azure.com/openai/v1",
        "chatUrl": "https://contoso-llama.openai.azure.com/openai/v1/chat/completions",
        "completionsUrl": None,
        "openaiBaseUrl": "https://contoso-llama.openai.azure.com/openai/v1/",
        "publisher": "Meta",
        "model": "Llama-3.3-70B-Instruct",
        "modelVersion": "9",
        "sku": "GlobalStandard",
        "capacity": 100,
        "auth": "AADToken",
        "modelName": "chat",
        "authHeader": "Authorization",
        "deploymentHeader": None,
        "contentSafety": True,
        "scope": "https://cognitiveservices.azure.com/.default",
        "id": f"{GROUPS}/rg-azure-llama-dev-swedencentral/{ACCOUNTS}/contoso-llama",
    }


def test_without_keys_none_are_listed() -> None:
    assert not [token for token, _ in full().calls if token.endswith("listAccountKeys")]


def test_keys_are_secret_and_have_the_names_of_the_endpoints() -> None:
    recorded = only(auth="Key")
    assert recorded.one("cognitiveservices:Account").inputs["properties"]["disableLocalAuth"] is False
    assert [args["accountName"] for token, args in recorded.calls if token.endswith("listAccountKeys")]
    assert "first-key-in-clear" not in str(recorded.sent)
    keys = recorded.outputs["keys"]
    assert "4dabf18193072939515e22adb298388d" in keys
    assert list(keys["value"]) == ["contoso-llama/chat"]


def test_an_account_that_exists_gets_deployments_alone() -> None:
    recorded = only("ours", id=f"{GROUPS}/rg-shared/{ACCOUNTS}/Shared", subDomain="shared-llama")
    assert not recorded.of("cognitiveservices:Account")
    deployment = recorded.one("cognitiveservices:Deployment").inputs
    assert (deployment["accountName"], deployment["resourceGroupName"]) == ("Shared", "rg-shared")
    (entry,) = recorded.outputs["endpoints"].values()
    assert entry["openaiBaseUrl"] == "https://shared-llama.openai.azure.com/openai/v1/"
    assert entry["auth"] is None


def test_an_account_of_another_subscription_is_refused() -> None:
    other = "00000000-0000-0000-0000-000000000009"
    with pytest.raises(pulumi.RunError, match="is not in the stack"):
        only(id=f"/subscriptions/{other}/resourceGroups/rg/{ACCOUNTS}/shared")


def test_ranges_deny_all_others() -> None:
    recorded = only(network={"ipRanges": ["203.0.113.0/24"]})
    assert recorded.one("cognitiveservices:Account").inputs["properties"]["networkAcls"] == {
        "defaultAction": "Deny",
        "ipRules": [{"value": "203.0.113.0/24"}],
    }


def test_a_key_of_the_customer_is_read_with_the_identity() -> None:
    recorded = only(
        identity={"type": "UserAssigned", "id": IDENTITY},
        encryption={"keyVaultId": VAULT, "keyIdentifier": f"https://kv.vault.azure.net/keys/llama/{'a' * 32}"},
    )
    account = recorded.one("cognitiveservices:Account").inputs
    assert account["identity"] == {"type": "UserAssigned", "userAssignedIdentities": [IDENTITY]}
    assert account["properties"]["encryption"] == {
        "keySource": "Microsoft.KeyVault",
        "keyVaultProperties": {
            "keyVaultUri": "https://kv.vault.azure.net/",
            "keyName": "llama",
            "keyVersion": "a" * 32,
            "identityClientId": "client-that-exists",
        },
    }


def test_diagnostics_go_to_a_log_analytics_that_exists() -> None:
    logs = f"{GROUPS}/rg/providers/Microsoft.OperationalInsights/workspaces/logs"
    assert only(logAnalyticsId=logs).one("DiagnosticSetting").inputs["workspaceId"] == logs
    assert not only(diagnostics=False).of("DiagnosticSetting")


def test_callers_and_locks() -> None:
    who = {"principalId": "11111111-1111-1111-1111-111111111111", "principalType": "Group"}
    recorded = accounts(
        json.dumps({"contoso-llama": {"lock": "CanNotDelete", "deployments": {"chat": CHAT}}}),
        access=json.dumps({"callers": {"app": who}}),
    )
    role = recorded.one("RoleAssignment").inputs
    assert role["roleDefinitionId"].endswith("a97b65f3-24c7-4388-baec-2e87135dc908")
    lock = recorded.one("ManagementLockByScope")
    assert lock.inputs["scope"].endswith(f"{ACCOUNTS}/contoso-llama")
    assert "azure-llama:foundry.contoso-llama.lock" in lock.inputs["notes"]
    assert {"contoso-llama.chat", "callers.app.contoso-llama"} <= lock.depends_on


def _deployment(version: str = "9", capacity: int = 100, name: str = "Llama-3.3-70B-Instruct") -> dict[str, Any]:
    model = {"format": "Meta", "name": name, "version": version}
    return {"sku": {"name": "GlobalStandard", "capacity": capacity}, "properties": {"model": model}}


def _change(old: Any, new: Any) -> pulumi.ResourceHookArgs:
    return pulumi.ResourceHookArgs("urn", "id", "contoso-llama.chat", "type", old_inputs=old, new_inputs=new)


@pytest.mark.parametrize(
    "new", [_deployment("5"), _deployment(capacity=20), _deployment("1", 20, "Llama-4-Scout-17B-16E-Instruct")]
)
def test_one_change_of_a_deployment_at_a_time(new: dict[str, Any]) -> None:
    TOGETHER.check(_change(_deployment(), new))


def test_model_and_capacity_in_one_edit_are_refused() -> None:
    with pytest.raises(ValueError, match="modelVersion '9' to '5' and capacity 100 to 20") as caught:
        TOGETHER.check(_change(_deployment(), _deployment("5", 20)))
    assert "Set the new modelVersion first and run `pulumi up`" in str(caught.value)


def test_another_model_is_another_deployment() -> None:
    deployment = full().of("cognitiveservices:Deployment")[0].request
    assert set(deployment.replaceOnChanges) == {"properties.model.format", "properties.model.name"}
    assert deployment.deleteBeforeReplace


def test_an_account_keeps_its_sub_domain() -> None:
    old, new = ({"kind": "AIServices", "properties": {"customSubDomainName": name}} for name in ("a", "b"))
    with pytest.raises(ValueError, match="an account keeps its address"):
        FIXED.check(_change(old, new))
