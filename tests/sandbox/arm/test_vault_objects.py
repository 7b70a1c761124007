"""Keys and secrets through ARM."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.arm.around import KEY, SECRET, secret_body
from tests.sandbox.arm.harness import VAULT, Azure, vault_body

VALUE = "a-very-secret-value"


def key_body(**properties: Any) -> dict[str, Any]:
    return {"properties": {"kty": "RSA"} | properties}


@pytest.fixture
def vault(azure: Azure) -> Azure:
    azure.with_group()
    azure.put(VAULT, vault_body())
    return azure


def test_a_secret_is_written_and_never_answered(vault: Azure) -> None:
    body = secret_body(contentType="text/plain", attributes={"exp": 1_900_000_000}) | {"tags": {"a": "b"}}
    answer = vault.call("PUT", SECRET, body)
    assert VALUE not in answer.text
    made = vault.get(SECRET)
    assert VALUE not in str(made)
    assert made["tags"] == {"a": "b"}
    assert made["location"] == "eastus2"
    assert made["properties"]["attributes"] == {
        "enabled": True,
        "exp": 1_900_000_000,
        "created": int(vault.clock.now()),
        "updated": int(vault.clock.now()),
    }
    assert made["properties"]["secretUri"] == "https://llama-vault.vault.azure.net/secrets/llama-primary"
    assert VALUE in vault.store.secret_values


def test_each_value_is_a_version(vault: Azure) -> None:
    versions = set()
    for body in (secret_body(), secret_body(), secret_body("another-value")):
        versions.add(vault.put(SECRET, body)["properties"]["secretUriWithVersion"])
    assert len(versions) == 3
    same = vault.put(SECRET, secret_body(None, contentType="x"))["properties"]
    assert same["secretUriWithVersion"] in versions
    answer = vault.call("PATCH", SECRET, {"properties": {"value": "patched-value", "contentType": "y"}})
    assert answer.json()["properties"]["contentType"] == "y"
    assert "patched-value" not in answer.text
    found = vault.store.get(SECRET)
    assert found is not None
    assert found.secrets == {"value": "patched-value"}


def test_a_key_is_made_once_and_changed_never(vault: Azure) -> None:
    made = vault.put(KEY, key_body(keySize=3072, attributes={"enabled": True}))["properties"]
    assert made["keyOps"] == ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"]
    assert made["keyUriWithVersion"].startswith(f"{made['keyUri']}/")
    assert made["attributes"]["recoveryLevel"] == "Recoverable+Purgeable"
    assert vault.put(KEY, key_body(keySize=4096))["properties"] == made


def test_an_elliptic_key_of_a_protected_vault(azure: Azure) -> None:
    azure.with_group()
    azure.put(VAULT, vault_body(enablePurgeProtection=True))
    made = azure.put(KEY, {"properties": {"kty": "EC", "curveName": "P-384"}})["properties"]
    assert (made["curveName"], made["keyOps"]) == ("P-384", ["sign", "verify"])
    assert made["attributes"]["recoveryLevel"] == "Recoverable"


@pytest.mark.parametrize(
    ("path", "body", "target"),
    [
        (SECRET, secret_body(None), "properties.value"),
        (SECRET, secret_body("x" * 25_001), "properties.value"),
        (SECRET.replace("llama-primary", "a_b"), secret_body(), "name"),
        (KEY, key_body(kty="DSA"), "properties.kty"),
        (KEY, key_body(kty="RSA-HSM"), "properties.kty"),
        (KEY, key_body(keySize=1024), "properties.keySize"),
        (KEY, {"properties": {"kty": "EC", "curveName": "P-1"}}, "properties.curveName"),
        (KEY, {"properties": {"attributes": {"created": 1}}}, "properties.attributes.created"),
        (KEY.replace("cmk", "a.b"), key_body(), "name"),
    ],
)
def test_refusals(vault: Azure, path: str, body: dict[str, Any], target: str) -> None:
    refusal = vault.refused("PUT", path, body)
    assert (refusal.status, refusal.error["target"]) == (400, target)


def test_a_premium_vault_has_hardware_keys(azure: Azure) -> None:
    azure.with_group()
    azure.put(VAULT, vault_body(sku={"family": "A", "name": "premium"}))
    assert azure.put(KEY, key_body(kty="RSA-HSM"))["properties"]["kty"] == "RSA-HSM"
