"""Every id that the settings name is asked for: existence, region and subscription, all in one run."""

from __future__ import annotations

from typing import Any

from azure_llama.preflight import Status
from azure_llama.settings import Settings
from azure_llama.settings.references import referring
from tests.azure_llama.preflight.harness import GROUP, Cloud, of, stack
from tests.azure_llama.preflight.test_permissions import give
from tests.sandbox.arm.around import IDENTITY, SUBNET, VNET, ZONE, foundry_body, subnet_body, vnet_body
from tests.sandbox.arm.gateway import SERVICE
from tests.sandbox.arm.harness import HUB, INSIGHTS, LOGS, ML, PROJECT, SUB, hub_body

BLUE = "managed__llama-8b__deployments__blue"
MODEL = f"{ML}/llama-dev/models/own/versions/1"
OTHER_VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/other-vault"
OTHER_HUB = f"{ML}/other-hub"
OTHER = f"/subscriptions/5a0d80c5-11a3-4a5d-9b0e-00000000ffff{GROUP.removeprefix(SUB)}"
ACCOUNT = f"{GROUP}/providers/Microsoft.CognitiveServices/accounts/contoso-llama"
KEY_URI = f"https://other-vault.vault.azure.net/keys/cmk/{'0' * 32}"
ENCRYPTION = {"keyVaultId": OTHER_VAULT, "keyIdentifier": KEY_URI}
USER = {"type": "UserAssigned", "id": IDENTITY}
CHAT = {"chat": {"model": "Llama-3.3-70B-Instruct", "modelVersion": "9", "capacity": 1}}
FOUNDRY = {
    "network": {"privateEndpoint": {"subnetId": SUBNET, "dnsZoneIds": [ZONE]}},
    "encryption": ENCRYPTION,
    "identity": USER,
    "logAnalyticsId": LOGS,
    "deployments": CHAT,
}
OWN = {
    "model": "azureml:own:1",
    "modelName": "own",
    "vmSize": "Standard_NC24ads_A100_v4",
    "environment": {"id": "azureml:env:1"},
    "codeConfiguration": {"code": "azureml:code:1", "scoringScript": "score.py"},
}
RULE = {"type": "PrivateEndpoint", "resourceId": OTHER_VAULT, "subresource": "vault"}
MEMBER = {"endpoint": "contoso", "stack": "contoso/llama/east", "secret": "contoso-primary-key"}
STACKS: dict[str, dict[str, Any]] = {
    "new": stack(
        workspace={
            "name": "llama-new",
            "network": {
                "isolationMode": "AllowInternetOutbound",
                "outboundRules": {"vault": RULE},
                "privateEndpoint": {"subnetId": SUBNET, "dnsZoneIds": [ZONE]},
            },
            "encryption": ENCRYPTION,
            "identity": USER,
        },
        managed__own={"identity": USER, "deployments": {"blue": OWN}},
        secrets={"keyVault": OTHER_VAULT, "expiresOn": "2027-12-01"},
        foundry={"contoso": FOUNDRY, "contoso-llama": {"id": ACCOUNT, "deployments": CHAT}},
    ),
    "in a hub": stack(
        workspace={"name": "llama-new", "hub": OTHER_HUB},
        **{"serverless__llama-33-70b__connections": {"to-llama": {"workspace": PROJECT}}},
    ),
    "in a workspace": stack(workspace={"id": PROJECT}),
    "with a gateway": stack(
        gateway={
            "id": SERVICE,
            "keyVault": OTHER_VAULT,
            "applicationInsights": f"{INSIGHTS}-2",
            "models": {"chat": {"auth": "keys", "members": {"east": MEMBER}}},
            "teams": {"search": {}},
        }
    ),
}
NOT_ASKED_HERE = {"managed.*.deployments.*.model", "serverless.*.model"}
"""Models of the catalogue are in a registry of Azure's, which Azure Resource Manager does not show."""


def results(cloud: Cloud, config: Any, status: Status = Status.FAIL) -> dict[str, str]:
    run = cloud.ask(config).named("references")
    return {each.subject: f"{each.evidence} => {each.remediation}" for each in run.results if each.status is status}


def pattern(place: str) -> str:
    """A place as the settings' model has it."""
    keys = place.removeprefix("azure-llama:").split(".")
    if keys[0] in ("serverless", "managed", "foundry"):
        keys[1] = "*"
    for above in ("deployments", "connections", "outboundRules"):
        if above in keys:
            keys[keys.index(above) + 1] = "*"
    return ".".join(key for key in keys if not key.isdigit())


def test_every_id_of_the_settings_is_asked_for_and_missing_ones_are_all_reported_in_one_run(cloud: Cloud) -> None:
    places = {pattern(place) for config in STACKS.values() for place in results(cloud, config)}
    assert places == {".".join(option.keys) for option, _ in referring(Settings)} - {"serverless.*.model"}


def test_a_subnet_that_does_not_exist_fails_with_its_nearest(cloud: Cloud) -> None:
    place = "azure-llama:workspace.network.privateEndpoint.subnetId"
    config = stack(workspace__network={"privateEndpoint": {"subnetId": SUBNET}})
    assert "'llama' does not exist; the subscription has none" in results(cloud, config)[place]
    cloud.azure.with_group()
    assert "'llama-net' does not exist" in results(cloud, config)[place]
    cloud.azure.put(VNET, vnet_body())
    cloud.azure.put(f"{VNET}/subnets/endpoint", subnet_body())
    message = results(cloud, config)[place]
    assert SUBNET in message
    assert "'endpoints' does not exist; 'llama-net' has 'endpoint' => did you mean 'endpoint'?" in message
    cloud.azure.put(SUBNET, subnet_body("10.40.1.0/24"))
    assert results(cloud, config) == {}


def test_a_network_of_another_region_fails(cloud: Cloud) -> None:
    cloud.azure.with_group()
    cloud.azure.put(VNET, vnet_body() | {"location": "westus3"})
    cloud.azure.put(SUBNET, subnet_body())
    (message,) = results(cloud, stack(workspace__network={"privateEndpoint": {"subnetId": SUBNET}})).values()
    assert "its virtual network is in westus3, and must be in the stack's, eastus2" in message


def test_a_hub_is_a_hub_of_the_region(cloud: Cloud) -> None:
    config = stack(workspace={"name": "llama-new", "hub": OTHER_HUB})
    cloud.azure.with_hub("westus3").put(OTHER_HUB, hub_body("westus3"))
    assert "is in westus3, and must be in the stack's, eastus2" in results(cloud, config)["azure-llama:workspace.hub"]
    config = stack(location="westus3", workspace={"name": "llama-new", "hub": PROJECT})
    assert (
        "is a workspace of kind Project, and must be of kind Hub" in results(cloud, config)["azure-llama:workspace.hub"]
    )


def test_endpoints_are_not_in_a_hub(cloud: Cloud) -> None:
    cloud.azure.with_hub()
    found = results(cloud, stack(workspace={"id": HUB}))["azure-llama:workspace.id"]
    assert "is a workspace of kind Hub, which takes no endpoints" in found


def test_an_identity_of_another_subscription_fails(cloud: Cloud) -> None:
    identity = f"{OTHER}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/llama-id"
    found = results(cloud, stack(workspace__identity={"type": "UserAssigned", "id": identity}))
    message = found["azure-llama:workspace.identity.id"]
    assert "is in the subscription 5a0d80c5-11a3-4a5d-9b0e-00000000ffff, and must be in the stack's" in message


def test_what_the_stack_itself_creates_need_not_exist(cloud: Cloud) -> None:
    config = stack(**{"serverless__llama-33-70b__connections": {"to-llama": {"workspace": HUB}}})
    assert results(cloud, config) == {}
    assert results(cloud, config, Status.PASS) == {
        "azure-llama:serverless.llama-33-70b.connections.to-llama.workspace": "the stack creates it => None"
    }


def test_a_version_of_a_model_that_the_workspace_does_not_have_fails_with_those_that_it_has(cloud: Cloud) -> None:
    config = stack(
        workspace={"id": PROJECT},
        serverless={},
        managed={"own": {"deployments": {"blue": {**OWN, "model": "azureml:own:2"}}}},
    )
    azure = cloud.azure.with_hub()
    for path in ("environments/env/versions/1", "codes/code/versions/1", "models/own/versions/1"):
        collection = path.partition("/")[0]
        azure.put(f"{PROJECT}/{path}", ASSETS[collection])
    (message,) = results(cloud, config).values()
    assert "'azureml:own:2': '2' does not exist; 'own' has '1'" in message


ASSETS = {
    "models": {"properties": {"modelUri": "azureml://jobs/a/outputs/artifacts/model", "modelType": "custom_model"}},
    "environments": {"properties": {"image": "contoso.azurecr.io/vllm:1"}},
    "codes": {"properties": {"codeUri": "https://llamastore.blob.core.windows.net/code/score"}},
}


def test_an_asset_of_a_workspace_that_the_stack_creates_cannot_exist_yet(cloud: Cloud) -> None:
    config = stack(serverless={}, managed={"own": {"deployments": {"blue": OWN}}})
    found = results(cloud, config)
    assert len(found) == 3
    assert all("deploy the stack without the endpoint first" in message for message in found.values())


def test_what_a_stopped_deployment_names_need_not_exist(cloud: Cloud) -> None:
    stopped = {"own": {"deployments": {"blue": OWN | {"stopped": True}}}}
    assert results(cloud, stack(serverless={}, managed=stopped)) == {}
    assert results(cloud, stack(serverless={}, managed={"own": {"stopped": True, "deployments": {"blue": OWN}}})) == {}


def test_a_workspace_in_which_nothing_is_created_need_not_exist(cloud: Cloud) -> None:
    assert list(results(cloud, stack(workspace={"id": PROJECT}))) == ["azure-llama:workspace.id"]
    assert results(cloud, stack(workspace={"id": PROJECT}, serverless={}, managed={})) == {}


def test_a_vault_for_which_no_endpoint_has_keys_need_not_exist(cloud: Cloud) -> None:
    secrets = {"keyVault": f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-gone", "expiresOn": "2027-06-30"}
    assert list(results(cloud, stack(secrets=secrets))) == ["azure-llama:secrets.keyVault"]
    assert results(cloud, stack(secrets=secrets, serverless={}, managed={})) == {}


def test_a_content_filter_of_an_account_that_exists_has_to_exist(cloud: Cloud) -> None:
    cloud.azure.with_group()
    cloud.azure.put(ACCOUNT, foundry_body())
    named = {"lent": CHAT["chat"] | {"contentFilter": "strict-1"}, "own": CHAT["chat"] | {"contentFilter": "mild"}}
    filters = {"mild": {"rules": [{"name": "Hate", "source": "Prompt"}]}}
    account = {"id": ACCOUNT, "filters": filters, "deployments": CHAT | named}
    place = "azure-llama:foundry.contoso.deployments.lent.contentFilter"
    config = stack(serverless={}, managed={}, foundry={"contoso": account})
    found = results(cloud, config)
    assert list(found) == [place]
    assert "'strict-1' is not a content filter of the account 'contoso-llama', which has 'Micr" in found[place]
    cloud.azure.put(f"{ACCOUNT}/raiPolicies/strict-2", {"properties": {"basePolicyName": "Microsoft.DefaultV2"}})
    assert "=> did you mean 'strict-2'?" in results(cloud, config)[place]
    cloud.azure.put(f"{ACCOUNT}/raiPolicies/strict-1", {"properties": {"basePolicyName": "Microsoft.DefaultV2"}})
    assert results(cloud, config) == {}


def test_what_the_caller_may_not_read_is_unknown(cloud: Cloud) -> None:
    cloud.azure.with_group()
    cloud.azure.put(VNET, vnet_body(), who="owner")
    give(cloud, SUB, ["Microsoft.Storage/checkNameAvailability/read"])
    config = stack(workspace__network={"privateEndpoint": {"subnetId": SUBNET}})
    run = cloud.ask(config, who="guest").named("references")
    assert run.status is Status.UNKNOWN
    assert "subnets/read" in str(run.results[0].remediation)


def test_a_registry_that_is_not_of_the_subscription_is_not_asked(cloud: Cloud) -> None:
    config = stack(**{f"{BLUE}__environment": {"id": "azureml://registries/azureml/environments/vllm/versions/1"}})
    (message,) = results(cloud, config, Status.SKIPPED).values()
    assert "the registry 'azureml' is not of the subscription" in message


def test_all_that_exists_passes(cloud: Cloud) -> None:
    azure = cloud.azure.with_hub()
    azure.put(ACCOUNT, foundry_body())
    azure.put(OTHER_HUB, hub_body())
    report = cloud.ask(STACKS["in a workspace"])
    assert of(report, Status.FAIL).get("references") is None
    assert results(cloud, STACKS["in a hub"]) == {}
