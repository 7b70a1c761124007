"""A masked recording has no secret, id or name of its owner, and can be replayed."""

from __future__ import annotations

import json
from dataclasses import asdict

from azure_llama_sandbox.compare import Exchange, mask

SUBSCRIPTION = "12345678-2222-4333-8444-555555555555"
TENANT = "87654321-2222-4333-8444-555555555555"
OBJECT = "abcdef01-2222-4333-8444-555555555555"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-contoso"
STORE = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/contosostore"
ROLE = f"{GROUP}/providers/Microsoft.Authorization/roleDefinitions/f6c7c914-8db3-469d-8ca1-694a8f32e121"
POLL = f"https://management.azure.com/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Storage/locations/eastus2"

EXCHANGES = [
    Exchange(
        "PUT",
        STORE,
        "2024-01-01",
        202,
        request={"location": "eastus2", "tags": {"owner": "jane@contoso.com"}},
        headers={
            "Location": f"{POLL}/asyncoperations/{OBJECT}?api-version=2024-01-01&t=1&c=MII&s=sig&h=x",
            "Server": "a",
        },
    ),
    Exchange(
        "POST",
        f"{STORE}/listKeys",
        "2024-01-01",
        200,
        response={"keys": [{"keyName": "key1", "value": "contoso-key-value", "key": "c2VjcmV0a2V5"}]},
    ),
    Exchange(
        "GET",
        STORE,
        "2024-01-01",
        200,
        response={
            "id": STORE,
            "name": "contosostore",
            "identity": {"principalId": OBJECT, "tenantId": TENANT},
            "properties": {
                "endpoint": "https://contosostore.blob.core.windows.net/",
                "role": ROLE,
                "ip": "52.1.2.3",
                "space": "10.0.0.0/16",
                "password": "hunter2hunter2",
            },
            "systemData": {"createdBy": "Jane Contoso"},
        },
    ),
]


def test_nothing_of_the_owner_is_left() -> None:
    text = json.dumps([asdict(each) for each in mask(EXCHANGES, secrets=["contoso-key-value"])])
    for private in (
        SUBSCRIPTION,
        TENANT,
        OBJECT,
        "contoso",
        "Contoso",
        "jane",
        "52.1.2.3",
        "hunter2",
        "c2VjcmV0",
        "sig",
    ):
        assert private not in text, private
    for public in ("eastus2", "Microsoft.Storage/storageAccounts", "10.0.0.0/16", ROLE.rsplit("/", 1)[1]):
        assert public in text, public


def test_a_value_has_one_placeholder() -> None:
    put, _, read = mask(EXCHANGES)
    group = "/subscriptions/{sub}/resourceGroups/{resourcegroup1}"
    assert put.path == f"{group}/providers/Microsoft.Storage/storageAccounts/{{storageaccount1}}"
    assert read.response["id"] == put.path
    assert read.response["name"] == "{storageaccount1}"
    assert read.response["properties"]["endpoint"] == "https://{storageaccount1}.blob.core.windows.net/"
    assert read.response["identity"]["principalId"] in put.headers["Location"]
    assert read.response["identity"]["tenantId"] == "{tenant}"
    assert set(put.headers) == {"Location"}
    assert mask(mask(EXCHANGES)) == mask(EXCHANGES)
