"""`*.vault.azure.net`: the key vault host, limited to the operations of a deployment and its checks.

Reading, setting, updating, listing, deleting, recovering and purging secrets; reading, listing, deleting, recovering
and purging keys. Cryptography and older versions are not emulated: a list of versions has the current one. Neither is
a vault's network: where a caller calls from is not known.

What ARM's Owner may do, the owner may not do here: with Azure roles it takes one with data actions, such as Key Vault
Secrets Officer, and else an access policy. azure-native deletes keys and secrets here, as whoever runs it.
"""

from __future__ import annotations

import json
import uuid
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from azure_llama_sandbox import hosts
from azure_llama_sandbox.arm import access, settle
from azure_llama_sandbox.arm.key_vault import VAULT
from azure_llama_sandbox.arm.key_vault_objects import SECRET, VALUE, Secret, shown_as
from azure_llama_sandbox.store import Resource
from azure_llama_sandbox.world import TENANT, Principal, World

AUDIENCE = "https://vault.azure.net"
_DAY = 86_400
_CHALLENGE = {
    "WWW-Authenticate": f'Bearer authorization="https://login.microsoftonline.com/{TENANT}", resource="{AUDIENCE}"'
}
_COLLECTIONS = ("secrets", "keys")

# Method, whether of deleted ones, whether of one: the data action by collection, and the permission of a policy.
_RIGHTS: dict[tuple[str, bool, bool], tuple[dict[str, str], str]] = {
    ("GET", False, True): ({"secrets": "getSecret/action", "keys": "read"}, "get"),
    ("GET", False, False): ({"secrets": "readMetadata/action", "keys": "read"}, "list"),
    ("PUT", False, True): ({"secrets": "setSecret/action"}, "set"),
    ("PATCH", False, True): ({"secrets": "update/action"}, "set"),
    ("DELETE", False, True): ({"secrets": "delete", "keys": "delete"}, "delete"),
    ("GET", True, True): ({"secrets": "readMetadata/action", "keys": "read"}, "get"),
    ("GET", True, False): ({"secrets": "readMetadata/action", "keys": "read"}, "list"),
    ("DELETE", True, True): ({"secrets": "purge/action", "keys": "purge/action"}, "purge"),
    ("POST", True, True): ({"secrets": "recover/action", "keys": "recover/action"}, "recover"),
}


class _RefusedError(Exception):
    def __init__(
        self, status: int, code: str, message: str, *, inner: str = "", headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error: dict[str, Any] = {"code": code, "message": message}
        if inner:
            self.error["innererror"] = {"code": inner}
        self.headers = headers or {}


def build(world: World) -> ASGIApp:
    """The application of every vault's host.

    Args:
        world: Required. What the sandbox shares.
    """

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        raw = await request.body()
        try:
            settle(world)
            with world.store.transaction():
                response = _Asked(world, request, raw).answer()
        except _RefusedError as refused:
            response = JSONResponse({"error": refused.error}, refused.status, refused.headers)
        await response(scope, receive, send)

    return app


class _Asked:
    """One request."""

    def __init__(self, world: World, request: Request, raw: bytes) -> None:
        self.world = world
        self.method = request.method
        self.raw = raw
        self.principal = _authenticate(world, request)
        request.scope["azure_llama.principal"] = self.principal.client_id
        self.vault = _vault(world, request)
        parts = [part for part in request.url.path.split("/") if part]
        first = parts[0].lower() if parts else ""
        self.deleted = first.startswith("deleted")
        self.collection = first.removeprefix("deleted")
        self.name = parts[1] if len(parts) > 1 else ""
        self.version = parts[2] if len(parts) > 2 else ""
        rights = _RIGHTS.get((self.method, self.deleted, bool(self.name) and self.version != "versions"))
        if (self.method == "POST") != (self.version == "recover"):
            rights = None
        if self.collection not in _COLLECTIONS or rights is None or self.collection not in rights[0] or len(parts) > 3:
            message = f"The sandbox's vaults do not emulate {self.method} {request.url.path}."
            raise _RefusedError(HTTPStatus.NOT_FOUND, "NotFound", message)
        if "api-version" not in request.query_params:
            raise _RefusedError(HTTPStatus.BAD_REQUEST, "BadParameter", "api-version must be specified")
        self._require(*rights)

    @property
    def id(self) -> str:
        """The ARM id of the requested object."""
        return f"{self.vault.id}/{self.collection}/{self.name}"

    def answer(self) -> Response:
        """The response of the vault."""
        if self.deleted:
            return self._of_deleted()
        if not self.name:
            type_ = f"{VAULT}/{self.collection}"
            return JSONResponse({"value": [self._item(each) for each in self.world.store.below(self.vault.id, type_)]})
        if self.method == "PUT":
            return self._set()
        found = self._must_have(self.world.store.get(self.id))
        if self.version == "versions":
            return JSONResponse({"value": [self._item(found, versioned=True)]})
        if self.method == "PATCH":
            return self._update(found)
        if self.method == "DELETE":
            now = self.world.clock.now()
            self.world.store.soft_delete(found, now)
            self.world.store.delete(found.id)
            found.modified = now
            return JSONResponse(self._deleted_body(found))
        shown = shown_as(found)
        if found.type == SECRET and shown["attributes"].get("enabled") is False:
            raise _RefusedError(
                HTTPStatus.FORBIDDEN,
                "Forbidden",
                "Operation get is not allowed on a disabled secret.",
                inner="SecretDisabled",
            )
        current = str(shown.get("id") or shown["key"]["kid"]).rsplit("/", 1)[-1]
        if self.version not in ("", current):
            raise self._not_found()
        return JSONResponse(shown | ({"value": found.secrets[VALUE]} if found.type == SECRET else {}))

    def _update(self, secret: Resource) -> Response:
        given = self._body()
        now = int(self.world.clock.now())
        secret.properties["attributes"] |= {**(given.get("attributes") or {}), "updated": now}
        secret.properties.update({key: given[key] for key in ("contentType",) if key in given})
        secret.body |= {key: given[key] for key in ("tags",) if given.get(key) is not None}
        self.world.store.put(secret)
        return JSONResponse(shown_as(secret))

    def _body(self) -> dict[str, Any]:
        try:
            given = json.loads(self.raw or b"null")
        except ValueError:
            given = None
        return given if isinstance(given, dict) else {}

    def _of_deleted(self) -> Response:
        kept = [
            each
            for each in self.world.store.soft_deleted()
            if each.type == f"{VAULT}/{self.collection}" and access.covers(self.vault.id, each.id)
        ]
        if not self.name:
            return JSONResponse({"value": [self._deleted_body(each) for each in kept]})
        found = self._must_have(next((each for each in kept if each.name.lower() == self.name.lower()), None))
        if self.method == "GET":
            return JSONResponse(self._deleted_body(found))
        if self.method == "POST":
            self.world.store.purge(found.id)
            self.world.store.put(found)
            return JSONResponse(shown_as(found))
        if self.vault.properties.get("enablePurgeProtection"):
            raise _RefusedError(
                HTTPStatus.FORBIDDEN,
                "Forbidden",
                'Operation "purge" is not allowed on this vault because purge protection is enabled.',
            )
        self.world.store.purge(found.id)
        return Response(status_code=HTTPStatus.NO_CONTENT)

    def _set(self) -> Response:
        if self.world.store.soft_deleted(self.id):
            raise _RefusedError(
                HTTPStatus.CONFLICT,
                "Conflict",
                f"Secret {self.name} is currently in a deleted but recoverable state, and its name cannot be reused; in"
                " this state, the secret can only be recovered or purged.",
                inner="ObjectIsDeletedButRecoverable",
            )
        given = self._body()
        value = given.get("value")
        problem = Secret.names.problem(self.name)
        if not isinstance(value, str) or problem:
            text = problem or "needs a body with a 'value'"
            raise _RefusedError(HTTPStatus.BAD_REQUEST, "BadParameter", f"The secret '{self.name}' {text}.")
        now = self.world.clock.now()
        existing = self.world.store.get(self.id)
        uri = f"{self.vault.properties['vaultUri']}secrets/{self.name}"
        attributes = {"enabled": True, **(given.get("attributes") or {}), "created": int(now), "updated": int(now)}
        properties = {
            **({"contentType": given["contentType"]} if given.get("contentType") else {}),
            "attributes": attributes,
            "secretUri": uri,
            "secretUriWithVersion": f"{uri}/{uuid.uuid4().hex}",
        }
        body = {
            "id": existing.id if existing else self.id,
            "name": self.name,
            "type": SECRET,
            "location": self.vault.body["location"],
            "tags": given.get("tags") or {},
            "properties": properties,
        }
        created = existing.created if existing else now
        secret = Resource(body["id"], SECRET, body, {VALUE: value}, created, now)
        self.world.store.put(secret)
        return JSONResponse(shown_as(secret) | {"value": value})

    def _item(self, resource: Resource, *, versioned: bool = False) -> dict[str, Any]:
        shown = shown_as(resource)
        key = "id" if resource.type == SECRET else "kid"
        version = str(shown.get("id") or shown["key"]["kid"])
        named = version if versioned else version.rsplit("/", 1)[0]
        return {key: named, "attributes": shown["attributes"], "tags": shown["tags"]}

    def _deleted_body(self, resource: Resource) -> dict[str, Any]:
        days = self.vault.properties["softDeleteRetentionInDays"]
        return shown_as(resource) | {
            "recoveryId": f"{self.vault.properties['vaultUri']}deleted{self.collection}/{resource.name}",
            "deletedDate": int(resource.modified),
            "scheduledPurgeDate": int(resource.modified + days * _DAY),
        }

    def _must_have(self, resource: Resource | None) -> Resource:
        if resource is None:
            raise self._not_found()
        return resource

    def _not_found(self) -> _RefusedError:
        what = self.collection.removesuffix("s").capitalize()
        return _RefusedError(
            HTTPStatus.NOT_FOUND,
            f"{what}NotFound",
            f"A {what.lower()} with (name/id) {'/'.join(part for part in (self.name, self.version) if part)} was not"
            " found in this key vault.",
        )

    def _require(self, actions: dict[str, str], permission: str) -> None:
        who = f"appid={self.principal.client_id};oid={self.principal.object_id}"
        if self.vault.properties.get("enableRbacAuthorization"):
            action = f"{VAULT}/{self.collection}/{actions[self.collection]}"
            if not access.allows_data(self.world, self.principal, action, self.id if self.name else self.vault.id):
                raise _RefusedError(
                    HTTPStatus.FORBIDDEN,
                    "Forbidden",
                    "Caller is not authorized to perform action on resource. If role assignments, deny assignments or"
                    f" role definitions were changed recently, please observe propagation time. Caller: {who} Action:"
                    f" '{action}' Resource: '{self.id}' Assignment: (not found) Vault: {self.vault.name}",
                    inner="ForbiddenByRbac",
                )
            return
        for policy in self.vault.properties.get("accessPolicies") or ():
            allowed = {str(each).lower() for each in (policy["permissions"].get(self.collection) or ())}
            if policy["objectId"].lower() == self.principal.object_id.lower() and {permission, "all"} & allowed:
                return
        raise _RefusedError(
            HTTPStatus.FORBIDDEN,
            "Forbidden",
            f"The user, group or application '{who}' does not have {self.collection} {permission} permission on key"
            f" vault '{self.vault.name}'.",
            inner="AccessDenied",
        )


def _authenticate(world: World, request: Request) -> Principal:
    header = request.headers.get("authorization")
    principal = world.tokens.principal(header)
    if principal is None or principal.audience.rstrip("/") != AUDIENCE:
        message = "AKV10000: Request is missing a Bearer or PoP token."
        if principal is not None:
            message = f"AKV10022: Invalid audience. Expected {AUDIENCE}, found: {principal.audience}."
        elif header is not None:
            message = "AKV10001: The token is invalid or has expired."
        raise _RefusedError(HTTPStatus.UNAUTHORIZED, "Unauthorized", message, headers=_CHALLENGE)
    return principal


def _vault(world: World, request: Request) -> Resource:
    name = hosts.bare(request.headers.get("host", "")).partition(".")[0]
    vault = next((each for each in world.store.of_type(VAULT) if each.name.lower() == name), None)
    if vault is None:
        # Azure has no such name in its DNS then: there is nobody to answer.
        raise _RefusedError(HTTPStatus.NOT_FOUND, "VaultNotFound", f"There is no vault named '{name}'.")
    return vault
