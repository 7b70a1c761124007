"""Template deployments: each resource goes the way of its own PUT."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Check
from tests.sandbox.arm.harness import (
    GROUP,
    INSIGHTS,
    LOGS,
    PROJECT,
    STORAGE,
    Azure,
    account_body,
    endpoint_body,
)

TRAFFIC = f"{GROUP}/providers/Microsoft.Resources/deployments/llama-8b-traffic"
ML_VERSION = "2025-12-01"
SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"


def template(*resources: dict[str, Any], **more: Any) -> dict[str, Any]:
    document: dict[str, Any] = {"$schema": SCHEMA, "contentVersion": "1.0.0.0", "resources": list(resources)} | more
    return {"properties": {"mode": "Incremental", "template": document}}


def resource(id_: str, version: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
    namespace, *rest = id_.rsplit("/providers/", 1)[1].split("/")
    type_ = "/".join((namespace, *rest[0::2]))
    return {"type": type_, "apiVersion": version, "name": "/".join(rest[1::2])} | body | more


def endpoint(traffic: dict[str, int]) -> dict[str, Any]:
    return resource(f"{PROJECT}/onlineEndpoints/llama-8b", ML_VERSION, endpoint_body(traffic=traffic))


def storage(**more: Any) -> dict[str, Any]:
    return resource(STORAGE, "2024-01-01", account_body(), **more)


def failure(azure: Azure, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """The error inside a deployment that is accepted and fails."""
    answer = azure.call("PUT", path, body)
    assert answer.status_code in (200, 201), answer.text
    final = azure.wait(answer).json()
    assert (final["status"], final["error"]["code"]) == ("Failed", "DeploymentFailed")
    assert azure.get(path)["properties"]["provisioningState"] == "Failed"
    found: dict[str, Any] = final["error"]["details"][0]
    return found


def test_traffic_by_template(hub: Azure, contract_errors: Check) -> None:
    hub.endpoint()
    hub.deployment()
    body = template(endpoint({"blue": 100}))
    answer = hub.call("PUT", TRAFFIC, body, version="2024-03-01")
    assert answer.status_code == 201
    assert answer.json()["properties"]["provisioningState"] == "Accepted"
    assert "/deployments/llama-8b-traffic/operationStatuses/" in answer.headers["Azure-AsyncOperation"]
    assert hub.wait(answer).json()["status"] == "Succeeded"
    made = hub.get(TRAFFIC)
    assert "template" not in made["properties"]
    assert made["properties"]["outputResources"] == [{"id": f"{PROJECT}/onlineEndpoints/llama-8b"}]
    assert hub.get(f"{PROJECT}/onlineEndpoints/llama-8b")["properties"]["traffic"] == {"blue": 100}
    assert hub.call("PUT", TRAFFIC, body).status_code == 200
    line = hub.log[0]
    assert (line["method"], line["host"], line["path"]) == (
        "PUT",
        "management.azure.com",
        f"{PROJECT}/onlineEndpoints/llama-8b",
    )
    assert (line["api_version"], line["principal"], line["status"]) == (ML_VERSION, "owner-client", 201)
    type_ = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
    assert contract_errors(type_, line["api_version"], line["body"]) == []


def test_resources_are_put_in_turn_and_wait_for_each_other(azure: Azure) -> None:
    azure.with_group()
    insights = {
        "location": "eastus2",
        "kind": "web",
        "properties": {"Application_Type": "web", "WorkspaceResourceId": LOGS},
    }
    body = template(
        resource(INSIGHTS, "2020-02-02", insights, dependsOn=[LOGS]),
        resource(LOGS, "2023-09-01", {"location": "[parameters('place')]", "tags": "[variables('tags')]"}),
        storage(dependsOn=["llama-insights"], comments="last"),
        parameters={"place": {"type": "string", "defaultValue": "[resourceGroup().location]"}},
        variables={"tags": {"note": "[[as it is]"}},
        outputs={"place": {"type": "string", "value": "[parameters('place')]"}},
    )
    answer = azure.call("PUT", TRAFFIC, body)
    assert [line["path"] for line in azure.log] == [LOGS]
    azure.restart()
    azure.wait(answer)
    assert [(line["path"], line["status"]) for line in azure.log] == [(LOGS, 201), (INSIGHTS, 200), (STORAGE, 202)]
    assert azure.get(LOGS)["tags"] == {"note": "[as it is]"}
    made = azure.get(TRAFFIC)["properties"]
    assert made["outputs"]["place"]["value"] == "eastus2"
    assert [each["id"] for each in made["outputResources"]] == [LOGS, INSIGHTS, STORAGE]
    old = f"{GROUP.replace('resourceGroups', 'resourcegroups')}/deployments/llama-8b-traffic/operations"
    for path in (old, f"{TRAFFIC}/operations"):
        rows = azure.get(path, version="2020-06-01")["value"]
        assert [each["properties"]["targetResource"]["id"] for each in rows] == [LOGS, INSIGHTS, STORAGE]
        assert {each["properties"]["provisioningState"] for each in rows} == {"Succeeded"}


def test_given_parameters_and_nested_resources(hub: Azure) -> None:
    hub.endpoint()
    inner = {
        "type": "connections",
        "apiVersion": ML_VERSION,
        "name": "inner",
        "properties": {"authType": "None", "target": "[parameters('target')]"},
    }
    outer = resource(PROJECT, ML_VERSION, hub.get(PROJECT) and {}, resources=[inner])
    outer |= {"location": "eastus2", "kind": "Project", "identity": {"type": "SystemAssigned"}}
    outer["properties"] = {"hubResourceId": hub.get(PROJECT)["properties"]["hubResourceId"]}
    body = template(outer, parameters={"target": {"type": "string"}})
    assert "is not provided" in hub.refused("PUT", TRAFFIC, body).message
    body["properties"]["parameters"] = {"target": {"value": "https://there"}}
    hub.put(TRAFFIC, body)
    assert hub.get(f"{PROJECT}/connections/inner")["properties"]["target"] == "https://there"


def test_a_refused_resource_fails_the_deployment_and_nothing_after_it_is_put(hub: Azure) -> None:
    hub.endpoint()
    error = failure(hub, TRAFFIC, template(endpoint({"blue": 100}), storage(dependsOn=["llama-dev/llama-8b"])))
    assert (error["code"], error["target"]) == ("UserError", "properties.traffic.blue")
    assert [line["status"] for line in hub.log] == [400]
    rows = hub.get(f"{TRAFFIC}/operations")["value"]
    assert rows[0]["properties"]["statusMessage"]["error"]["code"] == "UserError"
    broken = storage()
    broken["properties"] = {"colour": "blue"}
    assert failure(hub, TRAFFIC, template(broken))["target"] == "properties.colour"


def test_a_failed_deployment_can_be_repeated(azure: Azure) -> None:
    azure.with_group()
    failure(azure, TRAFFIC, template(resource(STORAGE, "2024-01-01", account_body("nowhere"))))
    azure.put(TRAFFIC, template(storage()))
    made = azure.get(TRAFFIC)["properties"]
    assert made["provisioningState"] == "Succeeded"
    assert "error" not in made


def test_two_deployments_of_one_name(azure: Azure) -> None:
    azure.with_group()
    first = azure.call("PUT", TRAFFIC, template(storage()))
    refusal = azure.refused("PUT", TRAFFIC, template())
    assert (refusal.status, refusal.code) == (409, "DeploymentActive")
    joined = azure.call("PUT", TRAFFIC, template(storage()))
    assert joined.headers["Azure-AsyncOperation"] == first.headers["Azure-AsyncOperation"]
    azure.wait(first)
    azure.delete(TRAFFIC)
    assert azure.get(STORAGE)["properties"]["provisioningState"] == "Succeeded"


def test_a_resource_that_is_deleted_meanwhile_fails_the_deployment(azure: Azure) -> None:
    azure.with_group()
    answer = azure.call("PUT", TRAFFIC, template(storage()))
    operation = azure.store.open_operations(key=STORAGE.lower())[0]
    operation.status, operation.error = "Canceled", {"code": "OperationCanceled", "message": "gone"}
    azure.store.put_operation(operation)
    final = azure.wait(answer).json()
    assert (final["status"], final["error"]["details"][0]["code"]) == ("Failed", "OperationCanceled")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"properties": {"mode": "Incremental"}}, "must be an object"),
        ({"properties": {"mode": "Complete", "template": {}}}, "Incremental alone"),
        ({"properties": {"mode": "Incremental", "templateLink": {"uri": "https://x"}}}, "templateLink"),
        (template(storage(), functions=[]), "'functions'"),
        (template(storage(copy={"name": "c"})), "'copy'"),
        (template(storage(location="[padLeft('east', 2)]")), "does not evaluate the function 'padLeft'"),
        (template(storage(location="[concat('east', ]")), "a value"),
        (template(storage(location="[resourceGroup().nothing]")), "there is no 'nothing'"),
        (template(storage(location="[reference('x')]")), "'reference' in outputs alone"),
        (template(storage(location="[parameters('p')]")), "the template parameter 'p' is not found"),
        (template(storage(), storage()), "more than once"),
        (template(storage(dependsOn=["x"])), "'x' of a dependsOn"),
        (template(storage(dependsOn=[STORAGE])), "Circular"),
        (template(storage() | {"name": "a/b"}), "segment lengths"),
        (template({"type": "A.B/c", "name": "d"}), "'apiVersion'"),
        (template({"type": "A.B/c", "name": "d", "apiVersion": "1"}), "does not emulate"),
        (template("text"), "must be an object"),  # type: ignore[arg-type]
        (template(parameters={"p": {"type": "string"}}), "'p' is not provided"),
        ({"properties": {"mode": "Incremental", "template": {"resources": []}}}, "'$schema'"),
    ],
)
def test_templates_refused(azure: Azure, body: dict[str, Any], words: str) -> None:
    azure.with_group()
    refusal = azure.refused("PUT", TRAFFIC, body)
    assert (refusal.status, refusal.code) == (400, "InvalidTemplate")
    assert words in refusal.message
    assert azure.store.get(TRAFFIC) is None


def test_a_condition_that_does_not_hold_leaves_the_resource_out(azure: Azure) -> None:
    azure.with_group()
    azure.put(TRAFFIC, template(storage(condition=False)))
    assert azure.log == []


def test_parameters_of_the_request_must_be_declared_and_have_values(azure: Azure) -> None:
    azure.with_group()
    body = template()
    body["properties"]["parameters"] = {"p": {"value": 1}}
    assert "is not declared" in azure.refused("PUT", TRAFFIC, body).message
    body = template(parameters={"p": {"type": "string"}})
    vault = {"keyVault": {"id": "/x"}, "secretName": "s"}
    body["properties"]["parameters"] = {"p": {"reference": vault}}
    assert "has no value" in azure.refused("PUT", TRAFFIC, body).message
