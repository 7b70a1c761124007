"""Templates as azure-cli, Bicep and azure-ai-ml write them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from azure_llama_sandbox.arm.template_language import Template
from tests.sandbox.arm.harness import GROUP, STORAGE, SUB, Azure
from tests.sandbox.arm.test_templates import SCHEMA, TRAFFIC, storage, template


def test_what_azure_cli_writes(azure: Azure) -> None:
    """Its body has a key without quotes, and the deployment is validated first."""
    azure.with_group()
    document = json.dumps(template(storage())["properties"]["template"])
    text = f'{{"properties": {{"mode": "incremental", template:{document}, "parameters": {{}}}}}}'
    for method, path, status in (("POST", f"{TRAFFIC}/validate", 200), ("PUT", TRAFFIC, 201)):
        request = azure.http.request(
            method,
            path,
            params={"api-version": "2022-09-01"},
            content=text.encode(),
            headers={"Authorization": "Bearer owner", "Content-Type": "application/json"},
        )
        answer = azure.loop.run_until_complete(request)
        assert answer.status_code == status, answer.text
        assert answer.json()["properties"]["mode"] == "Incremental"
        assert (azure.store.get(STORAGE) is not None) == (method == "PUT")


def test_what_bicep_writes(azure: Azure) -> None:
    """Symbolic names, existing resources, conditions, functions, and outputs that refer to what was put."""
    azure.with_group()
    resources = {
        "group": {
            "existing": True,
            "type": "Microsoft.Resources/resourceGroups",
            "apiVersion": "2021-04-01",
            "name": "x",
        },
        "none": storage(condition="[empty(parameters('tags'))]") | {"name": "llamanone"},
        "store": storage(
            name="[format('{0}{1}', 'llama', 'store')]",
            location="[parameters('location')]",
            tags="[union(parameters('tags'), createObject('tenant', subscription().tenantId))]",
            dependsOn=["none", "group"],
        ),
    }
    outputs = {
        "id": {"type": "string", "value": "[resourceId('Microsoft.Storage/storageAccounts', 'llamastore')]"},
        "endpoint": {"type": "string", "value": "[reference('store').primaryEndpoints.blob]"},
        "place": {"type": "string", "value": "[reference('store', '2024-01-01', 'full').location]"},
    }
    parameters = {
        "location": {"type": "string", "defaultValue": "[resourceGroup().location]", "allowedValues": ["eastus2"]},
        "tags": {"type": "object"},
        "secret": {"type": "securestring", "defaultValue": "hidden"},
    }
    body = template(languageVersion="2.0", resources=resources, outputs=outputs, parameters=parameters)
    body["properties"]["parameters"] = {"tags": {"value": {"team": "a"}}}
    made = azure.put(TRAFFIC, body)["properties"]
    assert made["parameters"]["tags"] == {"type": "Object", "value": {"team": "a"}}
    assert made["parameters"]["secret"] == {"type": "SecureString"}
    assert made["outputs"]["id"] == {"type": "String", "value": STORAGE}
    assert made["outputs"]["endpoint"]["value"] == "https://llamastore.blob.core.windows.net/"
    assert made["outputs"]["place"]["value"] == "eastus2"
    assert set(azure.get(STORAGE)["tags"]) == {"team", "tenant"}
    exported = azure.call("POST", f"{TRAFFIC}/exportTemplate").json()
    assert set(exported["template"]["resources"]) == set(resources)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("[if(equals(parameters('a'), 'x'), parameters('missing'), 'else')]", "else"),
        ("[toLower(concat('A', string(1), json('{\"b\": 2}').b))]", "a12"),
        ("[if(and(not(empty(createArray(1))), or(false(), true())), 'it''s', 'no')]", "it's"),
        ("[split('a,b', ',')[1]]", "b"),
        ("[coalesce(null(), tryGet(parameters('o'), 'k'), 'end')]", "v"),
        ("[last(split(subscriptionResourceId('A.B/c', 'd'), '/'))]", "d"),
        ("[resourceId('other', 'A.B/c/d', 'e', 'f')]", f"{SUB}/resourceGroups/other/providers/A.B/c/e/d/f"),
        ("[length(uniqueString(resourceGroup().id))]", 13),
        ("[variables('v')]", "of a"),
    ],
)
def test_expressions(expression: str, value: Any) -> None:
    document = {
        "$schema": SCHEMA,
        "contentVersion": "1.0.0.0",
        "parameters": {
            "a": {"type": "string", "defaultValue": "a"},
            "o": {"type": "object", "defaultValue": {"k": "v"}},
        },
        "variables": {"v": "[concat('of ', parameters('a'))]", "unused": "[reference('nothing')]"},
        "resources": [],
        "outputs": {"it": {"type": "string", "value": expression}},
    }
    group = {"id": GROUP, "name": "llama", "location": "eastus2"}
    assert Template(document, {}, group).outputs()["it"]["value"] == value


def test_a_null_parameter_has_its_default(azure: Azure) -> None:
    azure.with_group()
    parameters = {"sku": {"type": "string", "defaultValue": "Standard_LRS", "allowedValues": ["standard_lrs"]}}
    body = template(storage(sku={"name": "[parameters('sku')]"}), parameters=parameters)
    body["properties"]["parameters"] = {"sku": {"value": None}}
    assert azure.put(TRAFFIC, body)["properties"]["parameters"]["sku"]["value"] == "Standard_LRS"
    body["properties"]["parameters"] = {"sku": {"value": "Premium_LRS"}}
    assert "is not part of the allowed value(s)" in azure.refused("PUT", TRAFFIC, body).message
