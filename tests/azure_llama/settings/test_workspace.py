"""The workspace's settings: every key, and what an error in it is answered with."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from azure_llama.catalog.arm_ids import ArmId, parse_arm_id
from azure_llama.settings import (
    EncryptionSettings,
    NetworkSettings,
    OutboundRuleSettings,
    SettingsError,
    WorkspaceSettings,
    load,
)
from tests.catalogs import PACKAGE
from tests.workspaces import workspace_of

Make = Callable[..., dict[str, str]]
GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg"
WORKSPACE = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/theirs"
SUBNET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/net/subnets/endpoints"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id"
ZONE = f"{GROUP}/providers/Microsoft.Network/privateDnsZones/privatelink.api.azureml.ms"
KEY = f"https://kv.vault.azure.net/keys/llama/{'a' * 32}"
USER = "00000000-0000-0000-0000-0000000000aa"

FULL: dict[str, Any] = {
    "name": "llama-max",
    "kind": "Project",
    "resourceGroup": "rg-llama",
    "names": {"hub": "llama-hub", "storageAccount": "stllama", "identity": "id-llama", "virtualNetwork": "vnet-llama"},
    "description": "all of it",
    "friendlyName": "Llama",
    "network": {
        "publicNetworkAccess": "Disabled",
        "isolationMode": "AllowOnlyApprovedOutbound",
        "firewallSku": "Basic",
        "outboundRules": {
            "pypi": {"type": "FQDN", "destination": "*.example.com"},
            "search": {"type": "PrivateEndpoint", "resourceId": VAULT, "subresource": "vault"},
            "monitor": {"type": "ServiceTag", "serviceTag": "AzureMonitor", "protocol": "TCP", "ports": "80,443"},
        },
        "privateEndpoint": {"addressSpace": "10.40.0.0/16", "dnsZoneIds": [ZONE]},
    },
    "encryption": {"create": True},
    "identity": {"type": "UserAssigned"},
    "systemDatastoresAuthMode": "Identity",
    "containerRegistry": True,
    "diagnostics": False,
    "logDays": 90,
    "softDeleteDays": 90,
    "purgeProtection": True,
    "lock": "CanNotDelete",
    "computeInstances": {
        "ci-one": {
            "vmSize": "Standard_DS3_v2",
            "idleMinutes": 15,
            "assignedUser": {"objectId": USER, "tenantId": USER},
            "publicIp": False,
        }
    },
}


def put(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """A change of the dev stack: a value at a place of the workspace; `{}` on the way is made."""

    def change(stack: dict[str, Any]) -> None:
        place = stack["azure-llama:workspace"]
        *way, last = path.split(".")
        for part in way:
            place = place.setdefault(part, {})
        place[last] = value

    return change


def only(value: Any) -> Callable[[dict[str, Any]], None]:
    def change(stack: dict[str, Any]) -> None:
        stack["azure-llama:workspace"] = value

    return change


def problems(config: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(config, PACKAGE)
    return [str(problem).removeprefix("azure-llama:workspace.") for problem in caught.value.problems]


def test_every_key(config: Make) -> None:
    loaded = workspace_of(load(config(only(FULL)), PACKAGE))
    assert loaded.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True) == {
        key: value for key, value in FULL.items() if key not in ("kind", "computeInstances")
    } | {
        "computeInstances": {"ci-one": {k: v for k, v in FULL["computeInstances"]["ci-one"].items() if k != "publicIp"}}
    }


def test_the_defaults(config: Make) -> None:
    loaded = workspace_of(load(config(only({"name": "llama-dev"})), PACKAGE))
    assert (loaded.kind, loaded.lock, loaded.diagnostics, loaded.log_days) == ("Project", "None", True, 30)
    assert loaded.network == NetworkSettings()
    assert (loaded.network.public_network_access, loaded.network.isolation_mode) == ("Enabled", "Disabled")
    assert (loaded.encryption, loaded.identity.type, loaded.called) == (None, "SystemAssigned", "llama-dev")


def test_a_workspace_that_exists(config: Make) -> None:
    loaded = workspace_of(load(config(only({"id": WORKSPACE})), PACKAGE))
    assert loaded.called == "theirs"
    assert loaded.existing == ArmId(
        "00000000-0000-0000-0000-000000000001", "rg", "Microsoft.MachineLearningServices/workspaces", ("theirs",)
    )


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("network.publicNetworkAccess", "disabled", "'disabled' is not 'Enabled' or 'Disabled'; did you mean"),
        ("network.privateEndpoint", {"subnetId": "x"}, "privateEndpoint.subnetId: 'x' is not the ARM id of a subnet"),
        (
            "network.privateEndpoint",
            {"subnetId": VAULT},
            "is the ARM id of a Microsoft.KeyVault/vaults, not of a subnet",
        ),
        (
            "network.privateEndpoint",
            {"addressSpace": "10.40.0.1/16"},
            "is not the first address of its range; set '10.4",
        ),
        ("network.privateEndpoint", {"addressSpace": "8.8.0.0/16"}, "is not a range of private addresses"),
        ("network.privateEndpoint", {"addressSpace": "10.0.0.0/28"}, "is too small for a subnet of private endpoints"),
        ("network.privateEndpoint", {"addressSpace": "10.0.0"}, "is not a range of IPv4 addresses"),
        ("network.privateEndpoint", {}, "network.privateEndpoint: has no network; set subnetId, or addressSpace"),
        (
            "network.privateEndpoint",
            {"subnetId": SUBNET, "addressSpace": "10.0.0.0/16"},
            "network.privateEndpoint.addressSpace: cannot be combined with subnetId",
        ),
        (
            "network.privateEndpoint",
            {"subnetId": SUBNET, "dnsZoneIds": [ZONE, "x"]},
            "network.privateEndpoint.dnsZoneIds.1: 'x' is not the ARM id of a private DNS zone",
        ),
        (
            "network.privateEndpoint",
            {"subnetId": SUBNET, "dnsZoneIds": ZONE},
            "must be a list, not a string; set a list",
        ),
        ("network.firewallSku", "Basic", "network.firewallSku: requires isolationMode: AllowOnlyApprovedOutbound"),
        (
            "network.outboundRules",
            {"pypi": {"type": "FQDN", "destination": "example.com"}},
            "network.outboundRules: require a managed network, and isolationMode is Disabled",
        ),
        ("encryption", {}, "encryption: names no key; set create: true, or keyVaultId and keyIdentifier"),
        ("encryption", {"create": False}, "encryption: names no key"),
        ("encryption", {"keyVaultId": VAULT}, "encryption.keyIdentifier: is missing; set it"),
        ("encryption", {"create": True}, "encryption.create: true requires a user-assigned identity"),
        (
            "encryption",
            {"keyVaultId": VAULT, "keyIdentifier": "https://kv.vault.azure.net/keys/llama"},
            "is not the identifier of a key's version; write it as https://<vault>.vault.azure.net/keys/<name>/<version>",
        ),
        (
            "identity",
            {"id": IDENTITY},
            "identity.id: requires type: UserAssigned; set type",
        ),
        ("lock", "Delete", "'Delete' is not 'None' or 'CanNotDelete' or 'ReadOnly'"),
        ("lock", None, "lock: null must be 'None' or 'CanNotDelete' or 'ReadOnly', not empty"),
        ("softDeleteDays", 6, "6 is outside 7 to 90"),
        ("logDays", 29, "29 is outside 30 to 730"),
        ("resourceGroup", "rg.", "breaks the rule for the name of a resource group"),
        (
            "names",
            {"storageAccount": "st-llama"},
            "names.storageAccount: 'st-llama' breaks the rule for the name of a st",
        ),
        ("names", {"keyVault": "1kv"}, "names.keyVault: '1kv' breaks the rule"),
        (
            "names",
            {"identity": "id-x"},
            "names.identity: 'id-x' is the name of a resource that this stack does not create",
        ),
        ("names", {"hub": "LLAMA-dev"}, "names.hub: 'LLAMA-dev' is also the name of the project"),
        ("computeInstances", {"ci-1": {"vmSize": "Standard_DS3_v2", "publicIp": True}}, "not ending with a dash and d"),
        (
            "computeInstances",
            {"one": {"vmSize": "DS3", "publicIp": True}},
            "'DS3' is not the name of a VM size",
        ),
        (
            "computeInstances",
            {"one": {"vmSize": "Standard_DS3_v2"}},
            "computeInstances.one.publicIp: is false, and an instance without a public address requires a managed",
        ),
        (
            "computeInstances",
            {"one": {"vmSize": "Standard_DS3_v2", "publicIp": True, "idleMinutes": 14}},
            "14 is outside 15 to 4320, the minutes",
        ),
        (
            "computeInstances",
            {"one": {"vmSize": "Standard_DS3_v2", "publicIp": True, "assignedUser": {"objectId": "me"}}},
            "computeInstances.one.assignedUser.tenantId: is missing; set the id of the user's directory",
        ),
        ("hub", WORKSPACE.replace("workspaces", "registries"), "hub: "),
        ("colour", "blue", "colour: 'colour' is not a key here; the keys here are name, id, kind, hub"),
    ],
)
def test_mistakes(config: Make, path: str, value: Any, says: str) -> None:
    found = problems(config(put(path, value)))
    assert any(says in problem for problem in found), found


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"type": "FQDN"}, "destination: is missing; set it: a rule of type FQDN has destination"),
        ({"type": "FQDN", "destination": "https://example.com"}, "is not a host name; set one such as"),
        ({"type": "FQDN", "destination": "example.com", "ports": "443"}, "ports: is a key of rules of type ServiceTag"),
        ({"type": "PrivateEndpoint", "resourceId": VAULT}, "subresource: is missing"),
        ({"type": "PrivateEndpoint", "resourceId": "kv", "subresource": "vault"}, "is not the ARM id of a resource"),
        (
            {"type": "ServiceTag", "serviceTag": "A M", "protocol": "TCP", "ports": "1"},
            "is not the name of a service t",
        ),
        ({"type": "ServiceTag", "serviceTag": "A", "protocol": "tcp", "ports": "1"}, "did you mean 'TCP'?"),
        ({"type": "ServiceTag", "serviceTag": "A", "protocol": "TCP", "ports": "0-65536"}, "is not a list of ports"),
        ({"type": "Tag"}, "'Tag' is not 'FQDN' or 'PrivateEndpoint' or 'ServiceTag'"),
        ({}, "type: is missing; set FQDN, PrivateEndpoint or ServiceTag"),
    ],
)
def test_outbound_rules(config: Make, rule: dict[str, Any], says: str) -> None:
    network = {"isolationMode": "AllowOnlyApprovedOutbound", "outboundRules": {"one": rule}}
    (problem,) = problems(config(put("network", network)))
    assert problem.startswith("network.outboundRules.one")
    assert says in problem


def test_with_the_internet_only_private_endpoints_are_rules(config: Make) -> None:
    rules = {
        "pypi": {"type": "FQDN", "destination": "example.com"},
        "vault": {"type": "PrivateEndpoint", "resourceId": VAULT, "subresource": "vault"},
    }
    network = {"isolationMode": "AllowInternetOutbound", "outboundRules": rules}
    (problem,) = problems(config(put("network", network)))
    assert problem.startswith("network.outboundRules.pypi: is redundant: with AllowInternetOutbound")


def test_a_workspace_that_exists_takes_no_other_key(config: Make) -> None:
    found = problems(config(only({"id": WORKSPACE, "name": "x-dev", "kind": "Default", "diagnostics": False})))
    assert [problem.split(":")[0] for problem in found] == ["name", "kind", "diagnostics"]
    assert all("cannot be combined with id" in problem for problem in found)


def test_a_workspace_has_a_name_or_exists(config: Make) -> None:
    (problem,) = problems(config(only({"kind": "Default"})))
    assert problem == (
        "name: is missing; set the workspace's name, such as 'llama-dev', or id: the ARM id of one that exists"
    )


def test_a_hub_that_exists_has_all_that_a_hub_has(config: Make) -> None:
    assert workspace_of(load(config(put("hub", WORKSPACE)), PACKAGE)).hub == WORKSPACE
    found = problems(
        config(only({"name": "llama-dev", "hub": WORKSPACE, "network": {}, "encryption": {"create": True}}))
    )
    assert [problem.split(":")[0] for problem in found] == ["network", "encryption", "encryption.create"]
    (problem,) = problems(config(only({"name": "llama-dev", "hub": WORKSPACE, "kind": "Default"})))
    assert problem.startswith("hub: requires kind: Project, and kind is 'Default'")


def test_a_hub_alone_has_no_endpoints(config: Make) -> None:
    with pytest.raises(SettingsError) as caught:
        load(config(put("kind", "Hub")), PACKAGE)
    assert [problem.path for problem in caught.value.problems] == ["azure-llama:serverless", "azure-llama:managed"]

    def bare(stack: dict[str, Any]) -> None:
        del stack["azure-llama:serverless"], stack["azure-llama:managed"]

    assert workspace_of(load(config(put("kind", "Hub"), bare), PACKAGE)).kind == "Hub"


def test_instances_that_differ_in_case_only_are_one(config: Make) -> None:
    instance = {"vmSize": "Standard_DS3_v2", "publicIp": True}
    (problem,) = problems(config(put("computeInstances", {"one": instance, "One": instance})))
    assert problem.startswith("computeInstances.One: ")


def test_the_vault_of_a_hub_that_exists_is_not_known(config: Make) -> None:
    def secrets(stack: dict[str, Any]) -> None:
        stack["azure-llama:secrets"] = {"keyVault": "workspace", "expiresOn": "2027-01-01"}

    with pytest.raises(SettingsError) as caught:
        load(config(put("hub", WORKSPACE), secrets), PACKAGE)
    assert [problem.path for problem in caught.value.problems] == ["azure-llama:secrets.keyVault"]


def test_every_mistake_is_in_one_report(config: Make) -> None:
    found = problems(
        config(
            put("network.publicNetworkAccess", "off"),
            put("network.firewallSku", "Basic"),
            put("names.keyVault", "x"),
            put("lock", "All"),
            put("encryption", {}),
        )
    )
    assert [problem.split(": ")[0] for problem in found] == [
        "network.publicNetworkAccess",
        "network.firewallSku",
        "names.keyVault",
        "lock",
        "encryption",
    ]


def test_python_callers_meet_the_same_rules() -> None:
    with pytest.raises(ValidationError, match="names no key"):
        EncryptionSettings()
    with pytest.raises(ValidationError, match="is missing"):
        OutboundRuleSettings(type="FQDN")
    with pytest.raises(ValidationError, match="requires a managed network"):
        WorkspaceSettings.model_validate(
            {"name": "llama-dev", "computeInstances": {"one": {"vmSize": "Standard_DS3_v2"}}}
        )


STEP = st.text(alphabet="abcDEF019-_.", min_size=1, max_size=8)


@given(STEP, STEP, st.lists(STEP, min_size=1, max_size=3))
def test_an_arm_id_is_what_its_parts_make(group: str, kind: str, names: list[str]) -> None:
    type_ = "/".join(["Microsoft.Test", *(f"{kind}{at}" for at in range(len(names)))])
    made = ArmId("00000000-0000-0000-0000-000000000001", group, type_, tuple(names))
    parsed = parse_arm_id(str(made))
    assert parsed == made
    assert parsed.is_a(type_.upper())
    assert parsed.name == names[-1]


@given(st.text())
def test_no_text_is_taken_for_an_arm_id_by_mistake(text: str) -> None:
    parsed = parse_arm_id(text)
    assert parsed is None or str(parsed).casefold() == text.casefold()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda deeper: (
            st.lists(deeper) | st.dictionaries(st.sampled_from([*FULL, "type", "id", "create", "one"]), deeper)
        ),
        max_leaves=12,
    )
)
def test_whatever_is_written_is_taken_or_told(value: Any) -> None:
    config = {
        "azure-native:location": "eastus2",
        "azure-llama:workspace": json.dumps(
            {
                "name": "x-dev",
                "network": value,
                "encryption": value,
                "identity": value,
                "names": value,
                "computeInstances": value,
            }
        ),
    }
    # Anything but a report fails the test: a traceback, for a text that no rule was made for.
    with suppress(SettingsError):
        load(config, PACKAGE)
