"""`azure-llama drift` on the real engine: finds changes made by hand, and the printed command restores the stack."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest

from tests.e2e.harness import Azure

pytestmark = pytest.mark.engine

ML = "2025-12-01"
STORAGE = "2024-01-01"
WRITTEN = ("authMode", "publicNetworkAccess", "traffic", "allowBlobPublicAccess", "allowSharedKeyAccess")


def resource(azure: Azure, type_: str) -> str:
    """ARM id of the stack's first resource of a type."""
    state = json.loads(azure.state())["checkpoint"]["latest"]["resources"]
    return next(str(each["id"]) for each in state if each["type"] == f"azure-native:{type_}")


def by_hand(azure: Azure, id_: str, version: str, **changes: Any) -> None:
    """PUT a resource with what it has, but for some properties."""
    body = azure.arm(id_, version).json()
    kept = {key: body[key] for key in ("location", "kind", "tags") if key in body}
    kept |= {key: {part: body[key][part]} for key, part in (("sku", "name"), ("identity", "type")) if key in body}
    if identities := body.get("identity", {}).get("userAssignedIdentities"):
        kept["identity"]["userAssignedIdentities"] = {identity: {} for identity in identities}
    properties = {key: body["properties"][key] for key in WRITTEN if key in body["properties"]} | changes
    answer = azure.put(id_, {**kept, "properties": properties}, version)
    assert answer.status_code < 300, answer.text


def restored(azure: Azure) -> None:
    """Run the command that the report prints."""
    command = json.loads(azure.drift("--format", "json", code=7).text)["restore"]
    azure.exec(*shlex.split(command), "--yes", "--skip-preview", "--non-interactive")
    azure.drift()


def test_changes_by_hand_are_found_and_restored(azure: Azure) -> None:
    azure.pulumi("up", "--skip-preview")
    azure.drift()

    endpoint = resource(azure, "machinelearningservices:OnlineEndpoint")
    by_hand(azure, endpoint, ML, traffic={"blue": 0})
    azure.pulumi("up", "--skip-preview", "--expect-no-changes")  # a template's inputs are what they were
    assert "properties.traffic.blue: stated 100, in Azure 0" in azure.drift(code=7).text
    restored(azure)
    assert azure.arm(endpoint).json()["properties"]["traffic"] == {"blue": 100}

    by_hand(azure, endpoint, ML, publicNetworkAccess="Disabled")
    by_hand(azure, resource(azure, "storage:StorageAccount"), STORAGE, minimumTlsVersion="TLS1_0")
    found = azure.drift(code=7).text
    assert 'properties.publicNetworkAccess: stated "Enabled", in Azure "Disabled"' in found
    assert 'minimumTlsVersion: stated "TLS1_2", in Azure "TLS1_0"' in found
    assert "drift in 2 of" in found
    restored(azure)
    assert azure.arm(endpoint).json()["properties"]["publicNetworkAccess"] == "Enabled"
    azure.pulumi("up", "--skip-preview", "--expect-no-changes")


def test_a_deleted_endpoint_is_found_and_created_again(azure: Azure) -> None:
    azure.pulumi("up", "--skip-preview")
    endpoint = resource(azure, "machinelearningservices:OnlineEndpoint")
    azure.delete(endpoint, ML)
    found = azure.drift(code=7).text
    assert "OnlineEndpoint llama-8b: does not exist in Azure" in found
    assert "OnlineDeployment llama-8b.blue: does not exist in Azure" in found
    restored(azure)
    assert azure.arm(endpoint).json()["properties"]["traffic"] == {"blue": 100}
    azure.pulumi("up", "--skip-preview", "--expect-no-changes")


def test_the_state_stays_as_it_is(deployed: Azure) -> None:
    before = deployed.state()
    for form in ("table", "markdown", "json", "sarif"):
        deployed.drift("--format", form)
    assert deployed.state() == before
