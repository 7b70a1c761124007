"""The managed network: when it is there, what may leave it, and who waits for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.arm.harness import (
    HUB,
    PROJECT,
    STORAGE,
    VAULT,
    Azure,
    account_body,
    deployment_body,
    hub_body,
    project_body,
    vault_body,
)

APPROVED, INTERNET = "AllowOnlyApprovedOutbound", "AllowInternetOutbound"
BLUE = f"{PROJECT}/onlineEndpoints/llama-8b/deployments/blue"
FQDN = {"type": "FQDN", "destination": "*.example.com"}
SEARCH = {
    "type": "PrivateEndpoint",
    "destination": {"serviceResourceId": STORAGE, "subresourceTarget": "blob"},
}
TAG = {
    "type": "ServiceTag",
    "destination": {"serviceTag": "AzureMonitor", "protocol": "TCP", "portRanges": "443"},
}


def hub_in(azure: Azure, mode: str = APPROVED, **properties: Any) -> dict[str, Any]:
    azure.with_group()
    azure.put(STORAGE, account_body())
    azure.put(VAULT, vault_body())
    network = {"isolationMode": mode} | properties.pop("network", {})
    hub = azure.put(HUB, hub_body(managedNetwork=network, **properties))
    azure.put(PROJECT, project_body())
    return hub


def status(azure: Azure) -> str:
    return str(azure.get(HUB)["properties"]["managedNetwork"]["status"]["status"])


def test_a_deployment_waits_for_the_network_of_the_hub(azure: Azure) -> None:
    hub_in(azure)
    assert status(azure) == "Inactive"
    azure.endpoint()
    refusal = azure.refused("PUT", BLUE, deployment_body())
    assert (refusal.status, refusal.inner) == (400, ["WorkspaceManagedNetworkNotReady"])
    answer = azure.call("POST", f"{HUB}/provisionManagedNetwork", {"includeSpark": False})
    assert answer.status_code == 202
    assert status(azure) == "Inactive"
    azure.wait(answer)
    assert status(azure) == "Active"
    azure.deployment()


def test_it_is_provisioned_with_the_workspace(azure: Azure) -> None:
    hub_in(azure, provisionNetworkNow=True)
    assert status(azure) == "Active"
    azure.put(HUB, hub_body(managedNetwork={"isolationMode": APPROVED}))
    assert status(azure) == "Active"


def test_the_first_compute_brings_it_up(azure: Azure) -> None:
    hub_in(azure)
    compute = {"computeType": "ComputeInstance", "properties": {"vmSize": "Standard_DS3_v2"}}
    azure.put(f"{PROJECT}/computes/ci-one", {"properties": compute})
    assert status(azure) == "Active"


def test_without_isolation_there_is_none(hub: Azure) -> None:
    assert hub.get(HUB)["properties"]["managedNetwork"]["isolationMode"] == "Disabled"
    assert "no managed network" in hub.refused("POST", f"{HUB}/provisionManagedNetwork").message
    assert "no managed network" in hub.refused("PUT", f"{HUB}/outboundRules/pypi", {"properties": FQDN}).message


def test_isolation_stays_on(azure: Azure) -> None:
    hub_in(azure, INTERNET)
    azure.put(HUB, hub_body(managedNetwork={"isolationMode": APPROVED}))
    for method, body in (
        ("PUT", hub_body(managedNetwork={"isolationMode": "Disabled"})),
        ("PATCH", {"properties": {"managedNetwork": {"isolationMode": "Disabled"}}}),
    ):
        assert "cannot be turned off" in azure.refused(method, HUB, body).message


@pytest.mark.parametrize("rule", [FQDN, SEARCH, TAG], ids=lambda rule: rule["type"])
def test_a_rule_comes_and_goes(azure: Azure, rule: dict[str, Any]) -> None:
    hub_in(azure)
    path = f"{HUB}/outboundRules/one"
    assert azure.call("PUT", path, {"properties": rule}).status_code == 202
    assert azure.get(path)["properties"]["status"] == "Provisioning"
    azure.clock.move(120)
    shown = azure.get(path)["properties"]
    assert shown == {"category": "UserDefined", "status": "Active"} | rule
    assert [each["name"] for each in azure.get(f"{HUB}/outboundRules")["value"]] == ["one"]
    azure.delete(path)
    assert azure.get(f"{HUB}/outboundRules")["value"] == []


def test_rules_of_the_workspace_are_resources_too(azure: Azure) -> None:
    hub_in(azure, network={"outboundRules": {"pypi": FQDN, "monitor": TAG}})
    assert azure.get(f"{HUB}/outboundRules/pypi")["properties"]["destination"] == "*.example.com"
    azure.put(HUB, hub_body(managedNetwork={"isolationMode": APPROVED, "outboundRules": {"monitor": TAG}}))
    assert [each["name"] for each in azure.get(f"{HUB}/outboundRules")["value"]] == ["monitor"]
    azure.put(HUB, hub_body(managedNetwork={"isolationMode": APPROVED}))
    assert [each["name"] for each in azure.get(f"{HUB}/outboundRules")["value"]] == ["monitor"]


def test_a_change_of_the_rules_alone_keeps_the_isolation(azure: Azure) -> None:
    hub_in(azure)
    azure.put(HUB, hub_body(managedNetwork={"outboundRules": {"pypi": FQDN}}))
    network = azure.get(HUB)["properties"]["managedNetwork"]
    assert (network["isolationMode"], network["outboundRules"]) == (APPROVED, {"pypi": FQDN})
    azure.wait(azure.call("PATCH", HUB, {"properties": {"description": "Llama"}}))
    assert azure.get(HUB)["properties"]["managedNetwork"] == network


@pytest.mark.parametrize(
    ("mode", "network", "words"),
    [
        ("Closed", {}, "isolationMode"),
        (INTERNET, {"firewallSku": "Standard"}, "firewall"),
        (APPROVED, {"firewallSku": "Gold"}, "firewallSku"),
        (INTERNET, {"outboundRules": {"pypi": FQDN}}, "PrivateEndpoint alone"),
        ("Disabled", {"outboundRules": {"search": SEARCH}}, "no rules"),
        (APPROVED, {"outboundRules": {"pypi": {"type": "FQDN"}}}, "destination"),
        (APPROVED, {"outboundRules": {"tag": {"type": "ServiceTag", "destination": {}}}}, "serviceTag"),
        (APPROVED, {"outboundRules": {"x": {"type": "Pigeon"}}}, "outboundRules.x"),
    ],
)
def test_networks_refused(hub: Azure, mode: str, network: dict[str, Any], words: str) -> None:
    body = hub_body(managedNetwork={"isolationMode": mode} | network)
    refusal = hub.refused("PUT", f"{HUB}-2", body)
    assert refusal.status == 400
    assert words in refusal.message + str(refusal.error["target"])


def test_it_outlives_a_restart(tmp_path: Path) -> None:
    azure = Azure(tmp_path / "a.db")
    hub_in(azure)
    azure.call("POST", f"{HUB}/provisionManagedNetwork")
    azure.restart()
    azure.clock.move(3600)
    assert status(azure) == "Active"
    azure.close()
