"""Microsoft.KeyVault/vaults/keys and /secrets (contract 2024-11-01), as ARM exposes them.

ARM writes a secret and never returns it; it makes a key once and changes it never; and it deletes neither: that takes
the vault's own host (`azure_llama_sandbox.vaults`).
"""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any, Literal

from pydantic import Field

from azure_llama.catalog.names import NameRule
from azure_llama_sandbox.arm import verbs
from azure_llama_sandbox.arm.calls import Call
from azure_llama_sandbox.arm.contract import ABSENT, Strict, Tagged, one_of
from azure_llama_sandbox.arm.errors import ArmError, bad_request
from azure_llama_sandbox.arm.key_vault import VAULT
from azure_llama_sandbox.arm.kinds import Body, Kind
from azure_llama_sandbox.store import Resource, Store

KEY = f"{VAULT}/keys"
SECRET = f"{VAULT}/secrets"
VALUE = "value"
"""Under which name a secret's value is kept among the secrets of its resource."""
_LONGEST_VALUE = 25_000
_TYPES = ("RSA", "RSA-HSM", "EC", "EC-HSM")
_SIZES = (2048, 3072, 4096)
_CURVES = ("P-256", "P-384", "P-521", "P-256K")
_OPERATIONS = {
    "RSA": ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"],
    "EC": ["sign", "verify"],
}


class KeyAttributes(Strict):
    """`attributes` of a key."""

    enabled: bool = ABSENT
    exp: int = ABSENT
    exportable: bool = ABSENT
    nbf: int = ABSENT


class ReleasePolicy(Strict):
    """`release_policy`."""

    content_type: str = ABSENT
    data: str = ABSENT


class RotationAttributes(Strict):
    """`rotationPolicy.attributes`."""

    expiry_time: str = ABSENT


class RotationAction(Strict):
    """`rotationPolicy.lifetimeActions[].action`."""

    type: Literal["rotate", "notify"] = ABSENT


class RotationTrigger(Strict):
    """`rotationPolicy.lifetimeActions[].trigger`."""

    time_after_create: str = ABSENT
    time_before_expiry: str = ABSENT


class LifetimeAction(Strict):
    """One of `rotationPolicy.lifetimeActions`."""

    action: RotationAction = ABSENT
    trigger: RotationTrigger = ABSENT


class RotationPolicy(Strict):
    """`rotationPolicy`."""

    attributes: RotationAttributes = ABSENT
    lifetime_actions: list[LifetimeAction] = ABSENT


class KeyProperties(Strict):
    """`properties` of a key."""

    attributes: KeyAttributes = ABSENT
    curve_name: str = ABSENT
    key_ops: list[str] = ABSENT
    key_size: int = ABSENT
    kty: str = ABSENT
    release_policy: ReleasePolicy = Field(ABSENT, alias="release_policy")
    rotation_policy: RotationPolicy = ABSENT


class KeyBody(Tagged):
    """A key's PUT."""

    properties: KeyProperties


class SecretAttributes(Strict):
    """`attributes` of a secret."""

    enabled: bool = ABSENT
    exp: int = ABSENT
    nbf: int = ABSENT


class SecretProperties(Strict):
    """`properties` of a secret."""

    attributes: SecretAttributes = ABSENT
    content_type: str = ABSENT
    value: str = ABSENT


class SecretBody(Tagged):
    """A secret's PUT."""

    properties: SecretProperties


def _names(what: str) -> NameRule:
    return NameRule(what, r"[a-zA-Z0-9-]+", 1, 127, "letters, digits and dashes", "azure-names-2020-02", "2020-02-11")


class VaultObject(Kind):
    """A key or a secret."""

    located = False
    stateful = False

    def check_delete(self, call: Call, resource: Resource) -> None:
        """ARM deletes none."""
        raise verbs.refuse_method(call)


class Key(VaultObject):
    """A key. A PUT of an existing key changes nothing."""

    type = KEY
    contract = KeyBody
    names = _names("a key")
    fresh = HTTPStatus.OK
    patchable = frozenset()

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The key; the one that is there, as it is."""
        if existing is not None:
            return existing
        _require_free(call)
        given = call.properties
        vault = _vault(call)
        kind = given.get("kty", "RSA")
        one_of(kind, "properties.kty", _TYPES, machine_learning=False)
        if kind.endswith("-HSM") and vault.properties["sku"]["name"] != "premium":
            # Azure's code for it is unknown; this one is the sandbox's.
            raise bad_request(
                f"'properties.kty' is '{kind}', which needs a vault of SKU premium; '{vault.name}' is standard.",
                target="properties.kty",
            )
        family = kind.removesuffix("-HSM")
        extra: Body = {}
        if family == "RSA":
            extra["keySize"] = given.get("keySize", _SIZES[0])
            one_of(extra["keySize"], "properties.keySize", tuple(map(str, _SIZES)), machine_learning=False)
        else:
            extra["curveName"] = given.get("curveName", _CURVES[0])
            one_of(extra["curveName"], "properties.curveName", _CURVES, machine_learning=False)
        uri, version = f"{vault.properties['vaultUri']}keys/{call.id.name}", uuid.uuid4().hex
        properties = {
            "keyOps": list(_OPERATIONS[family]),
            **{key: value for key, value in given.items() if key != "release_policy"},
            **extra,
            "kty": kind,
            "attributes": _attributes(call, given, vault, {"exportable": False}),
            "keyUri": uri,
            "keyUriWithVersion": f"{uri}/{version}",
        }
        return _placed(call, self.new(call, None, properties), vault)


class Secret(VaultObject):
    """A secret. A PUT with a value makes a new version."""

    type = SECRET
    contract = SecretBody
    names = _names("a secret")
    patchable = frozenset({"tags", "properties"})

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The secret, without its value."""
        given = call.properties
        value = given.pop("value", None)
        vault = _vault(call)
        if existing is None:
            _require_free(call)
            if value is None:
                raise bad_request("A new secret needs 'properties.value'.", target="properties.value")
        if value is not None and len(value) > _LONGEST_VALUE:
            raise bad_request(
                f"'properties.value' has {len(value)} characters; {_LONGEST_VALUE} are allowed.",
                target="properties.value",
            )
        uri = f"{vault.properties['vaultUri']}secrets/{call.id.name}"
        same = existing if value is None else None
        versioned = same.properties["secretUriWithVersion"] if same else f"{uri}/{uuid.uuid4().hex}"
        properties = {
            **given,
            "attributes": _attributes(call, given, vault, existing=same),
            "secretUri": uri,
            "secretUriWithVersion": versioned,
        }
        secret = _placed(call, self.new(call, existing, properties), vault)
        if value is not None:
            secret.secrets = {VALUE: value}
        return secret

    def check_patch(self, call: Call, resource: Resource) -> None:
        """A value that came with it is kept where no answer shows it."""
        value = resource.properties.pop("value", None)
        if value is not None:
            resource.secrets = {VALUE: value}


def _vault(call: Call) -> Resource:
    vault = call.parent
    assert vault is not None
    return vault


def _attributes(
    call: Call, given: Body, vault: Resource, more: Body | None = None, *, existing: Resource | None = None
) -> Body:
    created = existing.properties["attributes"]["created"] if existing else int(call.now)
    protected = vault.properties.get("enablePurgeProtection")
    level = "Recoverable" if protected else "Recoverable+Purgeable"
    stamps = {"created": created, "updated": int(call.now), **({"recoveryLevel": level} if more is not None else {})}
    return {"enabled": True, **(more or {}), **(given.get("attributes") or {}), **stamps}


def _placed(call: Call, resource: Resource, vault: Resource) -> Resource:
    resource.body["location"] = vault.body["location"]
    resource.body["tags"] = dict(call.body.get("tags") or {})
    return resource


def deleted(store: Store, object_id: str) -> Resource | None:
    """The soft-deleted key or secret of an id."""
    found = store.soft_deleted(object_id)
    return found[0] if found else None


def _require_free(call: Call) -> None:
    if deleted(call.store, call.id.text) is not None:
        what = "Key" if call.id.types[-1].lower() == "keys" else "Secret"
        raise ArmError(
            HTTPStatus.CONFLICT,
            "Conflict",
            f"{what} {call.id.name} is currently in a deleted but recoverable state, and its name cannot be reused; in"
            " this state, the secret can only be recovered or purged.",
            details=[{"code": "ObjectIsDeletedButRecoverable", "message": "Recover it, or purge it."}],
        )


def shown_as(resource: Resource) -> dict[str, Any]:
    """A key or secret as the vault's own host answers it, without a value."""
    properties = resource.properties
    attributes = {"recoveryLevel": "Recoverable+Purgeable", **properties["attributes"]}
    shown: dict[str, Any] = {"attributes": attributes, "tags": resource.body.get("tags") or {}}
    if resource.type == SECRET:
        shown["id"] = properties["secretUriWithVersion"]
        if "contentType" in properties:
            shown["contentType"] = properties["contentType"]
    else:
        shown["key"] = {
            "kid": properties["keyUriWithVersion"],
            "kty": properties["kty"],
            "key_ops": properties["keyOps"],
        }
    return shown
